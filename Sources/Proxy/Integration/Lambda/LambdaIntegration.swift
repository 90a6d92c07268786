// A function behind the Lambda Invoke API.

internal import Manifest
internal import NIOCore

/// Invokes a function with an event and makes a response of its result (`AWS_PROXY`).
struct LambdaIntegration: Integration {
    /// Lambda's quota for the payload of a synchronous invocation: 6 MiB and 100 bytes.
    static let payloadLimit = 6 * 1024 * 1024 + 100

    let timeout: TimeAmount
    private let template: EventTemplate
    private let function: FunctionInvoker

    /// - Parameters:
    ///   - function: the function and where it is.
    ///   - template: the prepared parts of the route's events.
    ///   - timeout: how long the function may take.
    init(function: FunctionInvoker, template: EventTemplate, timeout: TimeAmount) {
        self.function = function
        self.timeout = timeout
        self.template = template
    }

    var endpoint: EndpointSlot? { function.slot }
    var delivery: ExchangeStateMachine.Delivery { .collected }
    var invokesFunction: Bool { true }

    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? {
        let event = exchange.loop.scratch
        event.reset()
        EventWriter.write(exchange, template: template, to: event)
        guard event.count <= Self.payloadLimit else {
            return .contentTooLarge(template.kind, detail: "event_too_large")
        }
        function.write(event: event.bytes, to: writer)
        return nil
    }

    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        exchange.integrationStatus = head.head.status
        return switch function.outcome(head.head, content) {
        case .functionError: .failure(.badResult(template.kind, detail: "function_error"))
        case .result(let content):
            ResultTranslator(exchange: exchange, template: template, scratch: exchange.loop.scratch).translate(content)
        case .failed(let failure): .failure(error(for: failure))
        case .refused(403), .refused(404):
            .failure(.mayNotInvoke(template.kind, detail: "function_not_found_or_forbidden"))
        case .refused(413): .failure(.contentTooLarge(template.kind, detail: "event_refused_as_too_large"))
        case .refused(429): .failure(throttled)
        case .refused: .failure(.badResult(template.kind, detail: "invoke_failed"))
        }
    }

    private var throttled: GatewayError {
        template.kind == .rest
            ? .mayNotInvoke(.rest, detail: "function_throttled")
            : .cannotInvoke(.http, detail: "function_throttled")
    }

    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError {
        switch failure {
        case .connect: .cannotInvoke(template.kind, detail: "upstream_connect_failed")
        case .busy: throttled
        case .closed: .badResult(template.kind, detail: "upstream_closed")
        case .malformed: .badResult(template.kind, detail: "upstream_malformed")
        case .tooLarge: .badResult(template.kind, detail: "result_too_large")
        case .timeout: .timeout(template.kind, wire: .lambda)
        }
    }
}
