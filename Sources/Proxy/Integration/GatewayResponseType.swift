// The types of errors that a REST API tells apart, and what each is by default.

/// A type of gateway response (developer guide, "Gateway response types for API Gateway").
///
/// Templates may set other statuses, fields and bodies for each of them, or for all of a class by `DEFAULT_4XX` and
/// `DEFAULT_5XX`.
enum GatewayResponseType: String, CaseIterable, Sendable {
    case accessDenied = "ACCESS_DENIED"
    case configurationError = "API_CONFIGURATION_ERROR"
    case authorizerConfigurationError = "AUTHORIZER_CONFIGURATION_ERROR"
    case authorizerFailure = "AUTHORIZER_FAILURE"
    case badRequestBody = "BAD_REQUEST_BODY"
    case badRequestParameters = "BAD_REQUEST_PARAMETERS"
    case expiredToken = "EXPIRED_TOKEN"
    case integrationFailure = "INTEGRATION_FAILURE"
    case integrationTimeout = "INTEGRATION_TIMEOUT"
    case invalidKey = "INVALID_API_KEY"
    case invalidSignature = "INVALID_SIGNATURE"
    case missingAuthenticationToken = "MISSING_AUTHENTICATION_TOKEN"
    case quotaExceeded = "QUOTA_EXCEEDED"
    case requestTooLarge = "REQUEST_TOO_LARGE"
    case resourceNotFound = "RESOURCE_NOT_FOUND"
    case throttled = "THROTTLED"
    case unauthorized = "UNAUTHORIZED"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    /// What no template can change: refusals of this gateway's own.
    case none = ""
}
