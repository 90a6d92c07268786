// Who may call a route, as it was lowered.

internal import Manifest

/// The authorizer of a route, and what it asks for.
struct LoweredAuth: Sendable {
    let auth: RouteAuth
    var scopes: [String] = []
    var isKeyRequired = false
    /// Whether the event or operation names the authorizer, or none, itself; else it is the API's default.
    var saysAuthorizer = false
    /// Whether it says itself if a key is needed; else it is the API's default.
    var saysKey = false

    /// Whether it says anything itself.
    var saysAny: Bool { saysAuthorizer || saysKey }
}

extension Route {
    /// The authorizer and its scopes of a route, together with whether it needs a key.
    mutating func guardBy(_ auth: LoweredAuth) {
        self.auth = auth.auth
        scopes = auth.scopes
        isKeyRequired = auth.isKeyRequired
    }
}
