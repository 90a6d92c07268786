// Authorizers that no route has.

internal import Diagnostics
internal import Manifest

/// Finds authorizers that are declared and guard nothing.
enum UnusedAuthorizers {
    /// Reports each at its declaration; `places` are those, by API and name.
    static func check(
        _ manifest: Manifest,
        places: [String: [String: Span]],
        into diagnostics: inout DiagnosticCollector
    ) {
        for (id, places) in places {
            guard let api = manifest.apis[id], !api.routes.isEmpty else { continue }
            var used = Set(api.routes.values.map(\.auth))
            if let preflight = api.cors?.preflightAuth { used.insert(preflight) }
            for (name, place) in places where api.authorizers[name] != nil && !used.contains(.authorizer(name)) {
                diagnostics.emit(
                    Diagnostic(.authorizerUnused, "the authorizer '\(name)' of '\(id)' guards no route", at: place)
                )
            }
        }
    }
}

extension DiagnosticCode {
    static let authorizerUnused = DiagnosticCode(
        "authorizer-unused",
        .warning,
        """
        The API declares an authorizer that none of its routes has: they name another or none, and `DefaultAuthorizer` \
        is not it. Where routes were meant to be guarded they are open. Name it, or remove it.
        """
    )
}
