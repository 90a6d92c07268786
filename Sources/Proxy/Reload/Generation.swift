// One manifest made ready to serve.

internal import Logging
internal import Manifest
internal import NIOCore
internal import Routing

/// A manifest with its routes frozen into tables, its plugins into chains and its events into prepared bytes.
///
/// It is built and checked whole before any event loop sees it, and never changes. A request keeps the generation that
/// it began with.
final class Generation: Sendable {
    /// The text of the manifest, for the admin port.
    let manifestText: String
    /// The APIs in the order of their ids.
    let apis: [ServedAPI]
    /// How many routes there are in all.
    let routeCount: Int
    /// Where requests go, those of authorizers included.
    let endpoints: Set<EndpointSlot>
    private let router: Router
    /// What whoever runs the proxy has to know of the manifest.
    let warnings: [String]

    init(
        manifestText: String,
        apis: [ServedAPI],
        router: Router,
        endpoints: Set<EndpointSlot>,
        warnings: [String] = []
    ) {
        self.warnings = warnings
        self.manifestText = manifestText
        self.apis = apis
        self.router = router
        self.endpoints = endpoints
        routeCount = apis.reduce(0) { $0 + $1.routes.count }
    }

    func logWarnings(_ logger: Logger) {
        for warning in warnings { logger.warning("\(warning)") }
    }

    /// The API and route that take a request.
    ///
    /// - Returns: nil for a manifest without APIs.
    func select(_ head: RequestHead) -> RouteSelection? { router.select(head) }
}

/// One API made ready to serve.
final class ServedAPI: Sendable {
    let id: String
    /// The id that clients and functions see, in the style of API Gateway.
    let publicID: String
    let kind: GatewayKind
    let stage: String
    let stageVariables: [String: String]
    /// The part of the requests that the canary answers; nil where there is none.
    let canary: Canary?
    /// The variables of the stage for the canary.
    let canaryVariables: [String: String]
    /// What is answered in place of errors; nil where nothing is.
    let gatewayResponses: GatewayResponses?
    let routes: [ServedRoute]
    let unmatchedPlugins: PluginChain
    /// What requests that match no route are counted under.
    let unmatchedMetrics: MetricsSlot
    private let table: RouteTable
    /// The stage's name with a slash before it; empty for `$default`, which stands in no path.
    private let stagePath: [UInt8]
    private let ignoresTrailingSlash: Bool

    init(
        id: String,
        api: API,
        settings: RoutingSettings,
        routes: [ServedRoute],
        unmatchedPlugins: PluginChain,
        unmatchedMetrics: MetricsSlot,
        gatewayResponses: GatewayResponses? = nil
    ) {
        self.gatewayResponses = gatewayResponses
        self.id = id
        publicID = EventTemplate.stableID(id)
        kind = GatewayKind(api.kind)
        stage = api.stage
        stageVariables = api.stageVariables
        canary = api.canary
        canaryVariables = api.canaryVariables
        self.routes = routes
        self.unmatchedPlugins = unmatchedPlugins
        self.unmatchedMetrics = unmatchedMetrics
        table = RouteTable(routes.map(\.key))
        stagePath = api.stage == "$default" ? [] : Array("/\(api.stage)".utf8)
        ignoresTrailingSlash = settings.trailingSlash == .lenient
    }

    /// The route of this API that takes a request; nil where none does.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - method: the method to look for; a preflight's is not its own.
    ///   - start: where the path begins that is matched.
    /// - Returns: the route with what it has found in the path.
    func select(_ request: inout RouteRequest, method: RequestMethod, from start: Int) -> RouteSelection? {
        let selection = RouteSelection(api: self)
        selection.routedStart = start
        selection.shownStart = start
        let match: RouteTable.Match?
        switch kind {
        case .rest:
            let path = RoutePath.from(start, request.path)
            let range = RoutePath.rest(path)
            match = table.match(path.slice(range.lowerBound, range.upperBound), method: method.place)
        case .http:
            selection.decodedPath = request.decodedPath()
            if let decoded = selection.decodedPath {
                match = decoded.withUnsafeBytes {
                    table.match(matched(RoutePath.from(start, $0)), method: method.place)
                }
            } else {
                match = table.match(matched(RoutePath.from(start, request.path)), method: method.place)
            }
        }
        guard let match else { return nil }
        selection.route = routes[match.route]
        selection.captures = match.captures
        return selection
    }

    /// The part of an HTTP API's path that is matched: what does not count for routes does not count for policies.
    func matched(_ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        ignoresTrailingSlash ? path.slice(0, RoutePath.endWithoutSlashes(path)) : path
    }

    /// Whether the stage's name stands in the paths of API Gateway's own host.
    var hasNamedStage: Bool { !stagePath.isEmpty }

    /// Where the path goes on behind the stage's name; nil where it does not begin with it, or the stage has no name.
    func end(ofStageIn path: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard !stagePath.isEmpty else { return nil }
        var start = start
        // `//stage/x` is `/stage/x` (recorded behaviour of REST APIs).
        if kind == .rest { start += RoutePath.rest(path.slice(start, path.count)).lowerBound }
        let end = start + stagePath.count
        guard path.count == end || path.count > end && path[end] == UInt8(ascii: "/") else { return nil }
        return stagePath.withUnsafeBytes { $0.equals(path.slice(start, end)) } ? end : nil
    }
}

/// One route made ready to serve.
final class ServedRoute: Sendable {
    let key: RouteKey
    /// The key as logs and metrics have it.
    let name: String
    /// The place in the order of specificity over all APIs.
    let rank: Int
    let plugins: PluginChain
    let integration: any Integration
    let metrics: MetricsSlot
    /// The name of the operation, of a REST API's route that has one.
    let operationName: String?

    init(
        key: RouteKey,
        rank: Int,
        plugins: PluginChain,
        integration: any Integration,
        metrics: MetricsSlot,
        operationName: String? = nil
    ) {
        self.operationName = operationName
        self.key = key
        name = key.description
        self.rank = rank
        self.plugins = plugins
        self.integration = integration
        self.metrics = metrics
    }
}

extension RequestHead {
    /// The method that a CORS preflight asks for (Fetch standard, section 4.8); nil for every other request.
    var preflightMethod: RequestMethod? {
        guard method == .options, fields.contains(.origin) else { return nil }
        return fields.withValue(of: .accessControlRequestMethod) { $0.map { RequestMethod($0) } }
    }
}
