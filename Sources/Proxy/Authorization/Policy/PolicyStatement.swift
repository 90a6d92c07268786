// One statement of a policy.

internal import JSON

/// An effect, and what it is on: actions, resources, principals and conditions.
struct PolicyStatement: Sendable {
    /// `allow` or `explicitDeny`.
    let effect: PolicyDecision
    /// How many texts it holds.
    let valueCount: Int
    private let actions: [PolicyPattern]
    private let isNotAction: Bool
    private let resources: [PolicyResource]
    private let isNotResource: Bool
    private let principal: PolicyPrincipalElement?
    private let conditions: [PolicyCondition]

    private static let elements = [
        "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
    ]

    /// - Throws: `PolicyError` for what is no statement.
    init(_ value: JSONValue, kind: PolicyDocument.Kind, hasVariables: Bool) throws(PolicyError) {
        guard let statement = value.object else { throw PolicyError("a statement is an object, not \(value.kind)") }
        if let unknown = statement.keys.first(where: { !Self.elements.contains($0) }) {
            throw PolicyError("a statement has no element '\(unknown)'")
        }
        effect =
            switch statement["Effect"] {
            case "Allow": .allow
            case "Deny": .explicitDeny
            default: throw PolicyError("'Effect' is neither 'Allow' nor 'Deny'")
            }
        let actions = try Self.either("Action", in: statement)
        let resources = try Self.either("Resource", in: statement)
        isNotAction = actions.isNegated
        isNotResource = resources.isNegated
        self.actions = try PolicyDocument.texts(actions.value, of: "Action").map { PolicyPattern($0) }
        self.resources = try PolicyDocument.texts(resources.value, of: "Resource").map {
            PolicyResource($0, hasVariables: hasVariables)
        }
        if Self.element("Principal", in: statement) == nil, Self.element("NotPrincipal", in: statement) == nil {
            guard kind == .identity else { throw PolicyError("'Principal' is missing") }
            principal = nil
        } else {
            let principal = try Self.either("Principal", in: statement)
            self.principal = try PolicyPrincipalElement(principal.value, isNegated: principal.isNegated)
        }
        conditions = try PolicyCondition.conditions(
            Self.element("Condition", in: statement),
            hasVariables: hasVariables
        )
        valueCount = self.actions.count + self.resources.count + conditions.reduce(0) { $0 + $1.valueCount }
    }

    /// An element; one that is `null` is absent, as many programs write what they do not set.
    private static func element(_ name: String, in statement: JSONObject) -> JSONValue? {
        statement[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// `NAME` or `NotNAME`, of which there has to be one.
    private static func either(
        _ name: String,
        in statement: JSONObject
    ) throws(PolicyError) -> (value: JSONValue, isNegated: Bool) {
        switch (element(name, in: statement), element("Not\(name)", in: statement)) {
        case (let value?, nil): return (value, false)
        case (nil, let value?): return (value, true)
        case (nil, nil): throw PolicyError("'\(name)' is missing")
        default: throw PolicyError("there is both '\(name)' and 'Not\(name)'")
        }
    }

    /// Whether the statement is about a request.
    func matches(_ request: PolicyRequest) -> Bool {
        guard
            actions.contains(where: { $0.matches(request.action, ignoresCase: true, request: request) }) != isNotAction,
            resources.contains(where: { $0.matches(request) }) != isNotResource,
            principal?.matches(request.principal) ?? true
        else { return false }
        return conditions.allSatisfy { $0.holds(for: request) }
    }
}

/// A resource as statements name it: the pattern of an ARN, or the short form of API Gateway's own policies.
struct PolicyResource: Sendable {
    private let pattern: PolicyPattern
    /// Whether it is `execute-api:/stage/METHOD/path`, which means the API that the policy is attached to
    /// (developer guide, "API Gateway resource policy examples").
    private let isShort: Bool

    init(_ text: String, hasVariables: Bool) {
        isShort = text.hasPrefix("execute-api:")
        pattern = PolicyPattern(
            isShort ? String(text.dropFirst("execute-api:".count)) : text,
            hasVariables: hasVariables
        )
    }

    /// Whether a request's resource is meant; case counts, and wildcards take slashes and colons too.
    func matches(_ request: PolicyRequest) -> Bool {
        guard isShort else { return pattern.matches(request.resource, request: request) }
        guard let slash = request.resource.firstIndex(of: "/") else { return false }
        return pattern.matches(request.resource[slash...], request: request)
    }
}
