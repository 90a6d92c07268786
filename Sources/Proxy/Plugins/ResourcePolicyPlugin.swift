// The resource policy of a REST API, for all who have not signed their requests.

internal import JSON
internal import Manifest

/// Evaluates the policy of an API (developer guide, "Control access to a REST API with API Gateway resource policies").
///
/// - Without an authorizer the policy has to allow the request.
/// - With a Lambda authorizer or a Cognito one it must not deny it; the authorizer decides the rest with
///   `resourcePolicyDecision`, once it knows who calls.
/// - Signed requests are decided by `IAMPlugin`, since who has signed them is a part of the question.
struct ResourcePolicyPlugin: GuardPlugin {
    static let name = "resourcePolicy"

    private var policy: PolicyDocument?
    private var needsAllow = true

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.route != nil, let policy = scope.resourcePolicy() else { return nil }
        let kind = scope.authorizer?.authorizer.kind
        guard kind != .iam else { return nil }
        var copy = self
        copy.policy = policy
        copy.needsAllow = kind != .lambda && kind != .cognito
        return copy
    }

    var checks: GuardedCheck { .resourcePolicy }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard let policy else { return .proceed }
        let decision = policy.decision(for: PolicyRequest(exchange: exchange))
        exchange.resourcePolicyDecision = decision
        switch decision {
        case .allow: return .proceed
        case .implicitDeny where !needsAllow: return .proceed
        case .implicitDeny: return .refuse(.policyDenied(decision, exchange, detail: "resource_policy_denied"))
        case .explicitDeny:
            return .refuse(.policyDenied(decision, exchange, detail: "resource_policy_denied_explicit"))
        }
    }
}

extension PluginScope {
    /// The resource policy of the API; nil where it has none. Only REST APIs have one: a route of another API with a
    /// policy stays closed, since nobody checks it.
    ///
    /// What is no policy closes the routes of the API: nobody checks it, and the log says why.
    func resourcePolicy() -> PolicyDocument? {
        guard api.kind == .rest, let policy = api.policy else { return nil }
        do throws(PolicyError) { return try PolicyDocument(policy, kind: .resource) } catch {
            directory.warn("the routes of '\(apiID)' answer 501: at /apis/\(apiID)/policy: \(error)")
            return nil
        }
    }
}
