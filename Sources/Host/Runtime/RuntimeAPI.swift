// The Runtime API of one process: its paths and methods as events of the process's state machine.

internal import NIOCore
internal import NIOHTTP1

/// Answers what a runtime asks (Lambda developer guide, "Using the Lambda runtime API").
final class RuntimeAPI: BufferedResponder {
    private static let prefix = "/2018-06-01/runtime/"

    private weak var process: FunctionProcess?

    init(process: FunctionProcess) { self.process = process }

    let maximumBodySize = PayloadLimit.synchronous

    func respond(to request: BufferedRequest, exchange: BufferedExchange) {
        guard let process else { return exchange.respond(RuntimeRefusal.invalidStateTransition.response) }
        guard let operation = Self.operation(request.path) else {
            return exchange.respond(RuntimeRefusal.notFound.response)
        }
        guard request.head.method == (operation == .next ? .GET : .POST) else {
            return exchange.respond(RuntimeRefusal.methodNotAllowed.response)
        }
        process.handle(operation, exchange: exchange, body: request.body)
    }

    func bodyTooLarge(head: HTTPRequestHead) -> BufferedResponse {
        let path = head.uri.prefix { $0 != "?" }
        guard case .response(let requestID) = Self.operation(path), let process else {
            return RuntimeRefusal.responseTooLarge.response
        }
        return process.refuseResponse(requestID: requestID)
    }

    private static func operation(_ path: Substring) -> FunctionProcessStateMachine.Event? {
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
