// The Runtime API of one execution environment: its paths and methods as events of the environment's state machine.

internal import NIOCore
internal import NIOHTTP1

/// Answers what a runtime asks (Lambda developer guide, "Using the Lambda runtime API").
final class RuntimeAPI: BufferedResponder {
    private static let prefix = "/2018-06-01/runtime/"

    private weak var environment: ExecutionEnvironment?

    init(environment: ExecutionEnvironment) { self.environment = environment }

    let maximumBodySize = PayloadLimit.synchronous

    func respond(to request: BufferedRequest, exchange: BufferedExchange) {
        guard let environment else { return exchange.respond(RuntimeRefusal.invalidStateTransition.response) }
        guard let operation = Self.operation(request.path) else {
            return exchange.respond(RuntimeRefusal.notFound.response)
        }
        guard request.head.method == (operation == .next ? .GET : .POST) else {
            return exchange.respond(RuntimeRefusal.methodNotAllowed.response)
        }
        environment.handle(operation, exchange: exchange, body: request.body)
    }

    func bodyTooLarge(head: HTTPRequestHead) -> BufferedResponse {
        let path = head.uri.prefix { $0 != "?" }
        guard case .response(let requestID) = Self.operation(path), let environment else {
            return RuntimeRefusal.responseTooLarge.response
        }
        return environment.refuseResponse(requestID: requestID)
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
