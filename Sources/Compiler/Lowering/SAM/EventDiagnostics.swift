// What can be wrong with the events of a function.

internal import Diagnostics
internal import Manifest

extension DiagnosticCode {
    static let eventType = DiagnosticCode(
        "event-type",
        .error,
        """
        SAM knows no event of this type, so it could be a route that is missing. Routes are of the types `Api` and \
        `HttpApi`.
        """
    )
    static let apiUnknown = DiagnosticCode(
        "api-unknown",
        .error,
        """
        An event belongs to the API that `RestApiId` (of `Api` events) or `ApiId` (of `HttpApi` events) names: an \
        `AWS::Serverless::Api` or `AWS::Serverless::HttpApi` of the same template, as `!Ref` or by its logical id.
        """
    )
    static let apiAbsent = DiagnosticCode(
        "api-absent",
        .warning,
        "The condition of the API that the event belongs to does not hold, so there is no such API and no such route."
    )
    static let methodUnknown = DiagnosticCode(
        "method-unknown",
        .error,
        """
        Methods of routes are `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS`, in any case, and `ANY` for \
        all of them.
        """
    )
    static let pathInvalid = DiagnosticCode(
        "path-invalid",
        .error,
        """
        The path is none that API Gateway takes. It starts with a slash; a parameter fills its whole segment \
        (`/pets/{id}`), stands once, and a greedy one (`{proxy+}`) is last.
        """
    )
    static let pathTrailingSlash = DiagnosticCode(
        "path-trailing-slash",
        .warning,
        """
        API Gateway matches requests with and without a slash at the end alike, so a route that ends in one is the route \
        without it.
        """
    )
    static let payloadFormat = DiagnosticCode(
        "payload-format",
        .error,
        "`PayloadFormatVersion` is `\"1.0\"`, the events of REST APIs, or `\"2.0\"`, the default of HTTP APIs."
    )
}

extension Diagnostic {
    static func eventType(_ name: String, _ event: Property, _ type: Property, known: [String]) -> Diagnostic {
        Diagnostic(
            .eventType,
            "\(event.words) has the unknown type '\(name)'\(didYouMean(name, among: known))",
            at: type.span,
            fixIts: certainName(to: name, among: known).map { type.rewriting(as: $0) } ?? []
        )
    }

    static func implicitTaken(_ id: String, _ kind: APIKind, at span: Span) -> Diagnostic {
        let words = kind == .rest ? "REST" : "HTTP"
        return Diagnostic(
            .apiUnknown,
            "the event belongs to '\(id)', which the template does not declare as an \(words) API",
            at: span
        )
    }

    static func apiUnknown(_ id: String, _ property: Property, known: [String]) -> Diagnostic {
        Diagnostic(
            .apiUnknown,
            "\(property.words) names no API of the template: '\(id)'\(didYouMean(id, among: known))",
            at: property.span
        )
    }

    static func apiFunction(_ function: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .apiUnknown,
            "\(property.words) is a logical id or a 'Ref' of one, SAM takes no '\(function)' there",
            at: property.span
        )
    }

    static func apiUnread(_ id: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .apiUnknown,
            "\(property.words) names '\(id)', which is no API of SAM's: events add routes to these only",
            at: property.span
        )
    }

    static func apiKind(_ id: String, _ property: Property, _ kind: APIKind) -> Diagnostic {
        let words = kind == .rest ? ("an HTTP API", "HttpApi") : ("a REST API", "Api")
        return Diagnostic(
            .apiUnknown,
            "\(property.words) names '\(id)', which is \(words.0); the event would have to be of the type '\(words.1)'",
            at: property.span
        )
    }

    static func apiAbsent(_ id: String, _ condition: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .apiAbsent,
            "the route does not exist: its API '\(id)' depends on '\(condition)', which does not hold",
            at: property.span
        )
    }

    static func methodUnknown(_ text: String, _ property: Property) -> Diagnostic {
        let known = RouteMethod.allCases.map(\.rawValue)
        return Diagnostic(
            .methodUnknown,
            "\(property.words): there is no method '\(text)'\(didYouMean(text, among: known))",
            at: property.span
        )
    }

    static func defaultMethod(_ text: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .methodUnknown,
            "\(property.words) is '\(text)', but the route '$default' takes every method; write 'ANY'",
            at: property.span,
            fixIts: property.rewriting(as: "ANY")
        )
    }

    static func trailingSlash(_ property: Property, _ old: String, _ new: String) -> Diagnostic {
        Diagnostic(
            .pathTrailingSlash,
            "the slash at the end of '\(old)' is removed: the route is '\(new)'",
            at: property.span,
            fixIts: property.rewriting(as: new)
        )
    }

    static func pathInvalid(_ property: Property, _ text: String, _ reason: String) -> Diagnostic {
        Diagnostic(.pathInvalid, "'\(text)' is no path of a route: \(reason)", at: property.span)
    }

    static func payloadFormat(_ text: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .payloadFormat,
            "\(property.words) is '1.0' or '2.0', not '\(text)'",
            at: property.span,
            fixIts: ["1": "1.0", "2": "2.0"][text].map { property.rewriting(as: $0, isQuoted: true) } ?? []
        )
    }
}
