// Routes without an authorizer beside routes that have one.

internal import Diagnostics
internal import Manifest

/// Lists the open routes of APIs that guard others: each may be meant, and each is worth a look.
enum PublicRoutes {
    /// How many are named one by one.
    private static let shown = 5

    /// Reports them once for each API, at the first.
    static func check(
        _ routes: [Lowering.RouteDraft],
        of manifest: Manifest,
        into diagnostics: inout DiagnosticCollector
    ) {
        for (id, routes) in Dictionary(grouping: routes, by: \.api) {
            // A policy says for all routes who may call them, and a connection is guarded where it begins.
            guard let api = manifest.apis[id], api.policy == nil, [.rest, .http].contains(api.kind) else { continue }
            // Preflights are open on purpose.
            let asked = routes.filter { $0.key.method != .options }
            let open = asked.filter { $0.route.auth == .none && !$0.route.isKeyRequired }.sorted { $0.span < $1.span }
            guard let first = open.first, open.count < asked.count else { continue }
            let count = "\(open.count) of the \(asked.count) routes of '\(id)' \(open.count == 1 ? "is" : "are")"
            diagnostics.emit(
                Diagnostic(
                    .routesPublic,
                    "\(count) open to everyone: '\(first.key)'\(open.count == 1 ? "" : " and others")",
                    at: first.span,
                    notes: open.dropFirst().prefix(shown).map { Diagnostic.Note("so is '\($0.key)'", at: $0.span) }
                )
            )
        }
    }
}

extension DiagnosticCode {
    static let routesPublic = DiagnosticCode(
        "routes-public",
        .note,
        """
        The API has an authorizer on some of its routes and none on others, which everyone may call. Where that is not \
        meant, give them one, or set `DefaultAuthorizer`; `OPTIONS` does not count.
        """
    )
}
