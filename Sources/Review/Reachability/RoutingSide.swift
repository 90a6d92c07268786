// The routes that share an address in one revision, with the table that finds the one that takes a request.

internal import Manifest
internal import Routing

/// A route and where it stands.
struct PlacedRoute: Sendable {
    let api: String
    let kind: APIKind
    let key: RouteKey
}

/// What one revision serves at one address: an API alone, or all that share the proxy's port.
struct RoutingSide: Sendable {
    /// The routes that can be reached.
    let routes: [PlacedRoute]
    let table: RouteTable
    /// Whether its APIs decode paths, and others do not.
    let isMixed: Bool

    /// - Parameters:
    ///   - apis: the APIs by id in their order; of routes that take the same requests the first API's counts.
    ///   - prefixes: where routes are of interest; nil for everywhere.
    init(_ apis: [(key: String, value: API)], below prefixes: LiteralPrefixes? = nil) {
        var routes: [PlacedRoute] = []
        for (id, api) in apis {
            for key in api.routes.keys where prefixes?.meet(key) ?? true {
                routes.append(PlacedRoute(api: id, kind: api.kind, key: key))
            }
        }
        if apis.count > 1 {
            // APIs come in the order of their ids, and among equals that decides.
            let ranks = RouteOrder.ranks(routes.map(\.key))
            var taken: Set<Int> = []
            routes = routes.filter { route in ranks[route.key].map { taken.insert($0).inserted } ?? false }
        }
        self.routes = routes
        table = RouteTable(routes.map(\.key))
        isMixed = Set(apis.map { $0.value.kind == .rest }).count > 1
    }

    /// The place in `routes` of the route that takes a request; nil where none does, or the budget is spent.
    func route(_ path: [UInt8], _ method: RouteMethod, _ budget: inout StepBudget) -> Int? {
        let match = path.withUnsafeBytes { table.match($0, method: method.position, budget: &budget) }
        return budget.isExhausted ? nil : match?.route
    }
}
