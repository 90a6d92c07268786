// One request on its way: what is known of it, for plugins and integrations.

internal import Manifest
internal import NIOCore
internal import Routing

/// A request and what has become of it so far. Confined to the event loop of its connection.
final class Exchange {
    /// The generation that the request began with, and keeps.
    let generation: Generation
    let loop: ServerLoop
    /// The request's head: as it was sent, unless parameter mapping has changed it for the integration.
    var head: RequestHead
    /// The API that the request is for.
    let api: ServedAPI
    /// The route that takes it; nil where none does.
    let route: ServedRoute?
    /// The values of the path's parameters, as offsets into the routed path.
    let captures: [Range<Int>]
    /// The decoded path of an HTTP API; nil where the path has nothing to decode.
    var decodedPath: [UInt8]?
    /// Where the path begins that routes match.
    private let routedStart: Int
    /// Where the path begins that events show.
    private let shownStart: Int
    /// Whether the request came to a custom domain, in whose paths no stage stands.
    let isOnDomain: Bool
    /// The key of the API mapping that the request came by; nil where there is none, and for the one of every path.
    let basePath: String?
    /// Why no route was asked.
    let refusal: RoutingRefusal?
    /// What parameter mapping has put in place of the request's own, while an integration writes it.
    var mapped: MappedRequest?
    /// The client's address, without its port.
    let remoteAddress: [UInt8]
    /// The port that the request came in on.
    let localPort: Int
    /// When the head was there: for durations, and for people.
    let start: NIODeadline
    let startTime: WallTime

    var requestID: RequestID
    /// The request's content, where it is collected.
    var content = ByteBuffer()
    /// Whether `content` is all that the client sends.
    var contentIsWhole: Bool
    /// What an authorizer has found out; nil on open routes.
    var authorizer: AuthorizerContext?
    /// Who has signed the request (IAM), or nobody.
    var caller: CallerIdentity?
    /// The API key that the request came with, once it has been recognised.
    var apiKey: UsageKey?
    /// What the resource policy says, for authorizers that decide together with it; nil where there is no policy.
    var resourcePolicyDecision: PolicyDecision?
    /// Whether the canary deployment answers.
    var isCanary = false
    /// The error that the gateway answers with.
    var error: GatewayError?
    /// What became of the call of an authorizer, for the access log.
    var authorizerCall: AuthorizerCall?
    /// The status that the integration has answered with, 0 where it has not.
    var integrationStatus = 0
    /// The head of the endpoint's response.
    var endpointHead: ResponseHead?
    /// The status of the response, 0 where there was none.
    var status = 0
    /// The bytes of the response's content.
    var responseBytes = 0
    /// Why the gateway answered in place of the handler, for log and metrics.
    var detail: StaticString?
    /// When the request was sent to the endpoint, and when its response was there.
    var integrationStart: NIODeadline?
    var integrationEnd: NIODeadline?

    init(
        generation: Generation,
        loop: ServerLoop,
        head: RequestHead,
        selection: RouteSelection,
        remoteAddress: [UInt8],
        localPort: Int
    ) {
        self.generation = generation
        self.loop = loop
        self.head = selection.overridesMethod ? head.overridingMethod() : head
        contentIsWhole = !head.hasContent
        api = selection.api
        route = selection.route
        captures = selection.captures
        decodedPath = selection.decodedPath
        routedStart = selection.routedStart
        shownStart = selection.shownStart
        isOnDomain = selection.isOnDomain
        basePath = selection.basePath
        refusal = selection.refusal
        self.remoteAddress = remoteAddress
        self.localPort = localPort
        start = .now()
        startTime = loop.clock.now()
        requestID = RequestID(using: &loop.random)
        if let canary = api.canary { isCanary = canary.takes(loop.random.next()) }
    }

    /// A variable of the stage; nil where it has none of that name.
    func stageVariable(_ name: String) -> String? {
        isCanary ? api.canaryVariables[name] : api.stageVariables[name]
    }

    /// The status that the integration's answer has become, 0 where it has not answered.
    var answeredStatus: Int { integrationStatus == 0 ? 0 : status }

    /// The first label of a domain; an address has none, and is taken whole.
    static func prefix(ofDomain domain: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let dot = domain.firstIndex(of: UInt8(ascii: "."), from: 0) ?? domain.count
        let isAddress = domain.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        return isAddress ? domain : domain.slice(0, dot)
    }

    /// How content goes to an endpoint that is given it piece by piece: what has been collected has a length.
    var remainingFraming: MessageFraming {
        head.hasContent && contentIsWhole ? .length(content.readableBytes) : head.framing
    }

    /// The plugins that the request meets.
    var plugins: PluginChain { route?.plugins ?? api.unmatchedPlugins }

    /// The path that was matched, without the slashes that do not count.
    @inline(__always)
    func withRoutedPath<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let path = mapped?.routedPath { return path.withUnsafeBytes(body) }
        if let decodedPath {
            return decodedPath.withUnsafeBytes { body(api.matched(RoutePath.from(routedStart, $0))) }
        }
        return head.fields.withBytes { memory in
            let path = RoutePath.from(routedStart, head.path(in: memory))
            guard api.kind == .rest else { return body(api.matched(path)) }
            let range = RoutePath.rest(path)
            return body(path.slice(range.lowerBound, range.upperBound))
        }
    }

    /// Where the path begins that events show: one that is mapped has neither prefix nor stage.
    private var shownOffset: Int { mapped?.path == nil ? shownStart : 0 }

    /// The path that events show, as it was sent: without the prefix of a mount and without the stage; empty where
    /// nothing stands behind them.
    @inline(__always)
    func shownPath(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let path = head.path(in: memory)
        return path.slice(min(shownOffset, path.count), path.count)
    }

    /// The same, decoded where an HTTP API decodes it.
    @inline(__always)
    func withShownPath(in memory: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let decodedPath else {
            body(shownPath(in: memory))
            return
        }
        decodedPath.withUnsafeBytes { body($0.slice(min(shownOffset, $0.count), $0.count)) }
    }

    /// Path and query for a web server: what events show of the path, and the query as it was sent.
    func writeTarget(in memory: UnsafeRawBufferPointer, to writer: ByteWriter) {
        let path = shownPath(in: memory)
        writer.write(path.isEmpty ? RoutePath.from(1, path) : path)
        let target = head.target(in: memory)
        writer.write(target.slice(head.path(in: memory).count, target.count))
    }
}

/// What parameter mapping has put in place of parts of a request.
struct MappedRequest {
    /// The path, percent-encoded; nil where it is the request's own.
    var path: [UInt8]?
    /// The path that was matched, which the parameters stand in; nil where `path` is.
    var routedPath: [UInt8]?
    /// The value of the Host field; nil where it is not changed.
    var host: [UInt8]?
}
