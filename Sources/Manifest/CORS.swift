// The cross-origin settings of an API as data.

/// The cross-origin settings of an API.
///
/// For an HTTP API the gateway itself answers preflights and adds the fields. For a REST API they are the fixed fields
/// of the mock `OPTIONS` method that each path gets that has none of its own.
package struct CORS: Hashable, Sendable {
    package var allowOrigins: [String] = []
    /// Empty for a REST API means: the methods of the path and OPTIONS.
    package var allowMethods: [String] = []
    package var allowHeaders: [String] = []
    package var exposeHeaders: [String] = []
    package var maxAgeSeconds: Int?
    package var allowCredentials = false
    /// Who may send a preflight to a REST API; nil for an HTTP API, whose preflights are always open.
    package var preflightAuth: RouteAuth?
    /// Whether a preflight to a REST API needs an API key.
    package var isPreflightKeyRequired = false

    package init() {}
}
