// The failures that the host reports in a function's name, in Lambda's words.

internal import JSON

/// Why an invocation failed without an error of the function's own.
enum FunctionFailure: Error, Hashable, Sendable {
    case timedOut
    case initTimedOut
    case exited(ProcessExit)
    case responseTooLarge
    /// The connection of a streamed response broke before its end.
    case responseTruncated
    case responseModeUnknown
    /// Nothing that could be started: what is wrong, and what to do about it.
    case unstartable(type: String, message: String)
    /// What the runtime posted as its init error.
    case reported(payload: String)

    /// The payload of the answer.
    ///
    /// - Parameters:
    ///   - requestID: the request that failed.
    ///   - timeoutSeconds: the function's timeout.
    ///   - time: when it failed.
    /// - Returns: an object of `errorType` and `errorMessage`, or what the runtime reported.
    func payload(requestID: String, timeoutSeconds: Int, time: Timestamp) -> String {
        if case .reported(let payload) = self { return payload }
        let message = message(requestID: requestID, timeoutSeconds: timeoutSeconds, time: time)
        return JSONValue.object(JSONObject([("errorType", .string(type)), ("errorMessage", .string(message))]))
            .compactText
    }

    /// Lambda's name of the failure.
    private var type: String {
        switch self {
        case .timedOut, .initTimedOut: "Sandbox.Timedout"
        case .exited(.outOfMemory): "Runtime.OutOfMemory"
        case .exited: "Runtime.ExitError"
        case .responseTooLarge: "Function.ResponseSizeTooLarge"
        case .responseTruncated: "Runtime.TruncatedResponse"
        case .responseModeUnknown: "Runtime.InvalidResponseModeHeader"
        case .unstartable(let type, _): type
        case .reported(let payload): ReportedError(payload: payload).type
        }
    }

    private func message(requestID: String, timeoutSeconds: Int, time: Timestamp) -> String {
        switch self {
        case .timedOut: "\(time.text) \(requestID) Task timed out after \(timeoutSeconds).00 seconds"
        case .initTimedOut:
            "RequestId: \(requestID) Error: Init timed out after \(EnvironmentTimer.initSeconds).00 seconds"
        case .exited(.exited(code: 0)): "RequestId: \(requestID) Error: Runtime exited without providing a reason"
        case .exited(let exit): "RequestId: \(requestID) Error: Runtime exited with error: \(exit)"
        case .responseTooLarge:
            "Response payload size exceeded maximum allowed payload size (\(PayloadLimit.synchronous) bytes)."
        case .responseTruncated: "RequestId: \(requestID) Error: the response ended before its last chunk"
        case .responseModeUnknown: "RequestId: \(requestID) Error: Invalid function response mode"
        case .unstartable(_, let message): "RequestId: \(requestID) Error: \(message)"
        case .reported(let payload): payload
        }
    }

    /// How the REPORT line has it.
    var status: ReportStatus {
        switch self {
        case .timedOut, .initTimedOut: .timeout
        case .exited, .responseTooLarge, .responseTruncated, .responseModeUnknown, .unstartable, .reported:
            .error(type: type)
        }
    }

    /// What Lambda says of it among the lines of the request; the parameters are those of `payload`.
    func logLines(requestID: String, timeoutSeconds: Int, time: Timestamp) -> [String] {
        let message = message(requestID: requestID, timeoutSeconds: timeoutSeconds, time: time)
        return switch self {
        case .timedOut, .initTimedOut, .responseTooLarge, .responseTruncated, .responseModeUnknown: [message]
        case .exited, .unstartable: [message, type]
        // The runtime itself has printed it.
        case .reported: []
        }
    }

    /// What the log says.
    var reason: String {
        switch self {
        case .timedOut: "timed out"
        case .initTimedOut: "the runtime did not get ready within \(EnvironmentTimer.initSeconds) seconds"
        case .exited(.outOfMemory): "the process needed more memory than the function has and was killed"
        case .exited(let exit): "the process ended: \(exit)"
        case .responseTooLarge: "the response is larger than \(PayloadLimit.synchronous) bytes"
        case .responseTruncated: "the connection of the response broke before its end"
        case .responseModeUnknown: "the response has a mode that there is not"
        case .unstartable(_, let message): message
        case .reported(let payload): ReportedError(payload: payload).summary
        }
    }
}

/// How long payloads may be, in bytes (Lambda quotas).
enum PayloadLimit {
    /// 6 MiB and 100 bytes, request and response.
    static let synchronous = 6_291_556
    /// 200 MiB, a response that is streamed to its caller.
    static let streamed = 209_715_200
    /// 1 MiB, requests of the invocation type Event.
    static let asynchronous = 1_048_576
}
