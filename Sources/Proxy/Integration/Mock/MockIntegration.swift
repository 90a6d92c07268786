// A route that answers by itself.

internal import Manifest
internal import NIOCore

/// Answers with what stands in the template (`MOCK`, REST): the request template names a status, and the status selects
/// the integration response (developer guide, "Set up mock integrations in API Gateway").
struct MockIntegration: Integration {
    private let templates: RequestTemplates
    private let answers: IntegrationAnswers

    /// - Throws: `MappingFailure` for what this version does not have.
    init(_ integration: RouteIntegration, api: API, key: RouteKey) throws(MappingFailure) {
        templates = try RequestTemplates(integration)
        answers = try IntegrationAnswers(integration, api: api, key: key)
    }

    var endpoint: EndpointSlot? { nil }
    var delivery: ExchangeStateMachine.Delivery { .collected }
    var timeout: TimeAmount { .zero }
    /// Content without a template is what names the status, and mappings may look at it.
    var answersWithContent: Bool { templates.mayPassThrough || answers.readsRequestBody }

    func answer(_ exchange: Exchange) -> IntegrationResult? {
        let status: Int?
        switch templates.choice(exchange) {
        case .refused: return .failure(.unsupportedMediaType())
        case .text(let text): status = text.withUnsafeBytes { LenientJSON.statusCode($0) }
        case .passThrough: status = exchange.content.withUnsafeReadableBytes { LenientJSON.statusCode($0) }
        }
        guard let status else { return .failure(.badConfiguration(.rest, detail: "mock_status_missing")) }
        exchange.integrationStatus = 200
        return answers.response(to: exchange, selector: String(status), from: nil)
    }

    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? { nil }

    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        .failure(.badConfiguration(.rest, detail: "mock_has_no_endpoint"))
    }

    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError {
        .badConfiguration(.rest, detail: "mock_has_no_endpoint")
    }
}
