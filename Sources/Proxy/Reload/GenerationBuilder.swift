// From a manifest to what serves it.

internal import Manifest
internal import NIOCore
internal import Routing

/// Makes generations: everything that can be prepared before the first request is.
struct GenerationBuilder: Sendable {
    let configuration: ProxyConfiguration
    let plugins: [any Plugin]
    let metrics: MetricsRegistry
    let endpoints: EndpointRegistry

    /// API Gateway's own limits for an integration: 29 s for REST APIs, 30 s for HTTP APIs.
    private static func timeoutLimit(_ kind: GatewayKind) -> Int { kind == .rest ? 29_000 : 30_000 }
    /// Ten hours, as the host has it for a function that is debugged.
    private static let debuggingTimeout = 36_000_000

    /// Makes the generation of a manifest.
    ///
    /// - Parameters:
    ///   - manifest: a manifest whose references have been checked.
    ///   - secrets: the values that are kept beside it.
    /// - Returns: what serves it.
    /// - Throws: `ProxyError` where it asks for what the settings do not provide.
    func build(_ manifest: Manifest, secrets: Secrets = Secrets()) throws(ProxyError) -> Generation {
        let original = manifest
        // Here, so that no plugin has to know of it: what it sees has no authorizers.
        let manifest = configuration.disableAuthorizers ? original.withoutAuthorizers : original
        let directory = ManifestDirectory(
            manifest: manifest,
            secrets: secrets,
            configuration: configuration,
            registry: endpoints
        )
        if let warning = configuration.disabledAuthorizersWarning(original) { directory.warn(warning) }
        let apis = Self.served(manifest)
        let ranks = RouteOrder.ranks(apis.flatMap { $0.value.routes.keys })
        var served: [ServedAPI] = []
        for (id, api) in apis {
            var routes: [ServedRoute] = []
            for (key, route) in api.routes.sorted(by: { $0.key < $1.key }) {
                let scope = PluginScope(apiID: id, api: api, route: (key, route), directory: directory)
                let plugins = try PluginChain(plugins, scope: scope)
                routes.append(
                    ServedRoute(
                        key: key,
                        rank: ranks[key] ?? 0,
                        plugins: plugins,
                        integration: integration(scope, key, route, checks: plugins.checks),
                        metrics: metrics.slot(api: id, route: key.description),
                        operationName: route.operationName
                    )
                )
            }
            let scope = PluginScope(apiID: id, api: api, route: nil, directory: directory)
            served.append(
                ServedAPI(
                    id: id,
                    api: api,
                    settings: configuration.routing,
                    routes: routes,
                    unmatchedPlugins: try PluginChain(plugins, scope: scope),
                    unmatchedMetrics: metrics.slot(api: id, route: ""),
                    gatewayResponses: try GatewayResponses(api, id: id)
                )
            )
        }
        let router = try Router(served, manifest: manifest, configuration: configuration)
        return Generation(
            manifestText: original.text,
            apis: served,
            router: router,
            endpoints: directory.endpoints,
            warnings: directory.warnings
        )
    }

    /// The APIs to serve. All that a WebSocket API does is refuse handshakes, whatever the message would be.
    private static func served(_ manifest: Manifest) -> [(key: String, value: API)] {
        manifest.apis.sortedByCodePoint.map { id, api in
            guard api.kind == .webSocket else { return (id, PreflightRoutes.added(to: api)) }
            var api = api
            api.routes = api.routes.values.first.map { [.fallback: $0] } ?? [:]
            return (id, api)
        }
    }

    private func integration(_ scope: PluginScope, _ key: RouteKey, _ route: Route, checks: GuardedCheck)
        -> any Integration
    {
        guard scope.api.unserved(route).isEmpty else {
            return scope.api.refusalStatus(route) == 500
                ? RefusingIntegration(.badTemplate(GatewayKind(scope.api.kind), detail: "template_not_supported"))
                : RefusingIntegration(reason: "route_setting_not_supported")
        }
        let missing = GuardedCheck(route, of: scope.api).subtracting(checks)
        guard missing.isEmpty else {
            return RefusingIntegration(
                reason: missing.contains(.authorization)
                    ? "authorizer_not_supported" : "route_setting_not_supported"
            )
        }
        let kind = GatewayKind(scope.api.kind)
        let limit = Self.timeoutLimit(kind)
        let milliseconds =
            configuration.waitsForDebuggers ? Self.debuggingTimeout : min(limit, route.timeoutMilliseconds ?? limit)
        let timeout = TimeAmount.milliseconds(Int64(milliseconds))
        do throws(MappingFailure) {
            return try integration(scope, key, route, kind: kind, timeout: timeout)
        } catch { return RefusingIntegration(reason: error.detail) }
    }
}
