// From what a route ends in to what answers it.

internal import Manifest
internal import NIOCore

extension GenerationBuilder {
    /// What answers a route that nothing keeps from being served.
    ///
    /// - Throws: `MappingFailure` for what this version does not have.
    func integration(
        _ scope: PluginScope,
        _ key: RouteKey,
        _ route: Route,
        kind: GatewayKind,
        timeout: TimeAmount
    ) throws(MappingFailure) -> any Integration {
        switch route.target {
        case .integration(let integration):
            let base = try self.integration(integration, scope, key, timeout: timeout)
            guard kind == .http else { return base }
            return try mapped(
                base,
                integration.parameters,
                integration.responses.mapValues(\.parameters).filter { !$0.value.isEmpty },
                key
            )
        case .function(let id, let payload):
            let template = EventTemplate(
                api: scope.api,
                apiID: scope.apiID,
                key: key,
                payload: payload,
                operation: route.operationName
            )
            let base = function(id, template, scope, kind: kind, timeout: timeout)
            return try mapped(base, route.requestParameters, route.responseParameters, key)
        }
    }

    /// An integration with the parameter mapping of an HTTP API around it, where there is any.
    private func mapped(
        _ base: any Integration,
        _ request: [String: String],
        _ responses: [String: [String: String]],
        _ key: RouteKey
    ) throws(MappingFailure) -> any Integration {
        guard !request.isEmpty || !responses.isEmpty else { return base }
        return try ParameterMappedIntegration(base, request: request, responses: responses, key: key)
    }

    private func function(
        _ id: String,
        _ template: EventTemplate,
        _ scope: PluginScope,
        kind: GatewayKind,
        timeout: TimeAmount
    ) -> any Integration {
        let endpoint = scope.directory.endpoint(ofFunction: id)
        switch endpoint.wire {
        case .http:
            return HTTPIntegration(endpoint: scope.directory.slot(of: endpoint), kind: kind, timeout: timeout)
        case .lambda, .rie:
            guard let function = scope.directory.invoker(ofFunction: id) else {
                return RefusingIntegration(reason: "endpoint_protocol_not_supported")
            }
            return LambdaIntegration(function: function, template: template, timeout: timeout)
        }
    }

    /// What is no function that is given the whole request.
    private func integration(
        _ integration: RouteIntegration,
        _ scope: PluginScope,
        _ key: RouteKey,
        timeout: TimeAmount
    ) throws(MappingFailure) -> any Integration {
        switch (integration.kind, scope.api.kind) {
        case (.mock, .rest): return try MockIntegration(integration, api: scope.api, key: key)
        case (.http, .rest), (.httpProxy, .rest), (.httpProxy, .http):
            return try WebServerIntegration(integration, scope: scope, key: key, timeout: timeout)
        case (.aws, .rest):
            guard let id = integration.function else { throw MappingFailure("integration_not_supported") }
            guard let function = scope.directory.invoker(ofFunction: id) else {
                throw MappingFailure("endpoint_protocol_not_supported")
            }
            return try CustomLambdaIntegration(
                integration,
                function: function,
                api: scope.api,
                key: key,
                timeout: timeout
            )
        default: throw MappingFailure("integration_not_supported")
        }
    }
}
