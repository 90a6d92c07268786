// An IAM policy document, read once and then asked for each request.

internal import JSON

/// What is wrong with a policy.
struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A policy document: of a resource, of an identity, or the answer of an authorizer
/// (IAM user guide, "IAM JSON policy elements reference").
///
/// It is read strictly: what is not understood could be what makes an Allow narrower.
struct PolicyDocument: Sendable {
    /// What a policy is attached to.
    enum Kind: Sendable {
        /// An identity: its statements need no principal.
        case identity
        /// A resource: each statement says whom it is about.
        case resource
    }

    /// How much a document may hold, so that what it costs to evaluate stays small.
    enum Limit {
        static let statements = 512
        /// Texts of actions, resources, principals and conditions, in all statements together.
        static let values = 8192
        /// The bytes of one text; the ARN of a method has at most 1600.
        static let textBytes = 2048
        /// The bytes of a resource policy without white space (developer guide, "Amazon API Gateway quotas").
        static let resourcePolicyBytes = 8192
    }

    private let statements: [PolicyStatement]

    /// - Parameters:
    ///   - value: the document.
    ///   - kind: what it is attached to.
    /// - Throws: `PolicyError` for what is no policy, or too large a one.
    init(_ value: JSONValue, kind: Kind = .identity) throws(PolicyError) {
        guard let document = value.object else { throw PolicyError("a policy is an object, not \(value.kind)") }
        if let unknown = document.keys.first(where: { !["Version", "Id", "Statement"].contains($0) }) {
            throw PolicyError("a policy has no element '\(unknown)'")
        }
        let version = document["Version"] ?? .null
        guard version == .null || version == "2012-10-17" || version == "2008-10-17" else {
            throw PolicyError("'Version' is neither '2012-10-17' nor '2008-10-17'")
        }
        guard let statement = document["Statement"] else { throw PolicyError("'Statement' is missing") }
        let values = statement.array ?? [statement]
        guard values.count <= Limit.statements else {
            throw PolicyError("there are more than \(Limit.statements) statements")
        }
        if kind == .resource {
            let bytes = value.compactText.utf8.count
            guard bytes <= Limit.resourcePolicyBytes else {
                throw PolicyError("it has \(bytes) bytes; API Gateway takes \(Limit.resourcePolicyBytes)")
            }
        }
        var statements: [PolicyStatement] = []
        var count = 0
        for (position, value) in values.enumerated() {
            do throws(PolicyError) {
                let statement = try PolicyStatement(value, kind: kind, hasVariables: version == "2012-10-17")
                count += statement.valueCount
                guard count <= Limit.values else { throw PolicyError("there are more than \(Limit.values) values") }
                statements.append(statement)
            } catch { throw PolicyError("statement \(position + 1): \(error)") }
        }
        self.statements = statements
    }

    /// What the document says of a request: a Deny comes before any Allow, and the order of statements does not count
    /// (IAM user guide, "Policy evaluation logic").
    func decision(for request: PolicyRequest) -> PolicyDecision {
        var decision = PolicyDecision.implicitDeny
        for statement in statements where statement.effect == .explicitDeny || decision == .implicitDeny {
            guard statement.matches(request) else { continue }
            if statement.effect == .explicitDeny { return .explicitDeny }
            decision = .allow
        }
        return decision
    }

    /// The texts of an element that is one text or a list of them.
    ///
    /// - Throws: `PolicyError` for anything else, and for texts that are too long.
    static func texts(_ value: JSONValue, of element: String) throws(PolicyError) -> [String] {
        var texts: [String] = []
        for value in value.array ?? [value] {
            guard let text = value.string else { throw PolicyError("'\(element)' holds \(value.kind), not a string") }
            guard text.utf8.count <= Limit.textBytes else {
                throw PolicyError("'\(element)' holds a text of more than \(Limit.textBytes) bytes")
            }
            texts.append(text)
        }
        return texts
    }
}

extension PolicyDecision {
    /// What two documents say together.
    ///
    /// - Parameters:
    ///   - decision: what the policies of the caller, or the authorizer, say.
    ///   - resource: what the resource policy says; nil where there is none, which says nothing.
    ///   - crossesAccounts: whether the caller is of another account than the API.
    /// - Returns: within an account one Allow is enough, across accounts both have to allow; a Deny is always final
    ///   (developer guide, "API Gateway resource policy evaluation outcome tables", tables A and B).
    static func combined(
        _ decision: PolicyDecision,
        resource: PolicyDecision?,
        crossesAccounts: Bool = false
    ) -> PolicyDecision {
        let resource = resource ?? .implicitDeny
        if decision == .explicitDeny || resource == .explicitDeny { return .explicitDeny }
        let allows = [decision, resource].count { $0 == .allow }
        return allows >= (crossesAccounts ? 2 : 1) ? .allow : .implicitDeny
    }
}
