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
            let guarded = routes.filter { $0.route.auth != .none }
            for open in routes where open.route.auth == .none && open.key.isLessSpecificThanSome {
                let passed = guarded.filter { isPassed($0.key, by: open.key, taken: taken[$0.key.pathShape] ?? []) }
                if !passed.isEmpty { diagnostics.emit(.fallsThrough(passed, into: open)) }
            }
        }
    }

    /// Whether requests to the path of `guarded`, of methods that no route there takes, reach `open`.
    private static func isPassed(_ guarded: RouteKey, by open: RouteKey, taken: Set<RouteMethod>) -> Bool {
        guard case .path(_, let pattern) = guarded, open.covers(pattern) else { return false }
        // An open OPTIONS beside guarded routes is how preflights are let in on purpose.
        return !open.methods.subtracting(taken).subtracting([.options]).isEmpty
    }
}

extension RouteKey {
    /// `$default`, or a path with a parameter.
    fileprivate var isLessSpecificThanSome: Bool {
        switch self {
        case .fallback: true
        case .message: false
        case .path(_, let pattern): pattern.segments.contains { if case .literal = $0 { false } else { true } }
        }
    }

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

    /// Whether this route, by its path alone, takes every path that `pattern` does.
    fileprivate func covers(_ pattern: PathPattern) -> Bool {
        guard case .path(_, let own) = self else { return true }
        let isGreedy = if case .greedy? = own.segments.last { true } else { false }
        let prefix = isGreedy ? own.segments.dropLast() : own.segments[...]
        let fits = isGreedy ? pattern.segments.count > prefix.count : pattern.segments.count == prefix.count
        guard fits, pattern.shape != own.shape else { return false }
        return zip(prefix, pattern.segments).allSatisfy { ownSegment, segment in
            switch (ownSegment, segment) {
            case (.parameter, .greedy): false
            case (.parameter, _): true
            default: ownSegment == segment
            }
        }
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
