// Cross-origin requests, as HTTP APIs treat them.

internal import JSON
internal import Manifest

/// Answers preflights to HTTP APIs and sets the fields of their responses.
///
/// A preflight is answered with 204 before routing and authorization; in every other response to a request with an
/// `Origin` the handler's own fields are replaced (developer guide, "Configuring CORS for an HTTP API"). A REST API has
/// mock OPTIONS methods instead, which are routes like any other (`PreflightRoutes`).
struct CORSPlugin: RequestHeadPlugin, ResponseHeadPlugin {
    static let name = "cors"

    fileprivate var policy: Policy?

    /// An API's settings, made ready.
    fileprivate struct Policy: Sendable {
        let allowsEveryOrigin: Bool
        let origins: [[UInt8]]
        /// What stands before `*` in `https://*`.
        let originPrefixes: [[UInt8]]
        let methods: [UInt8]
        let headers: [UInt8]
        let exposed: [UInt8]
        let maxAge: [UInt8]
        let allowsCredentials: Bool
    }

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard let cors = scope.api.cors, GatewayKind(scope.api.kind) == .http else { return nil }
        var copy = self
        copy.policy = Policy(cors)
        return copy
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard policy != nil, exchange.refusal == nil, exchange.head.preflightMethod != nil else { return .proceed }
        return .respond(LocalResponse(status: 204, detail: "cors_preflight"))
    }

    func responseHeadReady(_ head: inout ResponseHead, _ exchange: Exchange) {
        guard let policy, let field = exchange.head.fields.first(.origin) else { return }
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
    fileprivate init(_ cors: CORS) {
        func joined(_ list: [String]) -> [UInt8] { Array(list.joined(separator: ",").utf8) }
        allowsEveryOrigin = cors.allowOrigins.contains("*")
        let wildcards = cors.allowOrigins.filter { $0.hasSuffix("*") && $0 != "*" }
        originPrefixes = wildcards.map { Array($0.dropLast().utf8) }
        origins = cors.allowOrigins.filter { !$0.hasSuffix("*") }.map { Array($0.utf8) }
        methods = joined(cors.allowMethods)
        headers = joined(cors.allowHeaders)
        exposed = joined(cors.exposeHeaders)
        maxAge = cors.maxAgeSeconds.map { Array(String($0).utf8) } ?? []
        allowsCredentials = cors.allowCredentials
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
