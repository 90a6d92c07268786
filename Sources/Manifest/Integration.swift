// What answers a route where it is no function that is given the whole request.

/// An integration of API Gateway, as the template has it.
package struct Integration: Hashable, Sendable {
    /// Its type, in API Gateway's words.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// A web server whose requests and answers are made by templates.
        case http
        /// A web server that is given the request as it came.
        case httpProxy = "http_proxy"
        /// No server: the answer stands in the template.
        case mock
        /// An action of an AWS service, or a function whose event is made by a template.
        case aws
    }

    package var kind: Kind
    /// The address of the web server, parameters in braces (`http`, `http_proxy`).
    package var url: String?
    /// The service and what is asked of it: `states:action/StartExecution`, `SQS-SendMessage` (`aws`).
    package var service: String?
    /// The logical id of the function that is asked (`aws`).
    package var function: String?
    /// The method of the request to it; nil for that of the request.
    package var method: String?
    /// Whether it is reached through a private link into a network of AWS.
    package var isPrivate = false
    /// Where parts of the request to it come from: `integration.request.path.id` by `method.request.path.id`.
    package var parameters: [String: String] = [:]
    /// The bodies of the request to it by media type of the request.
    package var templates: [String: String] = [:]
    /// What happens to bodies without a template: `WHEN_NO_MATCH`, which is the default, `WHEN_NO_TEMPLATES`, `NEVER`.
    package var passthrough: String?
    /// How bodies of requests are converted: `CONVERT_TO_TEXT`, `CONVERT_TO_BINARY`; nil for not at all.
    package var contentHandling: String?
    /// The answers by the pattern that selects them: a regular expression, or `default`.
    package var responses: [String: Response] = [:]

    package init(kind: Kind) { self.kind = kind }

    /// What is made of the integration's answer.
    package struct Response: Hashable, Sendable {
        package var statusCode: String
        /// Where fields come from: `method.response.header.Location` by `integration.response.header.Location`.
        package var parameters: [String: String] = [:]
        /// The bodies by media type.
        package var templates: [String: String] = [:]
        /// How its body is converted: `CONVERT_TO_TEXT`, `CONVERT_TO_BINARY`; nil for not at all.
        package var contentHandling: String?

        package init(statusCode: String) { self.statusCode = statusCode }
    }
}

/// The same by a name that no protocol of the proxy has.
package typealias RouteIntegration = Integration
