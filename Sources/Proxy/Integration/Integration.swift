// What a route ends in.

internal import Manifest
internal import NIOCore

/// What answers the requests of a route.
protocol Integration: Sendable {
    /// Where requests go; nil for an integration that answers by itself.
    var endpoint: EndpointSlot? { get }
    /// Whether contents travel whole or piece by piece.
    var delivery: ExchangeStateMachine.Delivery { get }
    /// How long the endpoint may take.
    var timeout: TimeAmount { get }
    /// How many bytes an answer that is collected may have.
    var answerLimit: Int { get }
    /// Whether `answer` has to see the request's content.
    var answersWithContent: Bool { get }
    /// Whether what is written invokes a function with an event.
    var invokesFunction: Bool { get }

    /// Whether the request that is sent for this one is HEAD, whose answer has no content.
    func sendsHead(_ exchange: Exchange) -> Bool

    /// Answers without an endpoint, or refuses a request that must not go there.
    ///
    /// - Returns: nil where the request is to be sent.
    func answer(_ exchange: Exchange) -> IntegrationResult?

    /// Writes the request: with its content where contents are collected, else its head.
    ///
    /// - Returns: why it cannot be sent; nil where it is written.
    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError?

    /// Makes the client's response from the endpoint's: with its content where contents are collected.
    ///
    /// - Returns: the response, or why there is none.
    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult

    /// What the client gets when the endpoint has not answered.
    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError
}

extension Integration {
    var answerLimit: Int { LambdaIntegration.payloadLimit }
    var answersWithContent: Bool { false }
    var invokesFunction: Bool { false }
    func sendsHead(_ exchange: Exchange) -> Bool { exchange.head.method == .head && delivery == .streamed }
    func answer(_ exchange: Exchange) -> IntegrationResult? { nil }
}

/// The client's response, or why there is none.
enum IntegrationResult {
    case response(ResponseHead, content: ByteBuffer)
    case failure(GatewayError)
}

/// A route that needs what this version cannot do. It refuses: nothing becomes public by being unsupported.
struct RefusingIntegration: Integration {
    private let error: GatewayError
    var endpoint: EndpointSlot? { nil }
    var delivery: ExchangeStateMachine.Delivery { .collected }
    var timeout: TimeAmount { .zero }

    /// - Parameter reason: why, for log and metrics.
    init(reason: StaticString) { error = .notImplemented(detail: reason) }

    init(_ error: GatewayError) { self.error = error }

    func answer(_ exchange: Exchange) -> IntegrationResult? { .failure(error) }
    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? { error }
    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        .failure(error)
    }
    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError { error }
}
