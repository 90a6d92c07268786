// How a condition compares one value of the request with those of the policy.

internal import JSON

/// The operator of a condition with the values of the policy, read once.
struct PolicyComparison: Sendable {
    /// What is compared.
    enum Kind: Sendable {
        case string, numeric, date, boolean, binary, address, arn, null
    }

    /// How numbers and dates are compared.
    private enum Relation: Sendable {
        case equal, less, lessOrEqual, greater, greaterOrEqual

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    private enum Values: Sendable {
        case patterns([PolicyPattern])
        /// The six parts of each ARN, since a wildcard does not reach over a colon.
        case arns([[PolicyPattern]])
        case numbers([Double])
        /// Seconds since 1970.
        case dates([Double])
        case booleans([Bool])
        case ranges([AddressRange])
    }

    let kind: Kind
    /// Whether no value may be equal.
    let isNegated: Bool
    private var ignoresCase = false
    private var relation = Relation.equal
    private let values: Values

    /// It is nil for an operator that there is not.
    ///
    /// - Parameters:
    ///   - name: the operator without quantifier and `IfExists`.
    ///   - values: one value or a list.
    ///   - hasVariables: whether `${…}` stands for values of the request.
    /// - Throws: `PolicyError` for values that the operator cannot compare.
    init?(_ name: String, values: JSONValue, hasVariables: Bool) throws(PolicyError) {
        guard let operation = Self.operators[name] else { return nil }
        kind = operation.kind
        isNegated = operation.isNegated
        relation = operation.relation
        ignoresCase = name.hasSuffix("IgnoreCase")
        let texts = try Self.texts(values, of: name)
        switch operation.kind {
        case .string, .binary:
            let hasWildcards = name.hasSuffix("Like")
            let hasVariables = hasVariables && kind == .string
            self.values = .patterns(
                texts.map { PolicyPattern($0, hasWildcards: hasWildcards, hasVariables: hasVariables) }
            )
        case .arn:
            self.values = .arns(texts.map { Self.arnParts($0).map { PolicyPattern($0, hasVariables: hasVariables) } })
        case .numeric: self.values = .numbers(try Self.read(texts, name, PolicyValue.number))
        case .date: self.values = .dates(try Self.read(texts, name, PolicyValue.date))
        case .boolean, .null: self.values = .booleans(try Self.read(texts, name, PolicyValue.boolean))
        case .address: self.values = .ranges(try Self.read(texts, name) { AddressRange($0) })
        }
        if kind == .null, texts.count != 1 { throw PolicyError("'Null' takes one value") }
    }

    private typealias Operation = (kind: Kind, isNegated: Bool, relation: Relation)

    private static let operators: [String: Operation] = {
        var operators: [String: Operation] = [
            "StringLike": (.string, false, .equal), "StringNotLike": (.string, true, .equal),
            "StringEqualsIgnoreCase": (.string, false, .equal),
            "StringNotEqualsIgnoreCase": (.string, true, .equal),
            "ArnLike": (.arn, false, .equal), "ArnNotLike": (.arn, true, .equal),
            "IpAddress": (.address, false, .equal), "NotIpAddress": (.address, true, .equal),
            "Bool": (.boolean, false, .equal), "BinaryEquals": (.binary, false, .equal),
            "Null": (.null, false, .equal),
        ]
        for (name, kind) in [("String", Kind.string), ("Numeric", .numeric), ("Date", .date), ("Arn", .arn)] {
            operators["\(name)Equals"] = (kind, false, .equal)
            operators["\(name)NotEquals"] = (kind, true, .equal)
            guard kind == .numeric || kind == .date else { continue }
            operators["\(name)LessThan"] = (kind, false, .less)
            operators["\(name)LessThanEquals"] = (kind, false, .lessOrEqual)
            operators["\(name)GreaterThan"] = (kind, false, .greater)
            operators["\(name)GreaterThanEquals"] = (kind, false, .greaterOrEqual)
        }
        return operators
    }()

    /// Texts, of numbers and booleans those that JSON has for them.
    private static func texts(_ value: JSONValue, of name: String) throws(PolicyError) -> [String] {
        let values = (value.array ?? [value]).map { value -> JSONValue in
            switch value {
            case .boolean(let truth): .string(truth ? "true" : "false")
            case .integer(let number): .string(String(number))
            case .real(let number): .string(String(number))
            default: value
            }
        }
        let texts = try PolicyDocument.texts(.array(values), of: name)
        guard !texts.isEmpty else { throw PolicyError("'\(name)' has no value") }
        return texts
    }

    private static func read<Value>(
        _ texts: [String],
        _ name: String,
        _ body: (String) -> Value?
    ) throws(PolicyError) -> [Value] {
        var values: [Value] = []
        for text in texts {
            guard let value = body(text) else { throw PolicyError("'\(name)' cannot compare with '\(text)'") }
            values.append(value)
        }
        return values
    }

    private static func arnParts(_ text: String) -> [String] {
        text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    }

    var valueCount: Int {
        switch values {
        case .patterns(let values): values.count
        case .arns(let values): values.count
        case .numbers(let values), .dates(let values): values.count
        case .booleans(let values): values.count
        case .ranges(let values): values.count
        }
    }

    /// Whether `Null` asks for a key that is not there.
    var wantsAbsence: Bool { if case .booleans(let values) = values { values.first == true } else { false } }

    /// Whether the comparison holds for one value of the request.
    func holds(_ text: String, for request: PolicyRequest) -> Bool { isEqual(text, request) != isNegated }

    private func isEqual(_ text: String, _ request: PolicyRequest) -> Bool {
        switch values {
        case .patterns(let patterns):
            return patterns.contains { $0.matches(text, ignoresCase: ignoresCase, request: request) }
        case .arns(let arns):
            let parts = Self.arnParts(text)
            return arns.contains { patterns in
                patterns.count == parts.count && zip(patterns, parts).allSatisfy { $0.matches($1, request: request) }
            }
        case .numbers(let numbers):
            guard let value = PolicyValue.number(text) else { return false }
            return numbers.contains { relation.holds(value, $0) }
        case .dates(let dates):
            guard let value = PolicyValue.date(text) else { return false }
            return dates.contains { relation.holds(value, $0) }
        case .booleans(let booleans):
            guard let value = PolicyValue.boolean(text) else { return false }
            return booleans.contains(value)
        case .ranges(let ranges):
            guard let address = AddressRange.address(text) else { return false }
            return ranges.contains { $0.contains(address) }
        }
    }
}
