// The columns of lists of routes: written once, each list takes those that it has room for.

internal import Diagnostics
internal import Manifest

/// A column: its name, and what stands in it for a route.
struct RouteColumn: Sendable {
    /// In small letters, as the heading of a file.
    let name: String
    /// Its cell, in which nothing steers a terminal; empty for nothing.
    let cell: @Sendable (RouteRow) -> String

    init(_ name: String, _ value: @escaping @Sendable (RouteRow) -> String) {
        self.name = name
        cell = { value($0).visible }
    }

    static let api = Self("api") { $0.api }
    static let kind = Self("kind") { $0.kind.rawValue }
    static let stage = Self("stage") { $0.stage }
    static let method = Self("method") { $0.key.method.rawValue }
    static let path = Self("path") { $0.key.pathText }
    static let integration = Self("integration") { row in
        if case .integration(let integration) = row.route.target { integration.kind.rawValue } else { "lambda" }
    }
    static let target = Self("target") { $0.route.targetText }
    static let payload = Self("payload") { row in
        if case .function(_, let format) = row.route.target { format.rawValue } else { "" }
    }
    static let auth = Self("auth") { $0.route.auth.text }
    static let scopes = Self("scopes") { $0.route.scopes.joined(separator: " ") }
    static let apiKey = Self("apiKey") { $0.route.isKeyRequired ? "required" : "" }
    static let note = Self("note") { $0.note }

    /// Who may call it, in one cell: the authorizer, `(scope, …)`, `+ API key`.
    static let access = Self("auth") { row in
        let scopes = row.route.scopes.isEmpty ? "" : " (\(row.route.scopes.joined(separator: ", ")))"
        return row.route.auth.text + scopes + (row.route.isKeyRequired ? " + API key" : "")
    }
}
