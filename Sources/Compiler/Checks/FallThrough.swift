// Requests that fall past an authorizer into an open, less specific route.

internal import Diagnostics
internal import Manifest

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

/// Open routes with parameters, as a tree of the segments of their paths.
private struct OpenRoutes {
    private final class Node {
        var literals: [String: Node] = [:]
        var parameter: Node?
        /// The routes that end here, and those that go on with a greedy parameter, by place.
        var ends: [Int] = []
        var greedy: [Int] = []
    }

    private let root = Node()
    /// The routes `$default`, which take every path.
    private var fallbacks: [Int] = []

    init(_ routes: [Lowering.RouteDraft]) {
        for (place, draft) in routes.enumerated() where draft.route.auth == .none {
            switch draft.key {
            case .fallback: fallbacks.append(place)
            case .path(_, let pattern): insert(pattern.segments, place)
            case .message: break
            }
        }
    }

    private func insert(_ segments: [PathPattern.Segment], _ place: Int) {
        var node = root
        var hasParameter = false
        for segment in segments {
            switch segment {
            case .literal(let text):
                let next = node.literals[text] ?? Node()
                node.literals[text] = next
                node = next
            case .parameter:
                hasParameter = true
                let next = node.parameter ?? Node()
                node.parameter = next
                node = next
            case .greedy:
                node.greedy.append(place)
                return
            }
        }
        // A path of literals alone takes no other one.
        if hasParameter { node.ends.append(place) }
    }

    /// The routes that take, by their path alone, every path that a pattern does, the pattern's own perhaps among them.
    func places(covering pattern: PathPattern) -> [Int] {
        var places = fallbacks
        collect(pattern.segments[...], below: root, into: &places)
        return places
    }

    private func collect(_ segments: ArraySlice<PathPattern.Segment>, below node: Node, into places: inout [Int]) {
        guard let segment = segments.first else {
            places += node.ends
            return
        }
        places += node.greedy
        switch segment {
        case .literal(let text):
            if let next = node.literals[text] { collect(segments.dropFirst(), below: next, into: &places) }
            if let next = node.parameter { collect(segments.dropFirst(), below: next, into: &places) }
        case .parameter:
            if let next = node.parameter { collect(segments.dropFirst(), below: next, into: &places) }
        case .greedy: break
        }
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
