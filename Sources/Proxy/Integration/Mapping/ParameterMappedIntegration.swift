// The parameter mapping of an HTTP API, around whatever answers the route.

internal import Manifest
internal import NIOCore
internal import Routing

/// Changes requests before an integration writes them, and its responses after it has made them.
///
/// The exchange has the client's own request again when it is written: logs and other settings of the API speak of that.
struct ParameterMappedIntegration: Integration {
    private let base: any Integration
    private let requestChanges: [ParameterChange]
    /// By the status of the response.
    private let responseChanges: [String: [ParameterChange]]
    let delivery: ExchangeStateMachine.Delivery

    /// - Parameters:
    ///   - base: what answers.
    ///   - request: the changes of requests.
    ///   - responses: the changes of responses by status.
    ///   - key: the route, whose path has the parameters.
    /// - Throws: `MappingFailure` for what this version does not have.
    init(
        _ base: any Integration,
        request: [String: String],
        responses: [String: [String: String]],
        key: RouteKey
    ) throws(MappingFailure) {
        self.base = base
        requestChanges = try ParameterChange.read(request, key: key, ofResponse: false)
        var changes: [String: [ParameterChange]] = [:]
        for (status, texts) in responses {
            changes[status] = try ParameterChange.read(texts, key: key, ofResponse: true)
        }
        responseChanges = changes
        let answers = changes.values.joined()
        let readsContent =
            requestChanges.contains { $0.source?.readsRequestBody ?? false }
            || answers.contains { $0.source?.readsRequestBody ?? false || $0.source?.readsAnswerBody ?? false }
        // A status may be one of responses without content, which must then not be on its way.
        let setsStatus = answers.contains { if case .status = $0.target { true } else { false } }
        delivery = readsContent || setsStatus ? .collected : base.delivery
    }

    var endpoint: EndpointSlot? { base.endpoint }
    var timeout: TimeAmount { base.timeout }
    var answerLimit: Int { base.answerLimit }
    var answersWithContent: Bool { base.answersWithContent }
    var invokesFunction: Bool { base.invokesFunction }
    func sendsHead(_ exchange: Exchange) -> Bool { base.sendsHead(exchange) }
    func answer(_ exchange: Exchange) -> IntegrationResult? { base.answer(exchange) }
    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError { base.error(for: failure) }

    // MARK: The request

    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? {
        guard !requestChanges.isEmpty else { return base.writeRequest(exchange, to: writer) }
        let (head, decodedPath) = (exchange.head, exchange.decodedPath)
        defer {
            exchange.head = head
            exchange.decodedPath = decodedPath
            exchange.mapped = nil
        }
        do throws(GatewayError) { try change(exchange) } catch { return error }
        return base.writeRequest(exchange, to: writer)
    }

    private func change(_ exchange: Exchange) throws(GatewayError) {
        var rewriting = RequestRewriting(exchange.head)
        // Every value is of the request as the client has sent it, whatever is changed before.
        for change in requestChanges {
            var value: [UInt8]?
            if case .path = change.target {
                value = change.source?.pathValue(exchange)
            } else {
                value = change.source?.value(exchange)
            }
            guard change.action == .remove || value != nil else { continue }
            if case .field = change.target, let value {
                guard value.allSatisfy(\.isFieldValueCharacter) else { throw .unmappableValue() }
            }
            rewriting.apply(change, value ?? [])
        }
        var mapped = MappedRequest(path: rewriting.path, host: rewriting.host)
        if let path = rewriting.path {
            guard !path.withUnsafeBytes({ RoutePath.hasDotSegment($0) }) else { throw .ambiguousPath() }
            mapped.routedPath = exchange.withRoutedPath { Array($0) }
        }
        exchange.mapped = mapped
        do throws(MessageError) { exchange.head = try rewriting.head() } catch { throw .unmappableValue() }
        if let path = rewriting.path { exchange.decodedPath = path.withUnsafeBytes { RoutePath.http($0) } }
    }

    // MARK: The response

    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        let result = base.makeResponse(exchange, from: head, content: content)
        guard case .response(var response, let content) = result else { return result }
        if delivery == .collected { response.fields.removeAll { $0.name == .contentLength } }
        guard let changes = responseChanges[String(response.status)] ?? responseChanges["default"] else {
            return .response(response, content: content)
        }
        let answer = MappedAnswer(head: response, content: content)
        for change in changes {
            let value = change.source?.value(exchange, answer)
            guard change.action == .remove || value != nil else { continue }
            switch change.target {
            case .status:
                // What is no status changes nothing: the response may be on its way already.
                if let status = value?.withUnsafeBytes({ $0.decimalValue }), (200...599).contains(status) {
                    response.status = status
                }
            case .field(let known, let spelling):
                if change.action != .append { response.fields.remove(named: change) }
                guard let value, value.allSatisfy(\.isFieldValueCharacter) else { continue }
                spelling.withUnsafeBytes { spelling in
                    value.withUnsafeBytes { response.fields.append(known, spelling, value: $0.trimmed) }
                }
            case .query, .path: break
            }
        }
        return .response(response, content: content)
    }
}

extension FieldSection {
    fileprivate mutating func remove(named change: ParameterChange) {
        let old = self
        removeAll { field in old.withBytes { change.changes(field.name(in: $0)) } }
    }
}
