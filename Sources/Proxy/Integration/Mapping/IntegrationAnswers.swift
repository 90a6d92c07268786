// What a REST API makes of an integration's answer: which integration response, its fields and its body.

internal import Manifest
internal import NIOCore

/// The integration responses of a route, made ready (developer guide, "Set up an integration response").
struct IntegrationAnswers: Sendable {
    /// One integration response.
    struct Answer: Sendable {
        let status: Int
        let fields: [Field]
        /// The bodies by media type; empty where the integration's own passes.
        let templates: [(type: [UInt8], text: [UInt8])]
        let conversion: ContentConversion
    }

    /// A field of the client's response.
    struct Field: Sendable {
        let name: FieldName
        let spelling: [UInt8]
        let source: MappingSource
    }

    /// The answers that a pattern selects; in the order of the patterns, as the manifest does not keep that of the template.
    private let selected: [(pattern: LinearPattern, answer: Answer)]
    private let standard: Answer?
    private let binaryTypes: BinaryTypes
    /// Whether the trace id is among the fields, as it is where there is an endpoint.
    private let isTraced: Bool

    /// - Throws: `MappingFailure` for a pattern, a status or a mapping that this version does not have.
    init(_ integration: RouteIntegration, api: API, key: RouteKey) throws(MappingFailure) {
        var selected: [(pattern: LinearPattern, answer: Answer)] = []
        var standard: Answer?
        for (pattern, response) in integration.responses.sortedByCodePoint {
            let answer = try Answer(response, key: key)
            if pattern == "default" {
                standard = answer
            } else {
                do throws(LinearPattern.Failure) { selected.append((try LinearPattern(pattern), answer)) } catch {
                    throw MappingFailure("selection_pattern_not_supported")
                }
            }
        }
        self.selected = selected
        self.standard = standard
        binaryTypes = BinaryTypes(api)
        isTraced = integration.kind != .mock
    }

    /// Whether a mapping looks at the request's content.
    var readsRequestBody: Bool {
        (selected.map(\.answer) + [standard].compactMap { $0 }).contains { answer in
            answer.fields.contains { $0.source.readsRequestBody }
        }
    }

    /// The answer that a text selects: a status, or the message of an error.
    ///
    /// - Parameter text: nil where only the default can be meant.
    /// - Returns: nil where there is neither one with a pattern for it, nor a default.
    func select(_ text: String?) -> Answer? {
        guard let text else { return standard }
        // All patterns together: a function's message may be megabytes long.
        var budget = LinearPattern.ordinaryBudget
        return selected.first { $0.pattern.matchesWhole(text, budget: &budget) }?.answer ?? standard
    }

    /// Makes the client's response.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - selector: what selects the integration response.
    ///   - source: the integration's answer; nil for one that has none.
    /// - Returns: the response; the gateway's own error where no integration response is selected, or a value is of no
    ///   use.
    func response(to exchange: Exchange, selector: String?, from source: MappedAnswer?)
        -> IntegrationResult
    {
        guard let answer = select(selector) else {
            return .failure(.badConfiguration(.rest, detail: "integration_response_missing"))
        }
        var head = ResponseHead(status: answer.status)
        for field in answer.fields {
            guard let value = field.source.value(exchange, source) else { continue }
            guard value.allSatisfy(\.isFieldValueCharacter) else {
                return .failure(.badConfiguration(.rest, detail: "mapped_response_value_malformed"))
            }
            field.spelling.withUnsafeBytes { spelling in
                value.withUnsafeBytes { head.fields.append(field.name, spelling, value: $0.trimmed) }
            }
        }
        let template = answer.template(exchange)
        if !head.fields.contains(.contentType) {
            let type = template?.type ?? Array("application/json".utf8)
            head.fields.append(.contentType, "Content-Type", value: type)
        }
        if isTraced { head.fields.appendTrace(of: exchange) }
        guard let content = content(answer, template?.text, exchange, source) else {
            return .failure(.badBase64(.rest, detail: "content_conversion_failed"))
        }
        return .response(head, content: content)
    }

    /// A template is text; unlike the content of an answer it is never taken for base64 unless that is asked for.
    private func content(_ answer: Answer, _ template: [UInt8]?, _ exchange: Exchange, _ source: MappedAnswer?)
        -> ByteBuffer?
    {
        if let template {
            let text = ByteBuffer(bytes: template)
            return answer.conversion == .toBinary
                ? answer.conversion.answer(text, isBinary: false, wantsBinary: true) : text
        }
        guard let source else { return ByteBuffer() }
        return answer.conversion.answer(
            source.content,
            isBinary: source.head.fields.withValue(of: .contentType) { binaryTypes.encodes(contentType: $0) },
            wantsBinary: exchange.head.fields.withValue(of: .accept) { binaryTypes.decodes(accept: $0) }
        )
    }
}

extension IntegrationAnswers.Answer {
    fileprivate init(_ response: RouteIntegration.Response, key: RouteKey) throws(MappingFailure) {
        guard let status = Int(response.statusCode), (200...599).contains(status) else {
            throw MappingFailure("integration_response_status_malformed")
        }
        guard let conversion = ContentConversion(response.contentHandling) else {
            throw MappingFailure("content_handling_not_supported")
        }
        self.status = status
        self.conversion = conversion
        templates = response.templates.sortedByCodePoint.map { (Array($0.key.lowercased().utf8), Array($0.value.utf8)) }
        guard templates.allSatisfy({ $0.type.allSatisfy(\.isFieldValueCharacter) }) else {
            throw MappingFailure("response_template_type_malformed")
        }
        var fields: [IntegrationAnswers.Field] = []
        for (target, expression) in response.parameters.sortedByCodePoint {
            guard let name = target.suffix(after: "method.response.header."), name.utf8.allSatisfy(\.isTokenCharacter),
                let source = MappingSource(rest: expression, key: key)
            else { throw MappingFailure("response_mapping_not_supported") }
            if let field = IntegrationAnswers.Field(name: name, source: source) { fields.append(field) }
        }
        self.fields = fields
    }

    /// The template by the first media type that the client accepts, else that of `application/json`, else the first.
    fileprivate func template(_ exchange: Exchange) -> (type: [UInt8], text: [UInt8])? {
        guard let first = templates.first else { return nil }
        return exchange.head.fields.withValue(of: .accept) { value in
            let list = value?.firstIndex(of: UInt8(ascii: ","), from: 0) ?? value?.count ?? 0
            let end = value?.slice(0, list).firstIndex(of: UInt8(ascii: ";"), from: 0) ?? list
            let wanted = value?.slice(0, end).trimmed
            return templates.first { $0.type.withUnsafeBytes { wanted?.equalsIgnoringCase($0) ?? false } }
                ?? templates.first { $0.type.elementsEqual("application/json".utf8) } ?? first
        }
    }
}

extension IntegrationAnswers.Field {
    /// Fields that belong to the gateway come out under another name, and the framing is the gateway's (recorded
    /// behaviour of REST APIs).
    fileprivate init?(name: String, source: MappingSource) {
        let bytes = Array(name.utf8)
        let known = bytes.withUnsafeBytes { FieldName($0) }
        self.source = source
        switch known {
        case .transferEncoding, .keepAlive, .te: return nil
        case .authorization, .connection, .contentLength, .contentMD5, .date, .expect, .host, .maxForwards,
            .proxyAuthenticate, .server, .trailer, .upgrade, .userAgent, .wwwAuthenticate, .xAmznRequestId:
            self.name = .other
            spelling = Array("x-amzn-Remapped-".utf8) + bytes
        default:
            self.name = known
            spelling = bytes
        }
    }
}

extension FieldSection {
    /// Appends the trace of a response (recorded behaviour): the root of the client's own, or one that is made of the
    /// request id, and what follows it.
    mutating func appendTrace(of exchange: Exchange) {
        // No response is being written yet, so its writer is free.
        let writer = exchange.loop.writer
        writer.reset()
        writer.writeTraceRoot(of: exchange)
        exchange.requestID.writeTraceEnd(to: writer)
        append(.xAmznTraceId, "X-Amzn-Trace-Id", value: writer.bytes)
    }
}

extension ByteWriter {
    /// Writes the root of a trace, `Root=1-…`: the client's, or one that is made of the request id.
    fileprivate func writeTraceRoot(of exchange: Exchange) {
        let sent = exchange.head.fields.withValue(of: .xAmznTraceId) { value in
            guard let value, value.count > 5, value.slice(0, 5).elementsEqual("Root=".utf8) else { return false }
            write(value.slice(0, value.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? value.count))
            return true
        }
        if !sent { writeNewTraceRoot(of: exchange) }
    }

    private func writeNewTraceRoot(of exchange: Exchange) {
        write("Root=")
        exchange.requestID.writeTraceRoot(seconds: exchange.startTime.seconds, to: self)
    }

    /// Writes the trace id of a request: the client's own, or one that is made of the request id.
    func writeTrace(of exchange: Exchange) {
        let sent = exchange.head.fields.withValue(of: .xAmznTraceId) { value in
            if let value { write(value) }
            return value != nil
        }
        if !sent { writeNewTraceRoot(of: exchange) }
    }
}
