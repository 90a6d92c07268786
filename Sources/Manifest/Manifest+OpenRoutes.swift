// A manifest without its authorizers, as `--disable-authorizer` serves it.

extension Manifest {
    /// The same with every route open to everyone; API keys, validation and resource policies stay.
    package var withoutAuthorizers: Manifest {
        var manifest = self
        for (id, api) in apis {
            var open = api
            if open.cors?.preflightAuth != nil { open.cors?.preflightAuth = RouteAuth.none }
            for (key, route) in api.routes {
                var route = route
                route.auth = .none
                route.scopes = []
                open.routes[key] = route
            }
            manifest.apis[id] = open
        }
        return manifest
    }

    /// How many routes have an authorizer.
    package var guardedRouteCount: Int {
        apis.values.reduce(0) { count, api in count + api.routes.values.count { $0.auth != .none } }
    }
}
