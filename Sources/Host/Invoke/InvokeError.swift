// The errors of the Invoke API itself, as opposed to those of functions.

internal import JSON
internal import NIOHTTP1

/// A request that no function gets to see (Lambda API reference, "Invoke", errors).
enum InvokeError: Error, Hashable, Sendable {
    case accessDenied(String)
    case functionNotFound(arn: String)
    case invalidRequestContent(String)
    case invalidParameter(String)
    case requestTooLarge(limit: Int)
    case tooManyRequests(ThrottleReason)
    case serviceUnavailable(String)
    case unknownOperation(String)
    case methodNotAllowed(String)

    /// Which limit a request has met (Lambda API reference, `TooManyRequestsException`).
    enum ThrottleReason: String, Hashable, Sendable {
        /// The processes that the host gives its functions are all at work.
        case concurrentInvocations = "ConcurrentInvocationLimitExceeded"
        /// As many requests run as the function's reserved concurrency allows.
        case reservedConcurrency = "ReservedFunctionConcurrentInvocationLimitExceeded"
    }

    var status: HTTPResponseStatus {
        switch self {
        case .accessDenied: .forbidden
        case .functionNotFound, .unknownOperation: .notFound
        case .invalidRequestContent, .invalidParameter: .badRequest
        case .requestTooLarge: .payloadTooLarge
        case .tooManyRequests: .tooManyRequests
        case .serviceUnavailable: .internalServerError
        case .methodNotAllowed: .methodNotAllowed
        }
    }

    /// The value of `x-amzn-ErrorType`.
    var type: String {
        switch self {
        case .accessDenied: "AccessDeniedException"
        case .functionNotFound: "ResourceNotFoundException"
        case .invalidRequestContent: "InvalidRequestContentException"
        case .invalidParameter: "InvalidParameterValueException"
        case .requestTooLarge: "RequestTooLargeException"
        case .tooManyRequests: "TooManyRequestsException"
        case .serviceUnavailable: "ServiceException"
        case .unknownOperation: "UnknownOperationException"
        case .methodNotAllowed: "MethodNotAllowedException"
        }
    }

    private var message: String {
        switch self {
        case .functionNotFound(let arn): "Function not found: \(arn)"
        case .accessDenied(let message), .invalidRequestContent(let message), .invalidParameter(let message),
            .serviceUnavailable(let message), .unknownOperation(let message), .methodNotAllowed(let message):
            message
        case .requestTooLarge(let limit): "Request must be smaller than \(limit) bytes for the InvokeFunction operation"
        case .tooManyRequests: "Rate Exceeded."
        }
    }

    /// The whole answer.
    func response(requestID: String) -> BufferedResponse {
        var body = JSONObject()
        var headers = [(name: "x-amzn-RequestId", value: requestID), (name: "x-amzn-ErrorType", value: type)]
        switch self {
        case .tooManyRequests(let reason):
            body["Type"] = "User"
            body["Reason"] = .string(reason.rawValue)
            body["message"] = .string(message)
            headers.append((name: "Retry-After", value: "1"))
        case .serviceUnavailable:
            body["Type"] = "Service"
            body["Message"] = .string(message)
        case .invalidRequestContent, .invalidParameter, .requestTooLarge:
            body["Type"] = "User"
            body["message"] = .string(message)
        case .accessDenied, .functionNotFound, .unknownOperation:
            body["Type"] = "User"
            body["Message"] = .string(message)
        case .methodNotAllowed:
            body["Type"] = "User"
            body["Message"] = .string(message)
            headers.append((name: "Allow", value: "POST"))
        }
        return BufferedResponse(status: status, headers: headers, json: JSONValue.object(body).compactText)
    }
}
