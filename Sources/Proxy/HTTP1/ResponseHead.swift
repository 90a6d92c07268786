// The head of a response: from a handler endpoint, or of the gateway's own making.

internal import NIOCore

/// Status and fields of a response.
struct ResponseHead: Sendable {
    /// 100 to 599.
    var status: Int
    var fields: FieldSection

    init(status: Int, fields: FieldSection = FieldSection()) {
        self.status = status
        self.fields = fields
    }

    /// Whether a response of this status never has content (RFC 9110 section 6.4.1).
    static func hasNoContent(_ status: Int) -> Bool { status < 200 || status == 204 || status == 304 }
}

/// A response head as an endpoint sent it.
struct UpstreamResponseHead: Sendable {
    var head: ResponseHead
    var framing: MessageFraming
    /// Whether the connection can carry another request after this response.
    var keepsAlive: Bool

    /// Reads a whole head, as strictly as a request's.
    ///
    /// - Parameters:
    ///   - bytes: the status line, the fields and the empty line, and nothing else.
    ///   - answersHead: whether the request was HEAD, whose responses have no content whatever they say.
    ///   - limits: how large the fields may be.
    /// - Throws: `MessageError` for what RFC 9112 does not allow.
    init(parsing bytes: ByteBuffer, answersHead: Bool, limits: MessageLimits) throws(MessageError) {
        var failure: MessageError?
        var status = 0
        var minorVersion = 1
        var fields: [FieldSection.Field] = []
        var framing = MessageFraming.untilClose
        var closes = false
        bytes.withUnsafeReadableBytes { memory in
            do throws(MessageError) {
                let line = try Self.statusLine(memory)
                status = line.status
                minorVersion = line.minorVersion
                fields = try FieldLineParser.parse(memory, from: line.end, limits: limits)
                (framing, closes) = try Self.semantics(of: fields, in: memory, minorVersion: minorVersion)
            } catch { failure = error }
        }
        if let failure { throw failure }
        if answersHead || ResponseHead.hasNoContent(status) { framing = .none }
        head = ResponseHead(status: status, fields: FieldSection(bytes: bytes, fields: fields))
        self.framing = framing
        keepsAlive = !closes && framing != .untilClose
    }

    private static func statusLine(
        _ memory: UnsafeRawBufferPointer
    ) throws(MessageError) -> (status: Int, minorVersion: Int, end: Int) {
        guard let newline = memory.firstIndex(of: 0x0A, from: 0), newline >= 13,
            memory.slice(0, 7).equalsIgnoringCase("http/1."), memory[0] == UInt8(ascii: "H"),
            memory[7] == UInt8(ascii: "1") || memory[7] == UInt8(ascii: "0"), memory[8] == 0x20,
            let status = memory.slice(9, 12).decimalValue, (100...599).contains(status)
        else { throw .malformed("the status line is malformed") }
        let reason = memory.slice(12, newline - 1)
        guard reason.isEmpty || reason[0] == 0x20, reason.allSatisfy(\.isFieldValueCharacter) else {
            throw .malformed("the status line is malformed")
        }
        return (status, Int(memory[7] &- 48), newline + 1)
    }

    private static func semantics(
        of fields: [FieldSection.Field],
        in memory: UnsafeRawBufferPointer,
        minorVersion: Int
    ) throws(MessageError) -> (MessageFraming, closes: Bool) {
        var length: Int?
        var isChunked = false
        var closes = false
        var keepsAlive = false
        for field in fields {
            let value = field.value(in: memory)
            switch field.name {
            case .contentLength:
                guard length == nil, let number = value.decimalValue else {
                    throw .malformed("the Content-Length field is not one number")
                }
                length = number
            case .transferEncoding:
                guard !isChunked, minorVersion == 1, value.equalsIgnoringCase("chunked") else {
                    throw .malformed("the Transfer-Encoding field is not 'chunked'")
                }
                isChunked = true
            case .connection:
                value.forEachListElement { option in
                    if option.equalsIgnoringCase("close") { closes = true }
                    if option.equalsIgnoringCase("keep-alive") { keepsAlive = true }
                }
            default: break
            }
        }
        guard length == nil || !isChunked else {
            throw .malformed("both Content-Length and Transfer-Encoding are there")
        }
        let framing: MessageFraming = isChunked ? .chunked : length.map { .length($0) } ?? .untilClose
        return (framing, closes || (minorVersion == 0 && !keepsAlive))
    }
}
