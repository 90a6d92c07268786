// One manifest made ready to serve.

internal import Manifest
internal import NIOCore

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

    init(manifestText: String, apis: [ServedAPI], endpoints: Set<EndpointSlot>) {
        self.manifestText = manifestText
        self.apis = apis
        self.endpoints = endpoints
        routeCount = apis.reduce(0) { $0 + $1.routes.count }
    }

    /// The API and route that take a request.
    ///
    /// All APIs share the port, so the most specific route of them all wins, and of equals the API that is first by id.
    /// A request that no route takes belongs to the first REST API, else to the first HTTP API.
    ///
    /// - Returns: nil for a manifest without APIs.
    func select(_ head: RequestHead) -> RouteSelection? {
        // A preflight asks for another method's route; its own need not exist.
        if let asked = head.preflightMethod, let best = best(for: head, method: asked) {
            return best.api.select(head, method: head.method) ?? RouteSelection(api: best.api)
        }
        if let best = best(for: head, method: head.method) { return best }
        if head.method == .options {
            // The path may have an OPTIONS method that no route spells: the mock of a REST API.
            for method in [RequestMethod.get, .post, .put, .patch, .delete, .head] {
                if let best = best(for: head, method: method) { return RouteSelection(api: best.api) }
            }
        }
        guard let first = apis.first(where: { $0.kind == .rest }) ?? apis.first else { return nil }
        return RouteSelection(api: first)
    }

    /// The most specific route of all APIs that takes the path with a method.
    private func best(for head: RequestHead, method: RequestMethod) -> RouteSelection? {
        var best: RouteSelection?
        for api in apis {
            guard let candidate = api.select(head, method: method), let rank = candidate.route?.rank else { continue }
            if let current = best?.route?.rank, current <= rank { continue }
            best = candidate
        }
        return best
    }
}

/// What is to serve a request.
struct RouteSelection {
    let api: ServedAPI
    var route: ServedRoute?
    var captures: [Range<Int>] = []
    var decodedPath: [UInt8]?

    init(api: ServedAPI) { self.api = api }
}

/// One API made ready to serve.
final class ServedAPI: Sendable {
    let id: String
    /// The id that clients and functions see, in the style of API Gateway.
    let publicID: String
    let kind: GatewayKind
    let stage: String
    let stageVariables: [String: String]
    let routes: [ServedRoute]
    let unmatchedPlugins: PluginChain
    /// What requests that match no route are counted under.
    let unmatchedMetrics: MetricsSlot
    private let table: RouteTable

    init(
        id: String,
        api: API,
        routes: [ServedRoute],
        unmatchedPlugins: PluginChain,
        unmatchedMetrics: MetricsSlot
    ) {
        self.id = id
        publicID = EventTemplate.stableID(id)
        kind = GatewayKind(api.kind)
        stage = api.stage
        stageVariables = api.stageVariables
        self.routes = routes
        self.unmatchedPlugins = unmatchedPlugins
        self.unmatchedMetrics = unmatchedMetrics
        table = RouteTable(routes.map(\.key))
    }

    /// The route of this API that takes a request; nil where none does.
    func select(_ head: RequestHead, method: RequestMethod) -> RouteSelection? {
        head.fields.withBytes { memory in
            let path = head.path(in: memory)
            var selection = RouteSelection(api: self)
            let match: RouteTable.Match?
            switch kind {
            case .rest:
                let range = RoutePath.rest(path)
                match = table.match(path.slice(range.lowerBound, range.upperBound), method: method)
            case .http:
                selection.decodedPath = RoutePath.http(path)
                if let decoded = selection.decodedPath {
                    match = decoded.withUnsafeBytes { table.match($0, method: method) }
                } else {
                    match = table.match(path, method: method)
                }
            }
            guard let match else { return nil }
            selection.route = routes[match.route]
            selection.captures = match.captures
            return selection
        }
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

    init(key: RouteKey, rank: Int, plugins: PluginChain, integration: any Integration, metrics: MetricsSlot) {
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
