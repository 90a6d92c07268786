// The errors that there are, as each kind of API spells them.

internal import Manifest

extension GatewayError {
    // MARK: Before authorization

    /// No route takes the request.
    static func noRoute(_ exchange: Exchange) -> GatewayError {
        switch exchange.api.kind {
        case .rest:
            exchange.head.fields.withValue(of: .authorization) { $0.flatMap(MisreadSignature.message) }.map {
                .incompleteSignature($0, detail: "route_not_found")
            } ?? .missingAuthenticationToken(detail: "route_not_found")
        case .http: .notFound(detail: "route_not_found")
        }
    }

    /// A REST API reads every `Authorization` field as a signature where it finds no route.
    static func incompleteSignature(_ message: String, detail: StaticString) -> GatewayError {
        GatewayError(
            type: .missingAuthenticationToken,
            status: 403,
            message: message,
            errorType: "IncompleteSignatureException",
            detail: detail
        )
    }

    /// What an HTTP API says where it finds nothing.
    static func notFound(detail: StaticString) -> GatewayError {
        GatewayError(status: 404, message: "Not Found", detail: detail)
    }

    /// What a REST API says where it finds nothing, and where a request that has to be signed is not.
    static func missingAuthenticationToken(detail: StaticString) -> GatewayError {
        GatewayError(
            type: .missingAuthenticationToken,
            status: 403,
            message: "Missing Authentication Token",
            errorType: "MissingAuthenticationTokenException",
            detail: detail
        )
    }

    /// The manifest has no API at all.
    static let noAPI = GatewayError(status: 404, message: "Not Found", detail: "no_apis")

    /// The request line and the fields are larger than an HTTP API takes.
    static func headTooLarge() -> GatewayError {
        GatewayError(status: 431, message: "Request Header Fields Too Large", detail: "head_too_large")
    }

    /// The request's content is larger than the gateway or Lambda takes.
    static func contentTooLarge(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                type: .requestTooLarge,
                status: 413,
                message: "Request Too Long",
                errorType: "RequestTooLargeException",
                detail: detail
            )
        case .http: GatewayError(status: 413, message: "Request Entity Too Large", detail: detail)
        }
    }

    /// The path has segments that another server may resolve to a different route.
    static func ambiguousPath() -> GatewayError {
        GatewayError(
            status: 400,
            message: "Bad Request",
            errorType: "BadRequestException",
            detail: "path_has_dot_segments"
        )
    }

    /// The route needs what this version cannot do.
    static func notImplemented(detail: StaticString) -> GatewayError {
        GatewayError(
            status: 501,
            message: "Not Implemented",
            errorType: "NotImplementedException",
            detail: detail
        )
    }

    // MARK: Who may call

    /// Nobody has been identified: a token is missing or is of no use.
    static func unauthorized(_ kind: GatewayKind, detail: StaticString, challenge: String? = nil) -> GatewayError {
        GatewayError(
            type: .unauthorized,
            status: 401,
            message: "Unauthorized",
            errorType: "UnauthorizedException",
            detail: detail,
            challenge: kind == .http ? challenge : nil
        )
    }

    /// An HTTP API lets nobody in whom its authorizer does not; a REST API says so of API keys and domains.
    static func forbidden(detail: StaticString, challenge: String? = nil) -> GatewayError {
        GatewayError(
            type: .invalidKey,
            status: 403,
            message: "Forbidden",
            errorType: "ForbiddenException",
            detail: detail,
            challenge: challenge
        )
    }

    /// A policy does not let the caller in (REST).
    ///
    /// - Parameters:
    ///   - message: what the client is told.
    ///   - detail: why, for log and metrics.
    /// - Returns: the error.
    static func accessDenied(
        _ message: String = "User is not authorized to access this resource",
        detail: StaticString
    ) -> GatewayError {
        GatewayError(
            type: .accessDenied,
            status: 403,
            message: message,
            spelling: .capital,
            errorType: "AccessDeniedException",
            detail: detail
        )
    }

    /// The authorizer's answer is none, or it has failed.
    static func authorizerConfiguration(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                type: .authorizerConfigurationError,
                status: 500,
                message: nil,
                errorType: "AuthorizerConfigurationException",
                detail: detail
            )
        case .http: .httpInternal(detail: detail)
        }
    }

    /// The authorizer could not be asked.
    static func authorizerFailure(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                type: .authorizerFailure,
                status: 500,
                message: nil,
                errorType: "AuthorizerFailureException",
                detail: detail
            )
        case .http: .httpInternal(detail: detail)
        }
    }

    // MARK: Limits and checks

    /// There have been too many requests.
    static func throttled(detail: StaticString) -> GatewayError {
        GatewayError(
            type: .throttled,
            status: 429,
            message: "Too Many Requests",
            errorType: "TooManyRequestsException",
            detail: detail
        )
    }

    /// The quota of a usage plan is used up.
    static func quotaExceeded(detail: StaticString) -> GatewayError {
        GatewayError(
            type: .quotaExceeded,
            status: 429,
            message: "Limit Exceeded",
            errorType: "LimitExceededException",
            detail: detail
        )
    }

    /// Parameters that the route requires are absent or blank (REST).
    static func missingParameters(_ names: [String]) -> GatewayError {
        GatewayError(
            type: .badRequestParameters,
            status: 400,
            message: "Missing required request parameters: [\(names.joined(separator: ", "))]",
            spelling: .spaced,
            errorType: "BadRequestException",
            detail: "required_parameters_missing"
        )
    }

    /// The content is none that the route's model allows (REST).
    ///
    /// - Parameters:
    ///   - faults: what is wrong with it; only templates and logs have it.
    ///   - detail: why, for log and metrics.
    /// - Returns: the error.
    static func invalidContent(_ faults: [String], detail: StaticString) -> GatewayError {
        GatewayError(
            type: .badRequestBody,
            status: 400,
            message: "Invalid request body",
            spelling: .spaced,
            errorType: "BadRequestException",
            detail: detail,
            validationError: "[\(faults.joined(separator: ", "))]"
        )
    }

    /// The content is in a form that a REST API does not take.
    static func unsupportedMediaType(detail: StaticString) -> GatewayError {
        GatewayError(
            type: .unsupportedMediaType,
            status: 415,
            message: "Unsupported Media Type",
            spelling: .spaced,
            errorType: "BadRequestException",
            detail: detail
        )
    }

    // MARK: Integrations

    /// The function has failed, or its result is no response.
    static func badResult(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        kind == .rest ? .restInternal(status: 502, detail: detail) : .httpInternal(detail: detail)
    }

    /// The result has content that is said to be base64 and is not; REST APIs have a status of its own for it.
    static func badBase64(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        kind == .rest ? .restInternal(status: 500, detail: detail) : .httpInternal(detail: detail)
    }

    /// The function could not be invoked.
    static func cannotInvoke(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        kind == .rest ? .restInternal(status: 502, detail: detail) : .unavailable(detail: detail)
    }

    /// The function may not be invoked, or does not exist.
    static func mayNotInvoke(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        kind == .rest ? .restInternal(status: 500, detail: detail) : .httpInternal(detail: detail)
    }

    /// The integration is configured in a way that cannot work.
    static func badConfiguration(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        guard kind == .rest else { return .httpInternal(detail: detail) }
        return GatewayError(
            type: .configurationError,
            status: 500,
            message: "Internal server error",
            spelling: .spaced,
            errorType: "InternalServerErrorException",
            detail: detail
        )
    }

    /// The endpoint has taken longer than the gateway waits.
    static func timeout(_ kind: GatewayKind, wire: Endpoint.Wire) -> GatewayError {
        switch (kind, wire) {
        case (.rest, _):
            GatewayError(
                type: .integrationTimeout,
                status: 504,
                message: "Endpoint request timed out",
                spelling: .spaced,
                errorType: "InternalServerErrorException",
                detail: "integration_timeout"
            )
        case (.http, .http): GatewayError(status: 504, message: "Gateway Timeout", detail: "integration_timeout")
        case (.http, _): .unavailable(detail: "integration_timeout")
        }
    }

    /// A web server cannot be reached, or its answer cannot be read.
    static func badGateway(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                type: .integrationFailure,
                status: 504,
                message: "Network error communicating with endpoint",
                spelling: .spaced,
                errorType: "InternalServerErrorException",
                detail: detail
            )
        case .http: .unavailable(detail: detail)
        }
    }

    /// A mapping template cannot be rendered.
    static func badTemplate(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        kind == .rest ? .restInternal(status: 500, detail: detail) : .httpInternal(detail: detail)
    }

    private static func unavailable(detail: StaticString) -> GatewayError {
        GatewayError(status: 503, message: "Service Unavailable", detail: detail)
    }

    private static func restInternal(status: Int, detail: StaticString) -> GatewayError {
        GatewayError(
            type: .integrationFailure,
            status: status,
            message: "Internal server error",
            spelling: .spaced,
            errorType: "InternalServerErrorException",
            detail: detail
        )
    }

    static func httpInternal(detail: StaticString) -> GatewayError {
        GatewayError(status: 500, message: "Internal Server Error", detail: detail)
    }
}
