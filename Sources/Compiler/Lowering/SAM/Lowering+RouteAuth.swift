// Who may call a route: the event's own Auth, else the API's default.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The authorizer of a route, its scopes, and whether it needs an API key; nil where that cannot be told.
    mutating func auth(
        _ properties: Properties,
        key: RouteKey,
        of draft: inout APIDraft
    ) -> LoweredAuth? {
        var name = defaultAuthorizer(for: key, of: draft)
        var scopes: [String]?
        var isKeyRequired = inheritsKey(key, of: draft)
        if let auth = properties["Auth"], auth.value.content != .null {
            let names = draft.kind == .rest ? PropertyNames.restEventAuth : PropertyNames.httpEventAuth
            guard let settings = auth.properties(names, severity: .error, into: &diagnostics) else { return nil }
            if let authorizer = settings["Authorizer"] {
                guard let text = authorizer.text(into: &diagnostics) else { return nil }
                guard text == APIDraft.noneName || draft.knows(text) else {
                    diagnostics.emit(.authorizerUnknown(text, authorizer, of: draft))
                    return nil
                }
                name = text == APIDraft.noneName ? nil : text
            }
            if let list = settings["AuthorizationScopes"] {
                guard let texts = list.texts(into: &diagnostics) else { return nil }
                scopes = texts
            }
            if let required = settings["ApiKeyRequired"], let truth = required.boolean(into: &diagnostics) {
                isKeyRequired = truth
                if truth { diagnostics.emit(.routesRefused(required, of: "'\(key)'")) }
            }
            if let policy = settings["ResourcePolicy"] {
                lowerResourcePolicy(policy, route: key, into: &draft)
            }
        }
        guard let name else { return LoweredAuth(auth: .none, isKeyRequired: isKeyRequired) }
        let allScopes = scopes ?? draft.authorizerScopes[name] ?? []
        return LoweredAuth(auth: draft.use(name), scopes: allScopes, isKeyRequired: isKeyRequired)
    }
}
