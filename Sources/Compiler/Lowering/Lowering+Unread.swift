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
    }
}

extension DiagnosticCode {
    static let routesUnread = DiagnosticCode(
        "routes-unread",
        .error,
        """
        The routes of the API cannot be told from the template: they are copied from another API when the stack is \
        deployed (`CloneFrom`). They would be missing, so nothing is written.
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
    fileprivate static func notServed(_ resource: Resource) -> Diagnostic {
        Diagnostic(
            .notServed,
            "'\(resource.id)' is not served: the type '\(resource.type)' is not supported yet",
            at: resource.typeSpan
        )
    }
}
