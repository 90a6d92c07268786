// A web server that a template names: `http_proxy`, which passes requests on, and `http`, which makes new ones.

internal import Manifest
internal import NIOCore
internal import Routing

/// Sends requests to the URL of an integration.
///
/// `HTTP_PROXY` passes on what the client has sent and what the server answers, but for the fields that belong to the
/// gateway. `HTTP` (REST) sends only what is mapped, and makes the response of an integration response (developer guide,
/// "Set up HTTP integrations in API Gateway").
struct WebServerIntegration: Integration {
    /// API Gateway's quota for payloads.
    static let payloadLimit = 10 * 1024 * 1024

    let endpoint: EndpointSlot?
    let timeout: TimeAmount
    let delivery: ExchangeStateMachine.Delivery
    let kind: GatewayKind
    let target: WebServerTarget
    let mapping: RequestMapping
    /// What becomes of contents, where they are not passed on as they are.
    let made: Made?
    /// `AmazonAPIGateway_` and the id of the API.
    let apiID: [UInt8]

    /// The parts of an `HTTP` integration.
    struct Made: Sendable {
        let templates: RequestTemplates
        let answers: IntegrationAnswers
        let conversion: ContentConversion
        let binaryTypes: BinaryTypes
    }

    /// - Throws: `MappingFailure` for what this version does not have.
    init(_ integration: RouteIntegration, scope: PluginScope, key: RouteKey, timeout: TimeAmount) throws(MappingFailure)
    {
        kind = GatewayKind(scope.api.kind)
        self.timeout = timeout
        target = try WebServerTarget(integration, scope: scope, key: key)
        endpoint = target.slot
        mapping = try RequestMapping(kind == .rest ? integration.parameters : [:], kind: integration.kind, key: key)
        apiID = Array(EventTemplate.stableID(scope.apiID).utf8)
        guard integration.kind == .http else {
            made = nil
            // The answer to HEAD has no content, that to another method has: only one that is whole can be made the
            // other.
            let keepsMethod = integration.method == nil || integration.method == key.method.rawValue
            delivery = keepsMethod && !mapping.readsBody ? .streamed : .collected
            return
        }
        guard let conversion = ContentConversion(integration.contentHandling) else {
            throw MappingFailure("content_handling_not_supported")
        }
        delivery = .collected
        made = Made(
            templates: try RequestTemplates(integration),
            answers: try IntegrationAnswers(integration, api: scope.api, key: key),
            conversion: conversion,
            binaryTypes: BinaryTypes(scope.api)
        )
    }

    var answerLimit: Int { Self.payloadLimit }

    func sendsHead(_ exchange: Exchange) -> Bool {
        target.method.map { $0 == .head } ?? (exchange.head.method == .head)
    }

    func answer(_ exchange: Exchange) -> IntegrationResult? {
        exchange.head.fields.withBytes { memory in
            RoutePath.hasDotSegment(exchange.head.path(in: memory)) ? .failure(.ambiguousPath()) : nil
        }
    }

    // MARK: The request

    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? {
        do throws(GatewayError) {
            var content = exchange.content
            if let made { content = try made.content(exchange) }
            var mapped = try mapping.values(exchange)
            let host = mapped.firstIndex { $0.target.known == .host }.map { mapped.remove(at: $0).value }
            try target.write(exchange, mapping: mapping, mappedHost: host, passesQuery: made == nil, to: writer)
            if made == nil {
                WebServerFields.writePassed(exchange, mapped: mapped, kind: kind, to: writer)
            } else {
                writeMade(exchange, mapped, to: writer)
            }
            if kind == .rest {
                writer.write("X-Amzn-Apigateway-Api-Id: ")
                writer.write(apiID)
                writer.write("\r\n")
            }
            writer.write("X-Amzn-Trace-Id: ")
            writer.writeTrace(of: exchange)
            writer.write("\r\n")
            let framing = made == nil ? exchange.remainingFraming : .length(content.readableBytes)
            writer.write(framing == .length(0) ? .none : framing, method: target.method ?? exchange.head.method)
            writer.write("\r\n")
            writer.write(content)
            return nil
        } catch { return error }
    }

    /// The fields of a request of the gateway's own.
    private func writeMade(
        _ exchange: Exchange,
        _ mapped: [(target: RequestMapping.Target, value: [UInt8])],
        to writer: ByteWriter
    ) {
        for (target, value) in mapped { writer.write(field: target.name, value) }
        func isMapped(_ name: StaticString) -> Bool { mapped.contains { $0.target.isNamed(name) } }
        if !isMapped("accept") { writer.write("Accept: application/json\r\n") }
        if !isMapped("user-agent") {
            writer.write("User-Agent: AmazonAPIGateway_")
            writer.write(apiID)
            writer.write("\r\n")
        }
        let method = exchange.head.method
        guard !isMapped("content-type"), method != .get, method != .head, method != .options else { return }
        writer.write("Content-Type: ")
        exchange.head.fields.withValue(of: .contentType) { value in
            if let value { writer.write(value) } else { writer.write("application/json") }
        }
        writer.write("\r\n")
    }

    // MARK: The response

    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        exchange.integrationStatus = head.head.status
        if let made {
            let answer = MappedAnswer(head: head.head, content: content)
            return made.answers.response(to: exchange, selector: String(head.head.status), from: answer)
        }
        let isWhole = delivery == .collected
        return .response(
            WebServerFields.passed(head.head, kind: kind, keepsLength: exchange.head.method == .head && !isWhole),
            content: content
        )
    }

    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError {
        switch failure {
        case .connect, .busy: .badGateway(kind, detail: "upstream_connect_failed")
        case .closed: .badGateway(kind, detail: "upstream_closed")
        case .malformed: .badGateway(kind, detail: "upstream_malformed")
        case .tooLarge: .badGateway(kind, detail: "answer_too_large")
        case .timeout: .timeout(kind, wire: .http)
        }
    }
}

extension WebServerIntegration.Made {
    /// The content of the request to the server.
    fileprivate func content(_ exchange: Exchange) throws(GatewayError) -> ByteBuffer {
        let isBinary = exchange.head.fields.withValue(of: .contentType) { binaryTypes.encodes(contentType: $0) }
        let content: ByteBuffer
        switch templates.choice(exchange) {
        case .refused: throw .unsupportedMediaType()
        case .passThrough: content = exchange.content
        case .text(let text):
            // A template works on text; bytes have to be made text first.
            guard !isBinary || conversion == .toText || exchange.content.readableBytes == 0 else {
                throw .badConfiguration(.rest, detail: "template_of_binary_content")
            }
            content = ByteBuffer(bytes: text)
            guard conversion == .toBinary, !isBinary else { return content }
        }
        guard let converted = conversion.request(content, isBinary: isBinary) else {
            throw .badBase64(.rest, detail: "content_conversion_failed")
        }
        return converted
    }
}
