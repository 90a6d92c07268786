// The names within a manifest: each must be declared, since a route without its authorizer would be open.

internal import JSON

extension Manifest {
    /// Looks up every name that something uses.
    ///
    /// - Throws: `JSONShapeError` with the place of the first that nothing declares.
    func checkReferences() throws(JSONShapeError) {
        for (id, api) in apis.sortedByCodePoint {
            let pointer = "/apis/\(id.pointerName)"
            for (name, authorizer) in api.authorizers.sortedByCodePoint {
                try check(authorizer.function, pointer: "\(pointer)/authorizers/\(name.pointerName)/function")
            }
            if let auth = api.cors?.preflightAuth {
                try api.check(auth, pointer: "\(pointer)/cors/preflightAuth")
            }
            // Only for a fault is it worth while to put the routes in order, and to spell their places.
            if api.routes.values.allSatisfy({ isDeclared($0, in: api) }) { continue }
            let faulty = api.routes.filter { !isDeclared($0.value, in: api) }
            for (key, route) in faulty.sorted(by: { $0.key < $1.key }) {
                let place = "\(pointer)/routes/\(key.description.pointerName)"
                try api.check(route.auth, pointer: "\(place)/auth")
                switch route.target {
                case .function(let function, _): try check(function, pointer: "\(place)/function")
                case .integration(let integration):
                    try check(integration.function, pointer: "\(place)/integration/function")
                }
                for (type, model) in route.validation?.models.sortedByCodePoint ?? [] where api.models[model] == nil {
                    throw JSONShapeError(
                        pointer: "\(place)/validation/models/\(type.pointerName)",
                        message: "no model '\(model)'"
                    )
                }
            }
        }
        for (id, plan) in usagePlans.sortedByCodePoint {
            let pointer = "/usagePlans/\(id.pointerName)"
            for (api, _) in plan.apis.sortedByCodePoint where apis[api] == nil {
                throw JSONShapeError(pointer: "\(pointer)/apis/\(api.pointerName)", message: "no API '\(api)'")
            }
            for (position, key) in plan.keys.enumerated() where apiKeys[key] == nil {
                throw JSONShapeError(pointer: "\(pointer)/keys/\(position)", message: "no API key '\(key)'")
            }
        }
    }

    /// Whether there is everything that a route names.
    private func isDeclared(_ route: Route, in api: API) -> Bool {
        // Only names are looked up, since functions are large.
        if case .authorizer(let name) = route.auth, !api.authorizers.keys.contains(name) { return false }
        if let function = route.target.function, !functions.keys.contains(function) { return false }
        return route.validation?.models.values.allSatisfy { api.models[$0] != nil } ?? true
    }

    private func check(_ function: String?, pointer: String) throws(JSONShapeError) {
        guard let function, functions[function] == nil else { return }
        throw JSONShapeError(pointer: pointer, message: "no function '\(function)'")
    }
}

extension API {
    fileprivate func check(_ auth: RouteAuth, pointer: String) throws(JSONShapeError) {
        guard case .authorizer(let name) = auth, authorizers[name] == nil else { return }
        throw JSONShapeError(pointer: pointer, message: "no authorizer '\(name)'")
    }
}
