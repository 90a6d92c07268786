// Resources that the compiler does not read: silent where they have nothing to do with routes, else reported.

internal import Diagnostics

extension Lowering {
    /// Says what is not served of the resources that are not read.
    mutating func reportUnread() {
        // An API is said once, not once more for each of its methods.
        let hasAPI = template.others.contains { Self.apiTypes.contains($0.type) }
        for resource in template.others {
            switch resource.type {
            case "AWS::ApiGateway::RestApi": diagnostics.emit(.routesUnread(resource))
            case "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route":
                if !hasAPI { diagnostics.emit(.routesUnread(resource)) }
            case "AWS::ApiGatewayV2::Api":
                // A WebSocket API has no routes of HTTP.
                let protocolType = resource.properties?["ProtocolType"]?.string
                diagnostics.emit(protocolType == "WEBSOCKET" ? .notServed(resource) : .routesUnread(resource))
            case "AWS::Serverless::WebSocketApi", "AWS::Serverless::GraphQLApi", "AWS::Lambda::Function",
                "AWS::Lambda::Url":
                diagnostics.emit(.notServed(resource))
            case "AWS::Serverless::StateMachine": reportStateMachine(resource)
            default: break
            }
        }
    }

    private static let apiTypes = ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"]

    private mutating func reportStateMachine(_ resource: Resource) {
        for event in resource.properties?["Events"]?.mapping ?? [] where event.value["Type"]?.string == "Api" {
            diagnostics.emit(.stateMachineEvent(event, of: resource))
        }
    }
}

extension DiagnosticCode {
    static let routesUnread = DiagnosticCode(
        "routes-unread",
        .error,
        """
        The resource defines routes in a way that is not read yet: as resources of plain CloudFormation \
        (`AWS::ApiGateway::…`, `AWS::ApiGatewayV2::…`) or as an OpenAPI document (`DefinitionBody`, `DefinitionUri`). \
        Its routes would be missing, so nothing is written. Write the routes as `Api` or `HttpApi` events of \
        functions.
        """
    )
    static let notServed = DiagnosticCode(
        "not-served",
        .warning,
        """
        The resource can be called once it is deployed, but not through the routes that are compiled here: a \
        WebSocket or GraphQL API, a function URL, a state machine, or a function of plain CloudFormation.
        """
    )
}

extension Diagnostic {
    fileprivate static func routesUnread(_ resource: Resource) -> Diagnostic {
        Diagnostic(
            .routesUnread,
            "the routes of '\(resource.id)' are not read: the type '\(resource.type)' is not supported yet",
            at: resource.typeSpan
        )
    }

    fileprivate static func notServed(_ resource: Resource) -> Diagnostic {
        Diagnostic(
            .notServed,
            "'\(resource.id)' is not served: the type '\(resource.type)' is not supported yet",
            at: resource.typeSpan
        )
    }

    fileprivate static func stateMachineEvent(_ event: YAMLNode.Entry, of resource: Resource) -> Diagnostic {
        let properties = event.value["Properties"]
        let method = properties?["Method"]?.string?.uppercased() ?? "?"
        let path = properties?["Path"]?.string ?? "?"
        return Diagnostic(
            .notServed,
            "'\(method) \(path)' is not served: the state machine '\(resource.id)' is not supported yet",
            at: event.keySpan
        )
    }
}
