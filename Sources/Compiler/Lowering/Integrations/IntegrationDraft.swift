// An integration as it is spelled, in a document or as a resource, before it is lowered.

internal import Diagnostics

/// The settings of an integration by what they mean, whatever the three notations call them.
struct IntegrationDraft {
    /// Whose integration it is, for messages: `'GET /pets' of 'Api'`.
    let owner: String
    /// Where it stands.
    let span: Span
    /// `AWS_PROXY`, `AWS`, `HTTP_PROXY`, `HTTP`, `MOCK`, in any case.
    var type: Property?
    /// What is called.
    var uri: Property?
    /// The method of the call.
    var method: Property?
    /// The payload format (HTTP APIs).
    var payload: Property?
    /// The action of a service (HTTP APIs).
    var subtype: Property?
    /// `INTERNET` or `VPC_LINK`.
    var connection: Property?
    /// Where the parts of the call come from.
    var parameters: Property?
    /// The bodies of the call by media type.
    var templates: Property?
    var passthrough: Property?
    var contentHandling: Property?
    /// The answers, each with the pattern that selects it.
    var responses: [Response] = []
    var timeout: Property?
    /// `BUFFERED` or `STREAM` (REST APIs).
    var transferMode: Property?

    /// One answer of it.
    struct Response {
        let pattern: String
        var statusCode: Property?
        var parameters: Property?
        var templates: Property?
        var contentHandling: Property?
    }

    init(owner: String, span: Span) {
        self.owner = owner
        self.span = span
    }
}
