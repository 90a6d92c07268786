// From a function's result to the client's response.

internal import Manifest
internal import NIOCore

/// Makes the response of one exchange from the text of a result.
struct ResultTranslator {
    let exchange: Exchange
    let template: EventTemplate
    /// Where values are unescaped.
    let scratch: ByteWriter

    private static let badBase64 = ProxyResult.Failure("result_base64_malformed")

    /// - Parameter content: the text of the result.
    /// - Returns: the response, or the gateway's own error for a result that is none.
    func translate(_ content: ByteBuffer) -> IntegrationResult {
        content.withUnsafeReadableBytes { text in
            do throws(ProxyResult.Failure) {
                if template.payload == .v2, let inferred = inferredResponse(text, content) { return inferred }
                let result = try ProxyResult(parsing: text, isStrict: template.kind == .rest, payload: template.payload)
                guard let status = result.status ?? (template.kind == .rest ? 200 : nil) else {
                    throw ProxyResult.Failure("result_status_missing")
                }
                var head = ResponseHead(status: status)
                switch (template.kind, template.payload) {
                // The two kinds of API have been recorded with opposite orders.
                case (.rest, _): try append(result.multiValueHeaders, then: result.headers, text, &head)
                case (.http, .v1): try append(result.headers, then: result.multiValueHeaders, text, &head)
                case (.http, .v2): try appendHTTP2(result, text, &head)
                }
                if !head.fields.contains(.contentType) {
                    head.fields.append(
                        .contentType,
                        "Content-Type",
                        value: Array((template.kind == .rest ? "application/json" : "text/plain; charset=utf-8").utf8)
                    )
                }
                if template.kind == .rest { head.fields.appendTrace(of: exchange) }
                return .response(head, content: try body(result, text, content))
            } catch {
                return .failure(
                    error == Self.badBase64
                        ? .badBase64(template.kind, detail: error.detail)
                        : .badResult(template.kind, detail: error.detail)
                )
            }
        }
    }

    /// Format 2.0: what is no object with a `statusCode` is the content of a response of its own; a string loses its
    /// quotes (developer guide, "Lambda function response for format 2.0").
    private func inferredResponse(_ text: UnsafeRawBufferPointer, _ content: ByteBuffer) -> IntegrationResult? {
        if hasStatusCode(text) { return nil }
        var head = ResponseHead(status: 200)
        head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
        var scanner = JSONScanner(text)
        do throws(JSONScanner.Failure) {
            if try scanner.kind() == .string {
                let inside = try scanner.string()
                try scanner.finish()
                return .response(head, content: unescaped(inside, text, content))
            }
        } catch {}
        return .response(head, content: content)
    }

    private func hasStatusCode(_ text: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(text)
        var found = false
        do throws(JSONScanner.Failure) {
            guard try scanner.kind() == .object else { return false }
            try scanner.forEachMember { (scanner, name) throws(JSONScanner.Failure) in
                let name = text.slice(name.lowerBound, name.upperBound)
                if name.elementsEqual("statusCode".utf8) {
                    found = try scanner.kind() != .null
                }
                try scanner.skipValue()
            }
            try scanner.finish()
        } catch { return false }
        return found
    }

    // MARK: Fields

    /// Appends the headers of `first` as they are, then those of `second` that do not say the same, spelled like them.
    private func append(
        _ first: [ProxyResult.Header],
        then second: [ProxyResult.Header],
        _ text: UnsafeRawBufferPointer,
        _ head: inout ResponseHead
    ) throws(ProxyResult.Failure) {
        for header in first { try append(header, text, &head) }
        for header in second where !isRepeated(header, among: first, text) {
            let namesake = first.first { text.slice($0.name).equalsIgnoringCase(text.slice(header.name)) }
            try append(ProxyResult.Header(name: namesake?.name ?? header.name, value: header.value), text, &head)
        }
    }

    private func appendHTTP2(
        _ result: ProxyResult,
        _ text: UnsafeRawBufferPointer,
        _ head: inout ResponseHead
    ) throws(ProxyResult.Failure) {
        for cookie in result.cookies {
            try append(.setCookie, "Set-Cookie", value: cookie, text, &head)
        }
        for header in result.headers { try append(header, text, &head) }
    }

    private func isRepeated(
        _ header: ProxyResult.Header,
        among others: [ProxyResult.Header],
        _ text: UnsafeRawBufferPointer
    ) -> Bool {
        others.contains { other in
            text.slice(other.name).equalsIgnoringCase(text.slice(header.name))
                && text.slice(other.value.range).equals(text.slice(header.value.range))
        }
    }

    private func append(
        _ header: ProxyResult.Header,
        _ text: UnsafeRawBufferPointer,
        _ head: inout ResponseHead
    ) throws(ProxyResult.Failure) {
        let name = text.slice(header.name)
        guard !name.isEmpty, name.allSatisfy(\.isTokenCharacter) else {
            throw ProxyResult.Failure("result_header_name_malformed")
        }
        let known = FieldName(name)
        switch (template.kind, known) {
        case (_, .transferEncoding), (.http, .connection), (.http, .contentLength), (.http, .keepAlive),
            (.http, .upgrade), (.http, .proxyConnection), (.http, .trailer):
            return
        case (.rest, .connection), (.rest, .contentLength), (.rest, .date), (.rest, .server), (.rest, .wwwAuthenticate),
            (.rest, .xAmznRequestId):
            try appendRemapped(name, value: header.value, text, &head)
        case (.rest, .keepAlive), (.rest, .upgrade), (.rest, .proxyConnection), (.rest, .trailer): return
        default:
            try unescapeValue(header.value, text)
            if template.kind == .http {
                let end = scratch.count
                scratch.write(titleCased: name)
                let bytes = scratch.bytes
                head.fields.append(known, bytes.slice(end, bytes.count), value: bytes.slice(0, end).trimmed)
            } else {
                head.fields.append(known, name, value: scratch.bytes.trimmed)
            }
        }
    }

    private func append(
        _ known: FieldName,
        _ spelling: StaticString,
        value: ProxyResult.Text,
        _ text: UnsafeRawBufferPointer,
        _ head: inout ResponseHead
    ) throws(ProxyResult.Failure) {
        try unescapeValue(value, text)
        head.fields.append(known, spelling, value: scratch.bytes.trimmed)
    }

    /// Fields that belong to the gateway come out under another name (recorded behaviour of REST APIs).
    private func appendRemapped(
        _ name: UnsafeRawBufferPointer,
        value: ProxyResult.Text,
        _ text: UnsafeRawBufferPointer,
        _ head: inout ResponseHead
    ) throws(ProxyResult.Failure) {
        let remapped = Array("x-amzn-Remapped-".utf8) + Array(name)
        try unescapeValue(value, text)
        remapped.withUnsafeBytes { head.fields.append(.other, $0, value: scratch.bytes.trimmed) }
    }

    /// Leaves the value in `scratch`, and makes sure that it can stand in a field.
    private func unescapeValue(_ value: ProxyResult.Text, _ text: UnsafeRawBufferPointer) throws(ProxyResult.Failure) {
        scratch.reset()
        if value.isString {
            scratch.write(unescaping: text.slice(value.range))
        } else {
            scratch.write(text.slice(value.range))
        }
        guard scratch.bytes.allSatisfy(\.isFieldValueCharacter) else {
            throw ProxyResult.Failure("result_header_value_malformed")
        }
    }

    // MARK: Content

    private func body(
        _ result: ProxyResult,
        _ text: UnsafeRawBufferPointer,
        _ content: ByteBuffer
    ) throws(ProxyResult.Failure) -> ByteBuffer {
        guard let body = result.body else { return ByteBuffer() }
        let plain = body.isString ? unescaped(body.range, text, content) : slice(body.range, content)
        guard result.isBase64Encoded, decodesBase64 else { return plain }
        guard let decoded = plain.withUnsafeReadableBytes({ Base64.decode($0) }) else {
            throw Self.badBase64
        }
        return decoded
    }

    /// An HTTP API always decodes; a REST API where the client accepts a binary media type.
    private var decodesBase64: Bool {
        template.kind == .http
            || exchange.head.fields.withValue(of: .accept) { template.binaryTypes.decodes(accept: $0) }
    }

    private func slice(_ range: Range<Int>, _ content: ByteBuffer) -> ByteBuffer {
        content.getSlice(at: content.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    /// What the inside of a string means; without a copy where nothing is escaped.
    private func unescaped(_ range: Range<Int>, _ text: UnsafeRawBufferPointer, _ content: ByteBuffer) -> ByteBuffer {
        let inside = text.slice(range)
        guard inside.firstIndex(of: UInt8(ascii: "\\"), from: 0) != nil else { return slice(range, content) }
        scratch.reset()
        scratch.write(unescaping: inside)
        return scratch.makeBuffer(ByteBufferAllocator())
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { slice(range.lowerBound, range.upperBound) }
}
