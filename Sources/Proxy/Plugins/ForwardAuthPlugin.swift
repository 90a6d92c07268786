// Services outside of the gateway that decide whether a request may pass.

internal import JSON
internal import Manifest
internal import NIOCore

/// Asks an HTTP service about each request, as Traefik's ForwardAuth and Envoy's `ext_authz` do: 2xx lets it pass, any
/// other answer is the client's.
///
/// It stands beside the authorizers of the manifest, never in their place.
struct ForwardAuthPlugin: RequestHeadPlugin {
    static let name = "forwardAuth"

    /// The largest answer that is passed on, in bytes.
    private static let answerLimit = 1 << 20
    /// Fields that say what a message is, or whom it is for: an answer cannot set them.
    private static let reservedNames = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer",
        "upgrade", "expect", "content-type", "content-encoding",
    ]

    /// Where the service is; nil for none, which is how the plugin is turned off.
    private var endpoint: Endpoint?
    /// The APIs and routes whose requests it is asked about; all where empty.
    private var apis: [String] = []
    private var routes: [String] = []
    private var requestFields = ForwardAuthRequest.Names.all
    private var responseFields = ForwardAuthRequest.Names.some([])
    private var timeoutMilliseconds = 5_000
    private var failsOpen = false
    /// What the requests of a route need.
    private var request: ForwardAuthRequest?
    /// Where the service is; nil for a route that it is not asked about.
    private var slot: EndpointSlot?

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        self = try settings.object { (object) throws(JSONShapeError) in try Self(&object) }
    }

    private init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        if let url = object.optional("url"), url.value != .null {
            let text = try url.string()
            do throws(EndpointError) { endpoint = try Endpoint(wire: .http, url: text) } catch {
                throw url.error(error.description)
            }
        }
        apis = try object.optional("apis")?.strings() ?? []
        routes = try object.optional("routes")?.strings() ?? []
        if let names = object.optional("requestHeaders") { requestFields = try Self.names(names, reserved: []) }
        if let names = object.optional("responseHeaders") {
            responseFields = try Self.names(names, reserved: Self.reservedNames)
            if case .all = responseFields { throw names.error("each field is named here: clients may not send it") }
        }
        if let timeout = object.optional("timeoutMilliseconds") {
            timeoutMilliseconds = try timeout.integer(in: 10...25_000)
        }
        if let failOpen = object.optional("failOpen") { failsOpen = try failOpen.boolean() }
    }

    private static func names(
        _ reader: JSONReader,
        reserved: [String]
    ) throws(JSONShapeError) -> ForwardAuthRequest.Names {
        var names: [[UInt8]] = []
        for element in try reader.elements() {
            let name = try element.string().lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
                throw element.error("'\(name)' is no name of a field")
            }
            guard !reserved.contains(name) else { throw element.error("'\(name)' cannot be set by an answer") }
            if name == "*" { return .all }
            names.append(Array(name.utf8))
        }
        return .some(names)
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard let endpoint else { return nil }
        try check(scope.directory.manifest)
        guard let key = scope.route?.key.description else { return nil }
        let isAsked =
            (apis.isEmpty || apis.contains(scope.apiID)) && (routes.isEmpty || routes.contains(key))
        // A field that only the service may set is not to be forged on the routes that it is not asked about either.
        guard isAsked || !responseFields.isEmpty else { return nil }
        var copy = self
        copy.request = ForwardAuthRequest(
            endpoint: endpoint,
            requestFields: requestFields,
            responseFields: responseFields
        )
        copy.slot = isAsked ? scope.directory.slot(of: endpoint) : nil
        return copy
    }

    /// A name that nothing has would leave open what somebody means to be guarded.
    private func check(_ manifest: Manifest) throws(ProxyError) {
        for id in apis where manifest.apis[id] == nil {
            throw ProxyError("the settings of the plugin 'forwardAuth' name an API '\(id)', which is not there")
        }
        let keys = Set(manifest.apis.values.flatMap { $0.routes.keys.map(\.description) })
        for route in routes where !keys.contains(route) {
            throw ProxyError("the settings of the plugin 'forwardAuth' name a route '\(route)', which is not there")
        }
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard let request else { return .proceed }
        guard let slot else {
            request.strip(&exchange.head)
            return .proceed
        }
        let writer = exchange.loop.scratch
        writer.reset()
        request.write(exchange, to: writer)
        request.strip(&exchange.head)
        let call = UpstreamCall.Request(
            slot: slot,
            bytes: writer.makeBuffer(ByteBufferAllocator()),
            timeout: .milliseconds(Int64(timeoutMilliseconds)),
            limit: Self.answerLimit
        )
        let bound = NIOLoopBound(exchange, eventLoop: exchange.loop.eventLoop)
        let kind = exchange.api.kind
        return .wait(
            UpstreamCall.send(call, on: exchange.loop)
                .map { reply in
                    guard (200..<300).contains(reply.head.status) else {
                        return .respond(ForwardAuthRequest.response(reply))
                    }
                    request.add(reply.head, to: &bound.value.head)
                    return .proceed
                }
                .recover { [failsOpen] _ in
                    failsOpen ? .proceed : .refuse(.authorizerFailure(kind, detail: "forward_auth_unreachable"))
                }
        )
    }
}
