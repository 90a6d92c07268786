// Routes that take the same requests: twice in one API, or in two APIs.

internal import Diagnostics
internal import Manifest

/// Finds routes of the same method and shape of path.
enum DuplicateRoutes {
    /// The routes without those that stand twice in their API, which are reported; the first of each is kept.
    static func unique(
        _ routes: [Lowering.RouteDraft],
        into diagnostics: inout DiagnosticCollector
    ) -> [Lowering.RouteDraft] {
        var first: [String: Lowering.RouteDraft] = [:]
        return routes.sorted { $0.span < $1.span }.filter { draft in
            if let other = first[draft.identity] {
                diagnostics.emit(.duplicate(draft, of: other))
                return false
            }
            first[draft.identity] = draft
            return true
        }
    }

    /// Reports routes that several APIs have: on one port only one of them can answer.
    static func checkAcrossAPIs(_ routes: [Lowering.RouteDraft], into diagnostics: inout DiagnosticCollector) {
        var first: [String: Lowering.RouteDraft] = [:]
        for draft in routes where draft.sharesPort {
            if let other = first[draft.key.shape], other.api != draft.api {
                diagnostics.emit(.claimedTwice(draft, other))
            } else {
                first[draft.key.shape] = draft
            }
        }
    }
}

extension DiagnosticCode {
    static let routeDuplicate = DiagnosticCode(
        "route-duplicate",
        .error,
        """
        Two events of one API have the same method and path, or paths that differ in the names of parameters only \
        (`/pets/{id}` and `/pets/{name}`). API Gateway refuses such an API. Remove one, or give it another path.
        """
    )
    static let routeClaimedTwice = DiagnosticCode(
        "route-claimed-twice",
        .warning,
        """
        Two APIs of the template have a route for the same requests. Deployed, they have different host names; locally \
        they share one port, where only one can answer. Mount one of them under a prefix or a host of its own.
        """
    )
}

extension Diagnostic {
    fileprivate static func duplicate(
        _ draft: Lowering.RouteDraft,
        of other: Lowering.RouteDraft
    ) -> Diagnostic {
        let ending = draft.key == other.key ? "stands twice" : "takes the same requests as '\(other.key)'"
        return Diagnostic(
            .routeDuplicate,
            "'\(draft.key)' of '\(draft.api)' \(ending)",
            at: draft.span,
            notes: [Note("the first is here", at: other.span)]
        )
    }

    fileprivate static func claimedTwice(
        _ draft: Lowering.RouteDraft,
        _ other: Lowering.RouteDraft
    ) -> Diagnostic {
        Diagnostic(
            .routeClaimedTwice,
            "'\(draft.key)' is a route of '\(draft.api)' and of '\(other.api)', which share one port",
            at: draft.span,
            notes: [Note("the one of '\(other.api)' is here", at: other.span)]
        )
    }
}
