// The gateway's own error responses, to the byte.

internal import Manifest

/// An error that the gateway answers with, and why.
///
/// Bodies and fields are those that API Gateway has been recorded with. Errors from the front of a REST API are spelled
/// compactly, those of its execution stage with a space after the colon.
struct GatewayError: Error, Sendable {
    let status: Int
    /// The whole content.
    let body: StaticString
    /// The value of `x-amzn-ErrorType`; only REST APIs send it.
    let errorType: StaticString?
    /// Why, for log and metrics; the client never sees it.
    let detail: StaticString

    /// No route takes the request.
    static func noRoute(_ kind: GatewayKind) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                status: 403,
                body: #"{"message":"Missing Authentication Token"}"#,
                errorType: "MissingAuthenticationTokenException",
                detail: "route_not_found"
            )
        case .http:
            GatewayError(status: 404, body: #"{"message":"Not Found"}"#, errorType: nil, detail: "route_not_found")
        }
    }

    /// The manifest has no API at all.
    static let noAPI = GatewayError(
        status: 404,
        body: #"{"message":"Not Found"}"#,
        errorType: nil,
        detail: "no_apis"
    )

    /// The request's content is larger than the gateway or Lambda takes.
    static func contentTooLarge(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                status: 413,
                body: #"{"message":"Request Too Long"}"#,
                errorType: "RequestTooLargeException",
                detail: detail
            )
        case .http:
            GatewayError(
                status: 413,
                body: #"{"message":"Request Entity Too Large"}"#,
                errorType: nil,
                detail: detail
            )
        }
    }

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

    /// The endpoint has taken longer than the gateway waits.
    static func timeout(_ kind: GatewayKind, wire: Endpoint.Wire) -> GatewayError {
        switch (kind, wire) {
        case (.rest, _):
            GatewayError(
                status: 504,
                body: #"{"message": "Endpoint request timed out"}"#,
                errorType: "InternalServerErrorException",
                detail: "integration_timeout"
            )
        case (.http, .http):
            GatewayError(
                status: 504,
                body: #"{"message":"Gateway Timeout"}"#,
                errorType: nil,
                detail: "integration_timeout"
            )
        case (.http, _): .unavailable(detail: "integration_timeout")
        }
    }

    /// A web server cannot be reached, or its answer cannot be read.
    static func badGateway(_ kind: GatewayKind, detail: StaticString) -> GatewayError {
        switch kind {
        case .rest:
            GatewayError(
                status: 504,
                body: #"{"message": "Network error communicating with endpoint"}"#,
                errorType: "InternalServerErrorException",
                detail: detail
            )
        case .http: .unavailable(detail: detail)
        }
    }

    /// The path has segments that another server may resolve to a different route.
    static func ambiguousPath() -> GatewayError {
        GatewayError(
            status: 400,
            body: #"{"message":"Bad Request"}"#,
            errorType: "BadRequestException",
            detail: "path_has_dot_segments"
        )
    }

    /// The route needs what this version cannot do.
    static func notImplemented(detail: StaticString) -> GatewayError {
        GatewayError(
            status: 501,
            body: #"{"message":"Not Implemented"}"#,
            errorType: "NotImplementedException",
            detail: detail
        )
    }

    private static func unavailable(detail: StaticString) -> GatewayError {
        GatewayError(status: 503, body: #"{"message":"Service Unavailable"}"#, errorType: nil, detail: detail)
    }

    private static func restInternal(status: Int, detail: StaticString) -> GatewayError {
        GatewayError(
            status: status,
            body: #"{"message": "Internal server error"}"#,
            errorType: "InternalServerErrorException",
            detail: detail
        )
    }

    private static func httpInternal(detail: StaticString) -> GatewayError {
        GatewayError(status: 500, body: #"{"message":"Internal Server Error"}"#, errorType: nil, detail: detail)
    }
}

extension GatewayError {
    /// The response, before plugins add their fields.
    func response(_ kind: GatewayKind) -> LocalResponse {
        var response = LocalResponse(status: status, detail: detail)
        response.head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
        if kind == .rest, let errorType {
            response.head.fields.append(.other, "x-amzn-ErrorType", value: Array("\(errorType)".utf8))
        }
        response.content = Array("\(body)".utf8)
        return response
    }
}

extension MessageError {
    /// What a client gets whose bytes are no request: a status and a reason for the log.
    var refusal: (status: Int, detail: StaticString) {
        switch self {
        case .malformed(let reason): (400, reason)
        case .targetTooLong: (414, "request_line_too_long")
        case .fieldsTooLarge: (431, "fields_too_large")
        case .unknownTransferCoding: (501, "unknown_transfer_coding")
        case .unknownVersion: (505, "unknown_version")
        case .tunnel: (405, "connect_refused")
        case .unknownExpectation: (417, "unknown_expectation")
        }
    }
}
