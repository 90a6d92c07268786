// The gateway's own error responses: what they are before they are rendered.

internal import Manifest

/// An error that the gateway answers with, and why.
///
/// Bodies and fields are those that API Gateway has been recorded with. Errors from the front of a REST API are spelled
/// compactly, those of its execution stage with a space after the colon.
struct GatewayError: Error, Sendable {
    /// How the default body is spelled.
    enum Spelling: Sendable {
        /// `{"message":"Forbidden"}`
        case compact
        /// `{"message": "Internal server error"}`
        case spaced
        /// `{"Message":"User is not authorized to access this resource"}`
        case capital
    }

    /// What a template of the API may answer in place of it.
    var type = GatewayResponseType.none
    let status: Int
    /// `$context.error.message`; nil is `null`.
    let message: String?
    var spelling = Spelling.compact
    /// The value of `x-amzn-ErrorType`; only REST APIs send it.
    var errorType: StaticString?
    /// Why, for log and metrics; the client never sees it.
    let detail: StaticString
    /// What a model found wrong with the request's content: `$context.error.validationErrorString`.
    var validationError: String?
    /// The value of `WWW-Authenticate`; HTTP APIs send it.
    var challenge: String?
    /// Whether the response says of what type its content is; that of a JWT authorizer does not.
    var hasContentType = true
}

extension GatewayError {
    /// The response to a request, before plugins add their fields.
    func response(_ exchange: Exchange) -> LocalResponse {
        exchange.error = self
        if let custom = exchange.api.gatewayResponses?.response(for: self, exchange) { return custom }
        return ordinaryResponse(exchange)
    }

    /// The response where the API has none of its own.
    func ordinaryResponse(_ exchange: Exchange) -> LocalResponse {
        var response = LocalResponse(status: status, detail: detail)
        if hasContentType {
            response.head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
        }
        if let errorType, exchange.api.kind == .rest {
            response.head.fields.append(.other, "x-amzn-ErrorType", value: Array("\(errorType)".utf8))
        }
        if let challenge {
            response.head.fields.append(.wwwAuthenticate, "WWW-Authenticate", value: Array(challenge.utf8))
        }
        response.content = defaultContent
        return response
    }

    /// The body that is sent where no template says otherwise.
    var defaultContent: [UInt8] {
        let writer = ByteWriter(capacity: 128)
        switch spelling {
        case .compact: writer.write(#"{"message":"#)
        case .spaced: writer.write(#"{"message": "#)
        case .capital: writer.write(#"{"Message":"#)
        }
        if let message { writer.write(jsonString: message) } else { writer.write("null") }
        writer.write(UInt8(ascii: "}"))
        return Array(writer.bytes)
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
