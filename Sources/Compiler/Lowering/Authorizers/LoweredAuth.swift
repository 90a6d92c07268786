// Who may call a route, as it was lowered.

internal import Manifest

/// The authorizer of a route, and what it asks for.
struct LoweredAuth: Sendable {
    let auth: RouteAuth
    var scopes: [String] = []
    var isKeyRequired = false
}
