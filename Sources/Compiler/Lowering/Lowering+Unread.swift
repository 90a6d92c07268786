// Resources that the compiler does not read: silent where they have nothing to do with routes, else reported.

internal import Diagnostics

extension Lowering {
    /// Says what is not served of the resources that are not read.
    mutating func reportUnread() {
        for resource in template.others {
            switch resource.type {
            case "AWS::Serverless::GraphQLApi": diagnostics.emit(.notServed(resource))
            default: break
            }
        }
        for resource in template.served where [.plainRestAPI, .plainAPI].contains(resource.kind) {
            diagnostics.emit(.routesUnread(resource))
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
        GraphQL API.
        """
    )
}

extension Diagnostic {
    fileprivate static func routesUnread(_ resource: ResolvedTemplate.Served) -> Diagnostic {
        Diagnostic(
            .routesUnread,
            "the routes of '\(resource.id)' are not read: the type '\(resource.kind.rawValue)' is not supported yet",
            at: resource.idSpan
        )
    }

    fileprivate static func notServed(_ resource: Resource) -> Diagnostic {
        Diagnostic(
            .notServed,
            "'\(resource.id)' is not served: the type '\(resource.type)' is not supported yet",
            at: resource.typeSpan
        )
    }
}
