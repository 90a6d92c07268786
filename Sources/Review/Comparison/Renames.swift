// Which names of the old manifest are other names in the new one, for things whose content stayed.

internal import Manifest

/// The functions, APIs and authorizers that have another name and the same content.
///
/// What has the same name on both sides is the same thing, whatever its content is. Of the rest, what says the same but
/// for names that are renamed themselves is paired: functions first, then APIs, then the authorizers of each API.
struct Renames: Hashable, Sendable {
    /// New names by old names.
    private(set) var functions: [String: String] = [:]
    /// New names by old names.
    private(set) var apis: [String: String] = [:]
    /// New names by old names, by the new id of their API.
    private(set) var authorizers: [String: [String: String]] = [:]

    /// Finds them in time linear in the size of both.
    init(_ old: Manifest, _ new: Manifest) {
        functions = Self.functions(old, new)
        apis = renamedAPIs(old, new)
        for (id, before) in old.apis where !before.authorizers.isEmpty {
            guard let after = new.apis[api(id)] else { continue }
            let names = renamedAuthorizers(before, after)
            if !names.isEmpty { authorizers[api(id)] = names }
        }
    }

    /// What a function of the old manifest is called in the new one.
    func function(_ name: String) -> String { functions[name] ?? name }

    /// What an API of the old manifest is called in the new one.
    func api(_ id: String) -> String { apis[id] ?? id }

    /// What an API of the new manifest was called in the old one.
    func oldAPI(_ id: String) -> String { apis.first { $0.value == id }?.key ?? id }

    /// What an authorizer of the old manifest is called in the new one.
    ///
    /// - Parameters:
    ///   - name: its old name.
    ///   - api: the new id of its API.
    /// - Returns: its new name, the same where it has no other.
    func authorizer(_ name: String, ofAPI api: String) -> String { authorizers[api]?[name] ?? name }
}

extension Renames {
    private static func functions(_ old: Manifest, _ new: Manifest) -> [String: String] {
        var candidates = RenameCandidates(old.functions.keys, new.functions.keys)
        guard !candidates.isEmpty else { return [:] }
        let (oldUses, newUses) = (uses(of: candidates.old, in: old), uses(of: candidates.new, in: new))
        func used(_ manifest: Manifest, _ uses: [String: Set<FunctionUse>], _ name: String) -> Used<
            Function, FunctionUse
        > {
            Used(content: manifest.functions[name], uses: uses[name] ?? [])
        }
        func usedAnywhere(
            _ manifest: Manifest,
            _ uses: [String: Set<FunctionUse>],
            _ name: String
        ) -> Used<Function, String> {
            Used(content: manifest.functions[name], uses: Set((uses[name] ?? []).map(\.place)))
        }
        candidates.pair({ used(old, oldUses, $0) }, { used(new, newUses, $0) })
        // The API may have another name, too.
        candidates.pair({ usedAnywhere(old, oldUses, $0) }, { usedAnywhere(new, newUses, $0) })
        candidates.pair({ old.functions[$0] }, { new.functions[$0] })
        return candidates.pairs
    }

    /// Where functions are used: what tells two of the same content apart.
    private static func uses(of names: [String], in manifest: Manifest) -> [String: Set<FunctionUse>] {
        let names = Set(names)
        var uses: [String: Set<FunctionUse>] = [:]
        for (id, api) in manifest.apis {
            for (name, authorizer) in api.authorizers {
                guard let function = authorizer.function, names.contains(function) else { continue }
                uses[function, default: []].insert(FunctionUse(api: id, place: name))
            }
            for (key, route) in api.routes {
                guard let function = route.target.function, names.contains(function) else { continue }
                uses[function, default: []].insert(FunctionUse(api: id, place: key.description))
            }
        }
        return uses
    }

    private func renamedAPIs(_ old: Manifest, _ new: Manifest) -> [String: String] {
        var candidates = RenameCandidates(old.apis.keys, new.apis.keys)
        guard !candidates.isEmpty else { return [:] }
        var before: [String: API] = [:]
        for id in candidates.old { before[id] = old.apis[id].map { renamingFunctions(of: $0) } }
        candidates.pair({ before[$0] }, { new.apis[$0] })
        // The authorizers may have other names, too.
        guard !candidates.isEmpty else { return candidates.pairs }
        candidates.pair({ before[$0]?.withNumberedAuthorizers }, { new.apis[$0]?.withNumberedAuthorizers })
        return candidates.pairs
    }

    private func renamedAuthorizers(_ old: API, _ new: API) -> [String: String] {
        var candidates = RenameCandidates(old.authorizers.keys, new.authorizers.keys)
        guard !candidates.isEmpty else { return [:] }
        let (oldUses, newUses) = (old.routesByAuthorizer, new.routesByAuthorizer)
        func before(_ name: String) -> Authorizer? { old.authorizers[name].map { renamingFunction(of: $0) } }
        candidates.pair(
            { Used(content: before($0), uses: oldUses[$0] ?? []) },
            { Used(content: new.authorizers[$0], uses: newUses[$0] ?? []) }
        )
        candidates.pair(before, { new.authorizers[$0] })
        return candidates.pairs
    }

    private func renamingFunctions(of api: API) -> API {
        var api = api
        api.authorizers = api.authorizers.mapValues { renamingFunction(of: $0) }
        guard !functions.isEmpty else { return api }
        for (key, route) in api.routes {
            guard let name = route.target.function, functions[name] != nil else { continue }
            api.routes[key]?.target = renamingFunction(of: route.target)
        }
        return api
    }

    /// The authorizer as the old manifest would have it with the new names of functions.
    func renamingFunction(of authorizer: Authorizer) -> Authorizer {
        var authorizer = authorizer
        authorizer.function = authorizer.function.map { function($0) }
        return authorizer
    }

    /// What answers a route, as the old manifest would have it with the new names of functions.
    func renamingFunction(of target: Route.Target) -> Route.Target {
        switch target {
        case .function(let name, let payload): return .function(function(name), payload)
        case .integration(var integration):
            integration.function = integration.function.map { function($0) }
            return .integration(integration)
        }
    }
}

/// A place that uses a function.
private struct FunctionUse: Hashable {
    let api: String
    let place: String
}

/// What stands under a name, and what uses it.
private struct Used<Content: Hashable, Use: Hashable>: Hashable {
    let content: Content?
    let uses: Set<Use>
}

extension API {
    fileprivate var routesByAuthorizer: [String: Set<RouteKey>] {
        var routes: [String: Set<RouteKey>] = [:]
        for (key, route) in self.routes {
            if case .authorizer(let name) = route.auth { routes[name, default: []].insert(key) }
        }
        return routes
    }

    /// The API with numbers in place of the names of its authorizers, in the order of the first routes that have them.
    fileprivate var withNumberedAuthorizers: API {
        var first: [String: RouteKey] = [:]
        for (name, keys) in routesByAuthorizer { first[name] = keys.min() }
        let names = authorizers.keys.sorted { left, right in
            switch (first[left], first[right]) {
            case (let left?, let right?) where left != right: left < right
            case (_?, nil): true
            case (nil, _?): false
            default: left.precedes(right)
            }
        }
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, "\($0)") })
        func numbered(_ auth: RouteAuth) -> RouteAuth {
            guard case .authorizer(let name) = auth, let number = numbers[name] else { return auth }
            return .authorizer(number)
        }
        var api = self
        api.authorizers = Dictionary(uniqueKeysWithValues: authorizers.map { (numbers[$0] ?? $0, $1) })
        api.routes = routes.mapValues { route in
            var route = route
            route.auth = numbered(route.auth)
            return route
        }
        api.cors?.preflightAuth = cors?.preflightAuth.map(numbered)
        return api
    }
}
