// The length of what is authorised.

internal import JSON
internal import Manifest

/// Refuses requests of guarded routes whose ARN is too long to be authorised
/// (developer guide, "Amazon API Gateway quotas").
struct MethodARNPlugin: RequestHeadPlugin {
    static let name = "methodARN"

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.api.kind == .rest, let route = scope.route?.route else { return nil }
        return route.auth != .none || scope.api.policy != nil ? self : nil
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        MethodARN.length(exchange) <= MethodARN.lengthLimit ? .proceed : .refuse(.methodARNTooLong)
    }
}
