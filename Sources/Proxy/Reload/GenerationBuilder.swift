// From a manifest to what serves it.

internal import Manifest
internal import NIOCore

/// Makes generations: everything that can be prepared before the first request is.
struct GenerationBuilder: Sendable {
    let configuration: ProxyConfiguration
    let plugins: [any Plugin]
    let metrics: MetricsRegistry
    let endpoints: EndpointRegistry

    /// API Gateway's own limits for an integration: 29 s for REST APIs, 30 s for HTTP APIs.
    private static func timeoutLimit(_ kind: GatewayKind) -> Int { kind == .rest ? 29_000 : 30_000 }

    /// Makes the generation of a manifest.
    ///
    /// - Parameter manifest: a manifest whose references have been checked.
    /// - Returns: what serves it.
    func build(_ manifest: Manifest) -> Generation {
        let apis = Self.served(manifest)
        let ranks = Self.ranks(apis.flatMap { $0.value.routes.keys })
        let served = apis.map { id, api in
            let routes = api.routes.sorted { $0.key < $1.key }.map { key, route in
                let scope = PluginScope(apiID: id, api: api, route: (key, route))
                return ServedRoute(
                    key: key,
                    rank: ranks[key] ?? 0,
                    plugins: PluginChain(plugins, scope: scope),
                    integration: integration(scope, key, route, manifest),
                    metrics: metrics.slot(api: id, route: key.description)
                )
            }
            return ServedAPI(
                id: id,
                kind: GatewayKind(api.kind),
                stage: api.stage,
                routes: routes,
                unmatchedPlugins: PluginChain(plugins, scope: PluginScope(apiID: id, api: api, route: nil)),
                unmatchedMetrics: metrics.slot(api: id, route: "")
            )
        }
        return Generation(manifestText: manifest.text, apis: served)
    }

    /// The APIs to serve. All that a WebSocket API does is refuse handshakes, whatever the message would be.
    private static func served(_ manifest: Manifest) -> [(key: String, value: API)] {
        manifest.mountedAPIs.map { id, api in
            guard api.kind == .webSocket else { return (id, api) }
            var api = api
            api.routes = api.routes.values.first.map { [.fallback: $0] } ?? [:]
            return (id, api)
        }
    }

    /// Every key's place in the order of specificity; the same key in two APIs has the same place.
    private static func ranks(_ keys: [RouteKey]) -> [RouteKey: Int] {
        var ranks: [RouteKey: Int] = [:]
        for (rank, key) in Set(keys).sorted().enumerated() { ranks[key] = rank }
        return ranks
    }

    private func integration(_ scope: PluginScope, _ key: RouteKey, _ route: Route, _ manifest: Manifest)
        -> any Integration
    {
        guard case .function(let id, let payload) = route.target else {
            return RefusingIntegration(reason: "integration_not_supported")
        }
        guard scope.api.unserved(route).isEmpty else {
            return RefusingIntegration(reason: "route_setting_not_supported")
        }
        guard route.auth == .none else { return RefusingIntegration(reason: "authorizer_not_supported") }
        let function = manifest.functions[id]
        let endpoint = configuration.endpoints[id] ?? function?.endpoint ?? configuration.defaultEndpoint
        let kind = GatewayKind(scope.api.kind)
        let limit = Self.timeoutLimit(kind)
        let timeout = TimeAmount.milliseconds(Int64(min(limit, route.timeoutMilliseconds ?? limit)))
        let slot = endpoints.slot(of: endpoint)
        switch endpoint.wire {
        case .lambda:
            let template = EventTemplate(api: scope.api, apiID: scope.apiID, key: key, payload: payload)
            return LambdaIntegration(
                endpoint: slot,
                function: function?.name ?? id,
                template: template,
                timeout: timeout
            )
        case .http: return HTTPIntegration(endpoint: slot, kind: kind, timeout: timeout)
        case .rie: return RefusingIntegration(reason: "endpoint_protocol_not_supported")
        }
    }
}
