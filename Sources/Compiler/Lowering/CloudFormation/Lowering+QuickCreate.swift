// HTTP APIs that are made with one route at once, and what is said of that route afterwards.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The one route that an API with a `Target` has from the beginning (API Gateway developer guide, "Quick create").
    mutating func quickCreate(_ target: Property, _ properties: Properties, of draft: APIDraft) {
        var key = RouteKey.fallback
        if let property = properties["RouteKey"] {
            guard let parsed = routeKey(property, of: draft) else { return }
            key = parsed
        }
        guard let text = target.text(into: &diagnostics) else { return }
        let route: Route
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            var integration = Integration(kind: .httpProxy)
            integration.url = text
            route = Route(target: .integration(integration))
        } else {
            guard let function = function(ofURI: text, target, of: draft) else { return }
            route = Route(function: function, payload: .v2)
        }
        add(route, key, at: target.span, to: draft)
    }

    /// Lowers an `AWS::ApiGatewayV2::ApiGatewayManagedOverrides`: settings of what API Gateway made with the API.
    ///
    /// Without it the route would seem to be open where these settings guard it.
    mutating func lowerOverrides(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let id = properties.required("ApiId", into: &diagnostics)
                .flatMap({ api($0, isVersion2: true, severity: .error) }),
            var draft = apis[id]
        else { return }
        let places = routes.indices.filter { routes[$0].api == id && draft.isQuickCreated }
        if let settings = properties["Route"]?.properties(PropertyNames.overriddenRoute, into: &diagnostics) {
            let auth = plainAuth(of: resource, settings, of: &draft)
            for place in places { (routes[place].route.auth, routes[place].route.scopes) = (auth.auth, auth.scopes) }
        }
        if let settings = properties["Integration"]?.properties(unknown: .settingUnknown, into: &diagnostics) {
            let payload = settings["PayloadFormatVersion"].flatMap { payloadFormat($0, plain: .warning) }
            let timeout = settings["TimeoutInMillis"]?.integer(in: 50...30000, into: &diagnostics)
            for place in places {
                if let timeout { routes[place].route.timeoutMilliseconds = timeout }
                if let payload, case .function(let function, _) = routes[place].route.target {
                    routes[place].route.target = .function(function, payload)
                }
            }
        }
        if let settings = properties["Stage"]?.properties(unknown: .settingUnknown, into: &diagnostics) {
            if let variables = settings["StageVariables"] { draft.api.stageVariables = stageVariables(of: variables) }
            lowerSettings(settings, into: &draft)
        }
        apis[id] = draft
    }
}
