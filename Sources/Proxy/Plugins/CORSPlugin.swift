// Cross-origin requests, as the two kinds of API treat them.

internal import JSON
internal import Manifest

/// Answers preflights and, for HTTP APIs, sets the fields of responses.
///
/// - HTTP API: a preflight is answered with 204 before routing and authorization; in every other response to a request
///   with an `Origin` the handler's own fields are replaced (developer guide, "Configuring CORS for an HTTP API").
/// - REST API: each path without an OPTIONS method of its own has a mock one with fixed fields; other responses are the
///   handler's business (developer guide, "CORS for REST APIs").
struct CORSPlugin: RequestHeadPlugin, ResponseHeadPlugin {
    static let name = "cors"

    private let keys: APIKeyDirectory
    fileprivate var policy: Policy?

    /// An API's settings, made ready.
    fileprivate struct Policy: Sendable {
        let kind: GatewayKind
        let allowsEveryOrigin: Bool
        let origins: [[UInt8]]
        /// What stands before `*` in `https://*`.
        let originPrefixes: [[UInt8]]
        let firstOrigin: [UInt8]
        let methods: [UInt8]
        let headers: [UInt8]
        let exposed: [UInt8]
        let maxAge: [UInt8]
        let allowsCredentials: Bool
        let preflightNeedsAuth: Bool
        /// The API keys of which a preflight has to show one; nil where it has to show none.
        var preflightKeys: APIKeyTable?
        /// The paths of a REST API, each with an OPTIONS method: one of its own or the mock.
        let paths: RouteTable
        /// What the mock of each of them allows; nil for a path with an OPTIONS method of its own.
        let mockMethods: [[UInt8]?]
    }

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
        keys = services.apiKeys
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard let cors = scope.api.cors else { return nil }
        var copy = self
        copy.policy = Policy(cors, api: scope.api)
        if cors.isPreflightKeyRequired, !scope.api.takesKeysFromAuthorizer {
            copy.policy?.preflightKeys = try keys.table(of: scope.apiID, in: scope.directory)
        }
        return copy
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard let policy, exchange.head.method == .options, exchange.refusal == nil else { return .proceed }
        switch policy.kind {
        case .http:
            guard exchange.head.preflightMethod != nil else { return .proceed }
            return .respond(LocalResponse(status: 204, detail: "cors_preflight"))
        case .rest:
            guard let methods = policy.mockMethods(of: exchange) else { return .proceed }
            guard !policy.preflightNeedsAuth else {
                return .refuse(.notImplemented(detail: "authorizer_not_supported"))
            }
            if let keys = policy.preflightKeys, APIKeyPlugin.value(exchange).flatMap({ keys.key($0) }) == nil {
                return .refuse(.forbidden(detail: "preflight_api_key_missing"))
            }
            var response = LocalResponse(status: 200, detail: "cors_preflight")
            response.head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
            policy.appendFixedFields(methods: methods, to: &response.head.fields)
            response.content = Array("{}\n".utf8)
            return .respond(response)
        }
    }

    func responseHeadReady(_ head: inout ResponseHead, _ exchange: Exchange) {
        guard let policy, policy.kind == .http, let field = exchange.head.fields.first(.origin) else { return }
        head.fields.removeAll { $0.name == .accessControl }
        exchange.head.fields.withBytes { memory in
            policy.appendFields(
                origin: field.value(in: memory),
                isPreflight: exchange.head.preflightMethod != nil,
                to: &head.fields
            )
        }
    }
}

extension CORSPlugin.Policy {
    fileprivate init(_ cors: CORS, api: API) {
        func joined(_ list: [String]) -> [UInt8] { Array(list.joined(separator: ",").utf8) }
        kind = GatewayKind(api.kind)
        allowsEveryOrigin = cors.allowOrigins.contains("*")
        let wildcards = cors.allowOrigins.filter { $0.hasSuffix("*") && $0 != "*" }
        originPrefixes = wildcards.map { Array($0.dropLast().utf8) }
        origins = cors.allowOrigins.filter { !$0.hasSuffix("*") }.map { Array($0.utf8) }
        firstOrigin = joined(cors.allowOrigins)
        methods = joined(cors.allowMethods)
        headers = joined(cors.allowHeaders)
        exposed = joined(cors.exposeHeaders)
        maxAge = cors.maxAgeSeconds.map { Array(String($0).utf8) } ?? []
        allowsCredentials = cors.allowCredentials
        preflightNeedsAuth =
            cors.isPreflightKeyRequired && api.takesKeysFromAuthorizer
            || cors.preflightAuth.map { $0 != .none } ?? false
        var patterns: [String: (pattern: PathPattern, methods: Set<RouteMethod>)] = [:]
        for case .path(let method, let pattern) in api.routes.keys where api.kind == .rest {
            patterns[pattern.shape, default: (pattern, [])].methods.insert(method)
        }
        let served = patterns.values.sorted { $0.pattern < $1.pattern }
        paths = RouteTable(served.map { .path(.options, $0.pattern) })
        mockMethods = served.map { _, methods in
            guard !methods.contains(.options) else { return nil }
            guard cors.allowMethods.isEmpty else { return joined(cors.allowMethods) }
            let every: [RouteMethod] = [.delete, .get, .head, .options, .patch, .post, .put]
            return joined(
                every.filter { methods.contains(.any) || methods.contains($0) || $0 == .options }.map(\.rawValue)
            )
        }
    }

    /// What the mock OPTIONS method of a request's path allows; nil where no path, or a method of its own, takes it.
    fileprivate func mockMethods(of exchange: Exchange) -> [UInt8]? {
        exchange.withRoutedPath { path in
            paths.match(path, method: .options).flatMap { mockMethods[$0.route] }
        }
    }

    /// The fields of a REST API's mock OPTIONS method.
    fileprivate func appendFixedFields(methods: [UInt8], to fields: inout FieldSection) {
        if !firstOrigin.isEmpty { fields.append(.accessControl, "Access-Control-Allow-Origin", value: firstOrigin) }
        fields.append(.accessControl, "Access-Control-Allow-Methods", value: methods)
        if !headers.isEmpty { fields.append(.accessControl, "Access-Control-Allow-Headers", value: headers) }
        if !maxAge.isEmpty { fields.append(.accessControl, "Access-Control-Max-Age", value: maxAge) }
        if allowsCredentials {
            fields.append(.accessControl, "Access-Control-Allow-Credentials", value: Array("true".utf8))
        }
    }

    /// The fields of an HTTP API's response; none for an origin that is not allowed.
    fileprivate func appendFields(origin: UnsafeRawBufferPointer, isPreflight: Bool, to fields: inout FieldSection) {
        if allowsEveryOrigin {
            fields.append(.accessControl, "access-control-allow-origin", value: Array("*".utf8))
        } else if allows(origin) {
            fields.append(.accessControl, "access-control-allow-origin", value: origin)
            // The answer is another one for another origin, and a cache on the way has to know.
            fields.append(.other, "vary", value: Array("Origin".utf8))
        } else {
            return
        }
        if allowsCredentials {
            fields.append(.accessControl, "access-control-allow-credentials", value: Array("true".utf8))
        }
        guard isPreflight else {
            if !exposed.isEmpty { fields.append(.accessControl, "access-control-expose-headers", value: exposed) }
            return
        }
        if !methods.isEmpty { fields.append(.accessControl, "access-control-allow-methods", value: methods) }
        if !headers.isEmpty { fields.append(.accessControl, "access-control-allow-headers", value: headers) }
        if !maxAge.isEmpty { fields.append(.accessControl, "access-control-max-age", value: maxAge) }
    }

    private func allows(_ origin: UnsafeRawBufferPointer) -> Bool {
        origins.contains { $0.withUnsafeBytes { $0.equals(origin) } }
            || originPrefixes.contains { prefix in
                origin.count > prefix.count
                    && prefix.withUnsafeBytes { $0.equals(origin.slice(0, prefix.count)) }
            }
    }
}
