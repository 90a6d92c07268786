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
        var saysAuthorizer = false
        var saysKey = false
        if let auth = properties["Auth"], auth.value.content != .null {
            let names = draft.kind == .rest ? PropertyNames.restEventAuth : PropertyNames.httpEventAuth
            guard let settings = auth.properties(names, severity: .error, into: &diagnostics) else { return nil }
            checkLiteral(auth)
            if let authorizer = settings["Authorizer"] {
                guard let text = authorizer.text(into: &diagnostics) else { return nil }
                checkLiteral(authorizer)
                guard text == APIDraft.noneName || draft.knows(text) else {
                    diagnostics.emit(.authorizerUnknown(text, authorizer, of: draft))
                    return nil
                }
                name = text == APIDraft.noneName ? nil : text
                saysAuthorizer = true
            }
            checkOverrides(settings, auth, of: draft)
            if let list = settings["AuthorizationScopes"] {
                guard let texts = list.texts(into: &diagnostics) else { return nil }
                scopes = texts
            }
            if let required = settings["ApiKeyRequired"], let truth = required.boolean(into: &diagnostics) {
                isKeyRequired = truth
                saysKey = true
                if truth, draft.kind != .rest { diagnostics.emit(.routesRefused(required, of: "'\(key)'")) }
            }
            if let policy = settings["ResourcePolicy"] {
                lowerResourcePolicy(policy, route: key, into: &draft)
            }
        }
        return LoweredAuth(
            auth: name.map { draft.use($0) } ?? RouteAuth.none,
            scopes: name.map { scopes ?? draft.authorizerScopes[$0] ?? [] } ?? [],
            isKeyRequired: isKeyRequired,
            saysAuthorizer: saysAuthorizer,
            saysKey: saysKey
        )
    }

    /// Reports what SAM refuses of the `Auth` of an event, because it would have no effect or an unclear one.
    private mutating func checkOverrides(_ settings: Properties, _ auth: Property, of draft: APIDraft) {
        let authorizer = settings["Authorizer"]
        if authorizer?.value.text == APIDraft.noneName, draft.defaultAuthorizer == nil, let authorizer {
            diagnostics.emit(.authWithoutEffect(authorizer, "opens nothing: '\(draft.id)' has no 'DefaultAuthorizer'"))
        }
        if draft.kind == .http {
            guard authorizer == nil, draft.defaultAuthorizer == nil else { return }
            let problem = "needs an 'Authorizer', as '\(draft.id)' has no 'DefaultAuthorizer'"
            diagnostics.emit(.authWithoutEffect(auth, problem))
            return
        }
        if let scopes = settings["AuthorizationScopes"], authorizer == nil, scopes.value.list?.isEmpty == false {
            diagnostics.emit(.authWithoutEffect(scopes, "needs an 'Authorizer' beside it"))
        }
        if let key = settings["ApiKeyRequired"], key.value.text == "false", !draft.isKeyRequired {
            diagnostics.emit(.authWithoutEffect(key, "drops nothing: '\(draft.id)' has no 'ApiKeyRequired'"))
        }
        let others = ["ApiKeyRequired", "Authorizer", "ResourcePolicy"]
        if let override = settings["OverrideApiAuth"], override.value.text == "true",
            !others.contains(where: { settings[$0] != nil })
        {
            diagnostics.emit(
                .authWithoutEffect(override, "needs an 'Authorizer', 'ApiKeyRequired' or 'ResourcePolicy'")
            )
        }
    }
}

extension DiagnosticCode {
    static let authWithoutEffect = DiagnosticCode(
        "auth-without-effect",
        .error,
        """
        SAM refuses settings in the `Auth` of an event that change nothing or mean nothing by themselves: `NONE` where \
        the API has no `DefaultAuthorizer`, scopes without an authorizer, `ApiKeyRequired: false` where no key is \
        needed.
        """
    )
}

extension Diagnostic {
    fileprivate static func authWithoutEffect(_ property: Property, _ problem: String) -> Diagnostic {
        Diagnostic(.authWithoutEffect, "\(property.words) \(problem)", at: property.span)
    }
}
