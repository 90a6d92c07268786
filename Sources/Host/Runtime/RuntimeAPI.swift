// The Runtime API of one execution environment: its paths and methods as events of the environment's state machine.

internal import NIOCore
internal import NIOHTTP1

/// Answers what a runtime asks (Lambda developer guide, "Using the Lambda runtime API").
final class RuntimeAPI: StreamingResponder {
    /// How long a header field may be, in bytes: runtimes put errors with their stack traces into fields and trailers,
    /// AWS's own up to 1 MiB.
    static let largestField = 1_100_000
    private static let prefix = "/2018-06-01/runtime/"
    private static let modeField = "lambda-runtime-function-response-mode"

    private weak var environment: ExecutionEnvironment?

    init(environment: ExecutionEnvironment) { self.environment = environment }

    let maximumBodySize = PayloadLimit.synchronous

    func respond(to request: BufferedRequest, exchange: BufferedExchange) {
        guard let environment else { return exchange.respond(RuntimeRefusal.invalidStateTransition.response) }
        guard let operation = Self.operation(request.path) else {
            return respondElsewhere(request, exchange: exchange, environment: environment)
        }
        guard request.head.method == (operation == .next ? .GET : .POST) else {
            return exchange.respond(RuntimeRefusal.methodNotAllowed.response)
        }
        environment.handle(operation, exchange: exchange, body: request.body)
    }

    private func respondElsewhere(
        _ request: BufferedRequest,
        exchange: BufferedExchange,
        environment: ExecutionEnvironment
    ) {
        switch ExtensionsAPI.read(request) {
        case .event(let event)?: environment.handle(event, exchange: exchange, body: request.body)
        case .answer(let response)?: exchange.respond(response)
        case nil where request.path == "/2018-06-01/ping" && request.head.method == .GET:
            exchange.respond(BufferedResponse(status: .ok, body: ByteBuffer(staticString: "pong")))
        case nil: exchange.respond(RuntimeRefusal.notFound.response)
        }
    }

    func streams(_ head: HTTPRequestHead) -> Bool {
        head.method == .POST && Self.mode(head).map { $0 != .buffered } ?? false
    }

    func receiver(for head: HTTPRequestHead, exchange: BufferedExchange) -> (any BodyReceiver)? {
        guard case .response(let requestID)? = Self.operation(head.uri.prefix { $0 != "?" }), let environment else {
            exchange.respond(RuntimeRefusal.notFound.response)
            return nil
        }
        guard Self.mode(head) == .streaming else {
            environment.handle(.responseModeUnknown(requestID: requestID), exchange: exchange, body: ByteBuffer())
            return nil
        }
        return environment.beginStream(requestID: requestID, exchange: exchange)
    }

    /// The answer to `next`: a request.
    ///
    /// - Parameters:
    ///   - invocation: the request.
    ///   - deadline: when it times out, in milliseconds of Unix time.
    /// - Returns: its payload, with what else the runtime is told in fields.
    static func next(_ invocation: Invocation, deadline: Int64) -> BufferedResponse {
        var headers = [
            (name: "Content-Type", value: "application/json"),
            (name: "Lambda-Runtime-Aws-Request-Id", value: invocation.requestID),
            (name: "Lambda-Runtime-Deadline-Ms", value: String(deadline)),
            (name: "Lambda-Runtime-Invoked-Function-Arn", value: invocation.functionARN),
            (name: "Lambda-Runtime-Trace-Id", value: invocation.traceID),
        ]
        if let context = invocation.clientContext {
            headers.append((name: "Lambda-Runtime-Client-Context", value: context))
        }
        if let tenantID = invocation.tenantID {
            headers.append((name: "Lambda-Runtime-Aws-Tenant-Id", value: tenantID))
        }
        return BufferedResponse(status: .ok, headers: headers, body: invocation.payload)
    }

    func bodyTooLarge(head: HTTPRequestHead) -> BufferedResponse {
        let path = head.uri.prefix { $0 != "?" }
        guard case .response(let requestID) = Self.operation(path), let environment else {
            return RuntimeRefusal.responseTooLarge.response
        }
        return environment.refuseResponse(requestID: requestID)
    }

    private enum ResponseMode {
        case buffered
        case streaming
        case unknown
    }

    private static func mode(_ head: HTTPRequestHead) -> ResponseMode? {
        head.headers.first(name: modeField).map {
            switch $0.lowercased() {
            case "buffered", "": .buffered
            case "streaming": .streaming
            default: .unknown
            }
        }
    }

    private static func operation(_ path: Substring) -> EnvironmentStateMachine.Event? {
        guard path.hasPrefix(prefix) else { return nil }
        let parts = path.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 2 where parts[0] == "invocation" && parts[1] == "next": return .next
        case 2 where parts[0] == "init" && parts[1] == "error": return .initError
        case 3 where parts[0] == "invocation" && parts[2] == "response": return .response(requestID: String(parts[1]))
        case 3 where parts[0] == "invocation" && parts[2] == "error": return .error(requestID: String(parts[1]))
        default: return nil
        }
    }
}
