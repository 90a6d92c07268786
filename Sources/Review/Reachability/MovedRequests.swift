// Requests that another route takes than before, found by sending witnesses through both tables.

internal import Manifest
internal import Routing

/// Requests of one route that now go to another, by an example.
struct MovedRequest: Sendable {
    let from: PlacedRoute
    let to: PlacedRoute
    let method: RouteMethod
    /// The path as routes match it.
    let path: [UInt8]
}

/// Finds the requests that move between two tables.
///
/// A request moves only where a route came or went, since the most specific route that fits takes it, and none of the
/// others has changed. So the paths of those routes are walked through the other table: wherever one meets a route
/// there, a request that both take is resolved in both tables.
struct MovedRequests: Sendable {
    /// The steps that one route may take, and those that all may take together, for each node of the tables, or
    /// each route where those are more.
    private static let (leastSteps, stepsANode) = (1024, 64)
    /// How many moves are followed together, beyond the first of each route.
    private static let moves = 1000

    private let old: RoutingSide
    private let new: RoutingSide
    private let paths: WitnessPaths
    /// The methods of routes `ANY` that are tried: those that a route names, and one for all that none does. Those that
    /// the gateway answers by itself are not looked at.
    private let witnesses: [RouteMethod]

    private struct Pair: Hashable {
        let from: Int
        let to: Int
    }
    private var found: [Pair: (method: RouteMethod, path: [UInt8])] = [:]
    /// The routes whose paths meet too many others, so that not every request was followed.
    private(set) var unfinished: [PlacedRoute] = []
    /// How many steps it took.
    private(set) var steps = 0
    /// How many moves may still be found by the route that is followed.
    private var remaining = 0

    /// - Parameters:
    ///   - old: the routes before, those at least that have to do with routes that came or went.
    ///   - new: the routes after, the same.
    ///   - apis: the APIs of both sides.
    ///   - removed: the routes of `old` that are no more.
    ///   - added: the routes of `new` that have not been there.
    ///   - skipsPreflights: whether OPTIONS does not belong to routes of all methods.
    init(
        _ old: RoutingSide,
        _ new: RoutingSide,
        of apis: [API],
        removed: [PlacedRoute],
        added: [PlacedRoute],
        skipsPreflights: Bool
    ) {
        self.old = old
        self.new = new
        paths = WitnessPaths(apis)
        let skipped: Set<RouteMethod> = skipsPreflights ? [.any, .options] : [.any]
        let named = Set((old.routes + new.routes).lazy.map(\.key.method))
        let others = RouteMethod.allCases.filter { !skipped.contains($0) && !named.contains($0) }
        witnesses = RouteMethod.allCases.filter { !skipped.contains($0) && named.contains($0) || $0 == others.first }
        let routes = apis.reduce(0) { $0 + $1.routes.count }
        let nodes = max(routes, old.table.nodeCount + new.table.nodeCount)
        let changed = max(1, removed.count + added.count)
        let share = max(Self.leastSteps, Self.stepsANode * nodes / changed)
        for (routes, other) in [(removed, new), (added, old)] {
            for route in routes {
                remaining = max(1, Self.moves / changed)
                follow(route, through: other, steps: share)
            }
        }
    }

    /// The requests that moved, one for each pair of routes, in the order of the routes.
    var all: [MovedRequest] {
        found.map { pair, witness in
            MovedRequest(
                from: old.routes[pair.from],
                to: new.routes[pair.to],
                method: witness.method,
                path: witness.path
            )
        }.sorted { left, right in
            if left.to.api != right.to.api { return left.to.api.precedes(right.to.api) }
            if left.to.key != right.to.key { return left.to.key < right.to.key }
            if left.from.api != right.from.api { return left.from.api.precedes(right.from.api) }
            return left.from.key < right.from.key
        }
    }

    private mutating func follow(_ route: PlacedRoute, through other: RoutingSide, steps: Int) {
        let method = route.key.method
        let methods = method == .any ? witnesses : [method]
        guard case .path(_, let pattern) = route.key else { return followFallback(route, methods, steps: steps) }
        let whole = PathOverlap(of: pattern)
        var budget = StepBudget(steps)
        send(whole, methods, &budget)
        other.table.forEachOverlap(with: pattern, taking: .some, budget: &budget) { overlap, places, budget in
            guard overlap != whole else { return }
            let isAsked = places.contains { place in
                let other = other.routes[place].key.method
                return method == .any || other == .any || other == method
            }
            if isAsked { send(overlap, methods, &budget) }
        }
        if budget.isExhausted { unfinished.append(route) }
        self.steps += budget.spent(of: steps)
    }

    /// `$default` takes what no other route does. Where it takes a path, it takes those of the same length, too, whose
    /// segments are no literals, so that one of each length is enough.
    private mutating func followFallback(_ route: PlacedRoute, _ methods: [RouteMethod], steps: Int) {
        guard route.key == .fallback else { return }
        var budget = StepBudget(steps)
        for overlap in [PathOverlap(), .belowRoot] { send(overlap, methods, &budget) }
        if budget.isExhausted { unfinished.append(route) }
        self.steps += budget.spent(of: steps)
    }

    private mutating func send(_ overlap: PathOverlap, _ methods: [RouteMethod], _ budget: inout StepBudget) {
        for path in paths.paths(overlap) {
            for method in methods {
                guard let from = old.route(path, method, &budget), let to = new.route(path, method, &budget) else {
                    continue
                }
                let (before, after) = (old.routes[from], new.routes[to])
                if before.api == after.api, before.key.nameless == after.key.nameless { continue }
                if before.api != after.api, old.isMixed || new.isMixed, !ExampleRequest.isPlain(path) { continue }
                let pair = Pair(from: from, to: to)
                if let known = found[pair] {
                    if !Self.isSimpler((method, path), known) { continue }
                } else if remaining == 0 {
                    budget.spend()
                    return
                } else {
                    remaining -= 1
                }
                found[pair] = (method, path)
            }
        }
    }

    private static func isSimpler(
        _ left: (method: RouteMethod, path: [UInt8]),
        _ right: (method: RouteMethod, path: [UInt8])
    ) -> Bool {
        if left.path.count != right.path.count { return left.path.count < right.path.count }
        if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
        return left.method < right.method
    }
}
