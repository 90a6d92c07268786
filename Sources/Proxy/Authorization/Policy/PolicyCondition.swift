// One condition of a statement: an operator, a key and the values that it is compared with.

internal import JSON

/// A condition (IAM user guide, "IAM JSON policy elements: Condition operators").
///
/// Of several values one is enough, and for a negated operator none may be equal. Where the request lacks the key, a
/// condition fails, a negated one holds, and so does one whose operator ends in `IfExists`.
struct PolicyCondition: Sendable {
    /// How the values of a key with many of them are quantified.
    private enum Quantifier: Sendable {
        case single, forAll, forAny
    }

    private let key: String
    private let quantifier: Quantifier
    private let toleratesAbsence: Bool
    private let comparison: PolicyComparison

    var valueCount: Int { comparison.valueCount }

    /// The conditions of the element `Condition`; no element is none.
    ///
    /// - Throws: `PolicyError` for operators that there are not, and values that they cannot compare.
    static func conditions(_ value: JSONValue?, hasVariables: Bool) throws(PolicyError) -> [PolicyCondition] {
        guard let value else { return [] }
        guard let operators = value.object?.members else { throw PolicyError("'Condition' is no object") }
        var conditions: [PolicyCondition] = []
        for (name, keys) in operators {
            guard let keys = keys.object?.members else { throw PolicyError("'\(name)' holds no object of keys") }
            for (key, values) in keys {
                conditions.append(
                    try PolicyCondition(operator: name, key: key, values: values, hasVariables: hasVariables)
                )
            }
        }
        return conditions
    }

    private init(
        operator text: String,
        key: String,
        values: JSONValue,
        hasVariables: Bool
    ) throws(PolicyError) {
        var name = Substring(text)
        switch name {
        case _ where name.hasPrefix("ForAllValues:"): quantifier = .forAll
        case _ where name.hasPrefix("ForAnyValue:"): quantifier = .forAny
        default: quantifier = .single
        }
        if quantifier != .single { name = name[name.index(after: name.firstIndex(of: ":") ?? name.startIndex)...] }
        toleratesAbsence = name.hasSuffix("IfExists")
        if toleratesAbsence { name = name.dropLast("IfExists".count) }
        guard let comparison = try PolicyComparison(String(name), values: values, hasVariables: hasVariables),
            comparison.kind != .null || (quantifier == .single && !toleratesAbsence)
        else { throw PolicyError("there is no condition operator '\(text)'") }
        self.comparison = comparison
        self.key = key.lowercased()
    }

    /// Whether the condition holds for a request.
    func holds(for request: PolicyRequest) -> Bool {
        let values = request.values(ofKey: key)
        if comparison.kind == .null { return comparison.wantsAbsence == (values ?? []).isEmpty }
        guard let values, !values.isEmpty else {
            return switch quantifier {
            case .single: toleratesAbsence || comparison.isNegated
            case .forAll: true
            case .forAny: toleratesAbsence
            }
        }
        return switch quantifier {
        // An operator without a quantifier is for keys of one value; of many, one is enough, or none may be equal.
        case .single where comparison.isNegated: values.allSatisfy { comparison.holds($0, for: request) }
        case .single, .forAny: values.contains { comparison.holds($0, for: request) }
        case .forAll: values.allSatisfy { comparison.holds($0, for: request) }
        }
    }
}
