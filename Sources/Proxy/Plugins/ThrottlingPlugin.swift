// Limits: of usage plans, of stages and routes, and of the account.

internal import JSON
internal import Manifest

/// Refuses what is too much (developer guide, "Throttle requests to your REST APIs for better throughput"), and looks at
/// API keys that an authorizer has named, since it stands behind the authorizers.
struct ThrottlingPlugin: GuardPlugin {
    static let name = "throttling"

    private let isEnforced: Bool
    private let account: Throttle?
    private let keys: APIKeyDirectory
    private let state: UsageState
    private var limits = Limits()

    /// What limits the requests of a route.
    private struct Limits: Sendable {
        /// The keys of the API, where the authorizer names them.
        var table: APIKeyTable?
        var clients: [String: ClientLimits] = [:]
        /// The route, as usage plans spell it; nil for one of every method, which the request's own completes.
        var route: String?
        var path = ""
        /// In their order: the route's, then the account's.
        var stage: [LimitedBucket] = []
    }

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        (isEnforced, account) = try settings.object { (object) throws(JSONShapeError) in
            let enforce = try object.optional("enforce")?.boolean() ?? true
            var throttle = Throttle()
            if let rate = object.optional("accountRequestsPerSecond"), rate.value != .null {
                throttle.requestsPerSecond = try rate.number(in: 0...1_000_000_000)
            }
            if let burst = object.optional("accountBurst"), burst.value != .null {
                throttle.burst = try burst.integer(in: 0...1_000_000_000)
            }
            return (enforce, throttle == Throttle() ? nil : throttle)
        }
        keys = services.apiKeys
        state = UsageState()
    }

    var checks: GuardedCheck { limits.table == nil ? [] : .apiKey }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard let (key, route) = scope.route else { return nil }
        var limits = Limits()
        if scope.api.kind == .rest, route.isKeyRequired {
            let table = try keys.table(of: scope.apiID, in: scope.directory)
            if scope.api.takesKeysFromAuthorizer { limits.table = table }
            if isEnforced { limits.clients = state.clients(table, of: scope.apiID, in: scope.directory) }
            limits.route = key.method == .any ? nil : key.description
            limits.path = key.pathText
        }
        if isEnforced {
            // Each route has a bucket of its own, also where the limit is the stage's: limits of a stage are applied at
            // the level of methods.
            if let throttle = Self.throttle(of: route, in: scope.api) {
                let bucket = UsageState.Bucket.route(
                    api: scope.apiID,
                    stage: scope.api.stage,
                    route: key.description
                )
                limits.stage.append(LimitedBucket(throttle, state.bucket(bucket)))
            }
            if let account { limits.stage.append(LimitedBucket(account, state.bucket(.account))) }
        }
        guard limits.table != nil || !limits.clients.isEmpty || !limits.stage.isEmpty else { return nil }
        var copy = self
        copy.limits = limits
        return copy
    }

    /// The limit of a route, what it does not say by that of the stage.
    private static func throttle(of route: Route, in api: API) -> Throttle? {
        guard let own = route.throttle else { return api.throttle }
        return Throttle(
            requestsPerSecond: own.requestsPerSecond ?? api.throttle?.requestsPerSecond,
            burst: own.burst ?? api.throttle?.burst
        )
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        if let table = limits.table {
            guard let value = exchange.authorizer?.usageKey else {
                return .refuse(.forbidden(detail: "api_key_missing"))
            }
            guard let key = table.key(Array(value.utf8)) else { return .refuse(.forbidden(detail: "api_key_unknown")) }
            exchange.apiKey = key
        }
        let client = exchange.apiKey.flatMap { limits.clients[$0.id] }
        if let client, let refusal = refusal(client, exchange) { return .refuse(refusal) }
        for bucket in limits.stage where !bucket.take() {
            return .refuse(.throttled(detail: "throttled"))
        }
        // Last, so that a request that goes no further is not counted.
        if let (quota, counter) = client?.quota, !counter.take(quota, now: exchange.startTime) {
            return .refuse(.quotaExceeded(detail: "quota_exceeded"))
        }
        return .proceed
    }

    private func refusal(_ client: ClientLimits, _ exchange: Exchange) -> GatewayError? {
        if !client.methods.isEmpty {
            let route = limits.route ?? "\(exchange.methodName) \(limits.path)"
            if let bucket = client.methods[route], !bucket.take() {
                return .throttled(detail: "usage_plan_method_throttled")
            }
        }
        if let bucket = client.client, !bucket.take() { return .throttled(detail: "usage_plan_throttled") }
        return nil
    }
}

extension Exchange {
    fileprivate var methodName: String {
        head.fields.withBytes { String(decoding: head.method(in: $0), as: UTF8.self) }
    }
}
