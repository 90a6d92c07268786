// What the Runtime API says to a runtime that breaks its rules.

internal import JSON
internal import NIOHTTP1

/// A request of a runtime that is refused.
enum RuntimeRefusal: Error, Hashable, Sendable {
    case invalidRequestID
    case invalidStateTransition
    case responseTooLarge
    case invalidResponseMode
    /// A request of an extension, by the type of its error.
    case extensionRefused(type: String, message: String)
    case notFound
    case methodNotAllowed

    /// A request of an extension that is not its turn.
    static func invalidExtensionState(_ message: String) -> RuntimeRefusal {
        .extensionRefused(type: "Extension.InvalidExtensionState", message: message)
    }

    var response: BufferedResponse {
        let (status, type, message): (HTTPResponseStatus, String, String) =
            switch self {
            case .invalidRequestID: (.badRequest, "InvalidRequestID", "Invalid request ID")
            case .invalidStateTransition: (.forbidden, "InvalidStateTransition", "State transition is not allowed")
            case .responseTooLarge:
                (
                    .payloadTooLarge, "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (\(PayloadLimit.synchronous) bytes)."
                )
            case .invalidResponseMode:
                (.badRequest, "InvalidFunctionResponseMode", "Invalid function response mode")
            case .extensionRefused(let type, let message): (.forbidden, type, message)
            case .notFound: (.notFound, "NotFound", "no such resource of the Runtime API")
            case .methodNotAllowed: (.methodNotAllowed, "MethodNotAllowed", "the method is not allowed here")
            }
        let body = JSONObject([("errorMessage", .string(message)), ("errorType", .string(type))])
        return BufferedResponse(status: status, json: JSONValue.object(body).compactText)
    }
}
