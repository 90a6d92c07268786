// A function whose event and whose response are made by templates.

internal import Manifest
internal import NIOCore

/// Invokes a function with what the client has sent, or with a template, as its event (`AWS` with a function, REST).
///
/// (Developer guide, "Set up Lambda custom integrations in API Gateway".)
struct CustomLambdaIntegration: Integration {
    let timeout: TimeAmount
    private let function: FunctionInvoker
    private let mapping: RequestMapping
    private let templates: RequestTemplates
    private let answers: IntegrationAnswers
    private let conversion: ContentConversion
    private let binaryTypes: BinaryTypes
    private static let messagePath = JSONPath("errorMessage")

    /// - Throws: `MappingFailure` for what this version does not have.
    init(
        _ integration: RouteIntegration,
        function: FunctionInvoker,
        api: API,
        key: RouteKey,
        timeout: TimeAmount
    ) throws(MappingFailure) {
        self.function = function
        self.timeout = timeout
        mapping = try RequestMapping(integration.parameters, kind: .aws, key: key)
        templates = try RequestTemplates(integration)
        answers = try IntegrationAnswers(integration, api: api, key: key)
        guard let conversion = ContentConversion(integration.contentHandling) else {
            throw MappingFailure("content_handling_not_supported")
        }
        self.conversion = conversion
        binaryTypes = BinaryTypes(api)
    }

    var endpoint: EndpointSlot? { function.slot }
    var delivery: ExchangeStateMachine.Delivery { .collected }
    var invokesFunction: Bool { true }

    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? {
        do throws(GatewayError) {
            let event = try event(exchange)
            guard event.readableBytes <= LambdaIntegration.payloadLimit else {
                return .contentTooLarge(.rest, detail: "event_too_large")
            }
            let fields = ByteWriter(capacity: 256)
            for (target, value) in try mapping.values(exchange) where Self.passes(target) {
                fields.write(field: target.name, value)
            }
            event.withUnsafeReadableBytes { function.write(event: $0, fields: Array(fields.bytes), to: writer) }
            return nil
        } catch { return error }
    }

    /// The fields that mean something to the Invoke API.
    private static func passes(_ target: RequestMapping.Target) -> Bool {
        target.isNamed("x-amz-invocation-type") || target.isNamed("x-amz-client-context")
    }

    /// The event: JSON, for Lambda takes nothing else; without content it is an empty object.
    private func event(_ exchange: Exchange) throws(GatewayError) -> ByteBuffer {
        var event: ByteBuffer
        switch templates.choice(exchange) {
        case .refused: throw .unsupportedMediaType()
        case .text(let text): event = ByteBuffer(bytes: text)
        case .passThrough:
            let isBinary = exchange.head.fields.withValue(of: .contentType) { binaryTypes.encodes(contentType: $0) }
            guard let converted = conversion.request(exchange.content, isBinary: isBinary) else {
                throw .badBase64(.rest, detail: "content_conversion_failed")
            }
            event = converted
        }
        if event.readableBytes == 0 { event = ByteBuffer(string: "{}") }
        let isJSON = event.withUnsafeReadableBytes { text in
            var scanner = JSONScanner(text)
            do throws(JSONScanner.Failure) {
                try scanner.skipValue()
                try scanner.finish()
                return true
            } catch { return false }
        }
        guard isJSON else {
            throw GatewayError(
                type: .badRequestBody,
                status: 400,
                message: "Could not parse request body into json",
                spelling: .spaced,
                errorType: "BadRequestException",
                detail: "event_not_json"
            )
        }
        return event
    }

    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        exchange.integrationStatus = head.head.status
        let answer = MappedAnswer(head: head.head, content: content)
        // An event that is only accepted has no result.
        if head.head.status == 202 || head.head.status == 204 {
            return answers.response(to: exchange, selector: nil, from: answer)
        }
        switch function.outcome(head.head, content) {
        case .result: return answers.response(to: exchange, selector: nil, from: answer)
        case .functionError:
            // A function that has failed has a message; its text selects the integration response.
            let message = content.withUnsafeReadableBytes { Self.messagePath?.value(in: $0) } ?? []
            return answers.response(to: exchange, selector: String(decoding: message, as: UTF8.self), from: answer)
        case .failed(let failure): return .failure(error(for: failure))
        case .refused(403), .refused(404):
            return .failure(.mayNotInvoke(.rest, detail: "function_not_found_or_forbidden"))
        case .refused(413): return .failure(.contentTooLarge(.rest, detail: "event_refused_as_too_large"))
        case .refused(429): return .failure(.badGateway(.rest, detail: "function_throttled"))
        case .refused: return .failure(.badResult(.rest, detail: "invoke_failed"))
        }
    }

    /// Unlike for a function that is given the whole request, these are failures of the network (recorded behaviour).
    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError {
        switch failure {
        case .connect: .badGateway(.rest, detail: "upstream_connect_failed")
        case .busy: .badGateway(.rest, detail: "function_throttled")
        case .closed: .badGateway(.rest, detail: "upstream_closed")
        case .malformed: .badGateway(.rest, detail: "upstream_malformed")
        case .tooLarge: .badResult(.rest, detail: "result_too_large")
        case .timeout: .timeout(.rest, wire: .lambda)
        }
    }
}
