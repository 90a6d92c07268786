// What was lowered of one stack, named as the whole manifest names it.

internal import Diagnostics
internal import Manifest

/// A stack's part of the manifest: identities with the path of the stack, paths from the folder of the root's template.
struct LoweredStack {
    private(set) var manifest = Manifest()
    private(set) var secrets = Secrets()
    private(set) var routes: [Lowering.RouteDraft] = []
    /// Where its parts stand.
    private(set) var sourceMap = SourceMap()
    private(set) var openVariables: [Lowering.OpenVariable] = []
    /// Where authorizers are declared, by API and name.
    private(set) var authorizers: [String: [String: Span]] = [:]
    private let stack: StackInput
    /// The functions that the stack itself declares.
    private let functions: Set<String>

    /// Takes what `lowering` made; routes that stand twice are reported.
    init(_ lowering: Lowering, mapsSources: Bool, into diagnostics: inout DiagnosticCollector) {
        stack = lowering.template.stack
        functions = Set(lowering.template.served.map(\.id))
        let unique = DuplicateRoutes.unique(lowering.routes, into: &diagnostics)
        manifest = named(lowering.manifest(unique))
        secrets = named(lowering.secrets)
        routes = unique.map { draft in
            Lowering.RouteDraft(
                api: identity(draft.api),
                key: draft.key,
                route: route(draft.route),
                span: draft.span,
                sharesPort: draft.sharesPort
            )
        }
        if mapsSources {
            sourceMap = lowering.sourceMap(unique, identity: { identity($0) }, function: { function($0) })
        }
        for (id, draft) in lowering.apis { authorizers[identity(id)] = draft.authorizerSpans }
        openVariables = lowering.openVariables.map { variable in
            Lowering.OpenVariable(
                function: function(variable.function),
                name: variable.name,
                diagnostic: variable.diagnostic
            )
        }
    }

    /// The identity of what only the stack can declare.
    private func identity(_ id: String) -> String { stack.path.identity(id) }

    /// The identity of a function; one of another stack begins with a slash, one that runs elsewhere has only its name.
    private func function(_ id: String) -> String {
        if id.hasPrefix("/") { return String(id.dropFirst()) }
        return functions.contains(id) ? identity(id) : id
    }

    private func route(_ route: Route) -> Route {
        var route = route
        switch route.target {
        case .function(let id, let payload): route.target = .function(function(id), payload)
        case .integration(var integration):
            integration.function = integration.function.map { function($0) }
            route.target = .integration(integration)
        }
        return route
    }

    private func named(_ manifest: Manifest) -> Manifest {
        var named = Manifest()
        for (id, api) in manifest.apis { named.apis[identity(id)] = self.api(api) }
        for (id, function) in manifest.functions {
            named.functions[self.function(id)] = self.function(function, id: id)
        }
        for (id, key) in manifest.apiKeys { named.apiKeys[identity(id)] = key }
        for (id, plan) in manifest.usagePlans {
            var plan = plan
            plan.apis = Dictionary(uniqueKeysWithValues: plan.apis.map { (identity($0.key), $0.value) })
            plan.keys = plan.keys.map { identity($0) }
            named.usagePlans[identity(id)] = plan
        }
        return named
    }

    private func named(_ secrets: Secrets) -> Secrets {
        var named = Secrets()
        for (id, values) in secrets.functions { named.functions[function(id)] = values }
        for (id, value) in secrets.apiKeys { named.apiKeys[identity(id)] = value }
        return named
    }

    private func api(_ api: API) -> API {
        var api = api
        api.routes = api.routes.mapValues { route($0) }
        api.authorizers = api.authorizers.mapValues { authorizer in
            var authorizer = authorizer
            authorizer.function = authorizer.function.map { function($0) }
            return authorizer
        }
        return api
    }

    private func function(_ function: Function, id: String) -> Function {
        var function = function
        guard functions.contains(id), stack.path != .root else { return function }
        function.name = function.name ?? stack.path.functionName(id)
        function.code = function.code.map { LocalPath.joined(stack.folder, $0) }
        function.layers = function.layers.map { $0.hasPrefix("arn:") ? $0 : LocalPath.joined(stack.folder, $0) }
        return function
    }
}

extension Manifest {
    /// Adds what another stack declares; what runs elsewhere may be declared by both.
    mutating func add(_ other: Manifest) {
        apis.merge(other.apis) { first, _ in first }
        functions.merge(other.functions) { first, _ in first }
        apiKeys.merge(other.apiKeys) { first, _ in first }
        usagePlans.merge(other.usagePlans) { first, _ in first }
    }
}

extension Secrets {
    /// Adds those of another stack.
    mutating func add(_ other: Secrets) {
        functions.merge(other.functions) { first, _ in first }
        apiKeys.merge(other.apiKeys) { first, _ in first }
    }
}
