// Requests that fall past an authorizer into an open, less specific route.

internal import Diagnostics
internal import Manifest
internal import Routing

/// Finds guarded routes of some methods whose path an open, less specific route serves for the other methods.
///
/// Routes are matched by method and path together, before anyone is authorized: with a guarded `POST /admin` and an
/// open `ANY /{proxy+}` a `GET /admin` is served to everyone (API Gateway developer guide, "Routing API requests").
enum FallThrough {
    static func check(_ routes: [Lowering.RouteDraft], into diagnostics: inout DiagnosticCollector) {
        let byAPI = Dictionary(grouping: routes, by: \.api)
        for (_, routes) in byAPI.sorted(by: { $0.key < $1.key }) {
            var taken: [String: Set<RouteMethod>] = [:]
            for draft in routes { taken[draft.key.pathShape, default: []].formUnion(draft.key.methods) }
            let open = OpenRoutes(routes)
            var passed: [Int: [Lowering.RouteDraft]] = [:]
            for guarded in routes where guarded.route.auth != .none {
                guard case .path(_, let pattern) = guarded.key else { continue }
                for place in open.places(covering: pattern)
                where isPassed(guarded.key, by: routes[place].key, taken: taken[guarded.key.pathShape] ?? []) {
                    passed[place, default: []].append(guarded)
                }
            }
            for (place, guarded) in passed { diagnostics.emit(.fallsThrough(guarded, into: routes[place])) }
        }
    }

    /// Whether requests to the path of `guarded`, of methods that no route there takes, reach `open`, which covers it.
    private static func isPassed(_ guarded: RouteKey, by open: RouteKey, taken: Set<RouteMethod>) -> Bool {
        guard guarded.pathShape != open.pathShape else { return false }
        // An open OPTIONS beside guarded routes is how preflights are let in on purpose.
        return !open.methods.subtracting(taken).subtracting([.options]).isEmpty
    }
}

/// The open routes of an API, to be found by the paths that they take.
private struct OpenRoutes {
    /// The places of the routes that the table was built from.
    private let places: [Int]
    private let table: RouteTable
    /// The routes `$default`, which take every path.
    private let fallbacks: [Int]

    init(_ routes: [Lowering.RouteDraft]) {
        let open = routes.indices.filter { routes[$0].route.auth == .none }
        places = open
        table = RouteTable(open.map { routes[$0].key })
        fallbacks = open.filter { routes[$0].key == .fallback }
    }

    /// The routes that take, by their path alone, every path that a pattern does, the pattern's own perhaps among them.
    func places(covering pattern: PathPattern) -> [Int] {
        var covering = fallbacks
        // Such a walk comes by no node twice.
        var budget = StepBudget(table.nodeCount)
        table.forEachOverlap(with: pattern, taking: .every, budget: &budget) { _, routes, _ in
            covering += routes.map { places[$0] }
        }
        return covering
    }
}

extension RouteKey {
    /// The shape of the path, whatever the method.
    fileprivate var pathShape: String {
        switch self {
        case .path(_, let pattern): pattern.shape
        case .fallback, .message: description
        }
    }

    /// The methods that the route takes, `ANY` written out.
    fileprivate var methods: Set<RouteMethod> {
        method == .any ? Set(RouteMethod.allCases.filter { $0 != .any }) : [method]
    }
}

extension DiagnosticCode {
    static let authorizerBypassed = DiagnosticCode(
        "authorizer-bypassed",
        .warning,
        """
        A route with an authorizer takes some methods of its path only, and the other methods reach an open route \
        that is less specific. API Gateway finds the route before it authorizes anyone, so those requests are served \
        to everyone. Guard the open route, or let the guarded route take `ANY`.
        """
    )
}

extension Diagnostic {
    fileprivate static func fallsThrough(
        _ passed: [Lowering.RouteDraft],
        into open: Lowering.RouteDraft
    ) -> Diagnostic {
        let first = passed.first.map { "'\($0.key)'" } ?? ""
        let others = passed.count > 1 ? " and \(passed.count - 1) more" : ""
        return Diagnostic(
            .authorizerBypassed,
            "'\(open.key)' is open and serves other methods of the guarded \(first)\(others) to everyone",
            at: open.span,
            notes: passed.prefix(3).map { Note("'\($0.key)' is guarded by '\($0.route.auth.text)'", at: $0.span) }
        )
    }
}
