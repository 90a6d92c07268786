// One response at a time out of the bytes of an upstream connection.

internal import NIOCore

/// Turns the bytes of one upstream connection into a response.
///
/// It is armed for each request; bytes that come while it is not are nobody's answer and make the connection useless
/// (response-queue poisoning).
struct ResponseParser: Sendable {
    /// What comes out, in the order head, content…, end. Interim responses (1xx) are dropped, a bounded number of them.
    enum Event: Sendable {
        case head(UpstreamResponseHead)
        case content(ByteBuffer)
        case end
    }

    private enum State: Sendable {
        case idle
        case head
        case content(ContentReader)
        case failed
    }

    /// Heads of handlers may be larger than what the gateway lets clients send.
    static let limits = MessageLimits(
        requestLineBytes: 8192,
        headBytes: 64 * 1024,
        fieldValueBytes: 64 * 1024,
        fieldCount: 256,
        contentBytes: .max
    )
    private static let interimLimit = 8

    private var buffer = ByteBuffer()
    private var scanner = HeadScanner()
    private var state = State.idle
    private var answersHead = false
    private var interimResponses = 0
    /// Whether bytes came that belong to no response; the connection must not be used again.
    private(set) var isPoisoned = false

    /// Whether a response is expected or on its way.
    var isBusy: Bool {
        if case .idle = state { false } else { true }
    }

    /// Whether not a single byte of the expected response has come.
    var isUntouched: Bool {
        if case .head = state { buffer.readableBytes == 0 && interimResponses == 0 } else { false }
    }

    /// Expects the response to a request.
    mutating func expectResponse(toHead: Bool) {
        answersHead = toHead
        interimResponses = 0
        state = .head
    }

    /// Takes bytes from the connection.
    ///
    /// - Returns: false where none are expected; the connection must be closed.
    mutating func append(_ bytes: ByteBuffer) -> Bool {
        if case .idle = state { return false }
        if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
        return true
    }

    /// Takes the end of the connection.
    ///
    /// - Returns: whether it ends a response that lasts until then; else a response is cut short.
    mutating func connectionEnded() -> Bool {
        defer { state = .failed }
        if case .content(let reader) = state { return reader.endsWithConnection }
        return false
    }

    /// The next event.
    ///
    /// - Returns: nil where more bytes are needed.
    /// - Throws: `MessageError`; the connection must be closed.
    mutating func next() throws(MessageError) -> Event? {
        do throws(MessageError) { return try advance() } catch {
            state = .failed
            throw error
        }
    }

    private mutating func advance() throws(MessageError) -> Event? {
        switch state {
        case .idle, .failed: return nil
        case .head: return try head()
        case .content(var reader):
            let output = try reader.next(&buffer)
            state = .content(reader)
            switch output {
            case .content(let slice): return .content(slice)
            case .end: return finish()
            case nil: return nil
            }
        }
    }

    private mutating func finish() -> Event {
        isPoisoned = buffer.readableBytes > 0
        buffer = ByteBuffer()
        state = .idle
        return .end
    }

    private mutating func head() throws(MessageError) -> Event? {
        while true {
            var end: Int?
            var failure: MessageError?
            buffer.withUnsafeReadableBytes { memory in
                do throws(MessageError) { end = try scanner.end(in: memory) } catch { failure = error }
            }
            if let failure { throw failure }
            guard let end, end <= Self.limits.headBytes, let bytes = buffer.readSlice(length: end) else {
                if buffer.readableBytes > Self.limits.headBytes { throw .fieldsTooLarge }
                return nil
            }
            scanner = HeadScanner()
            let head = try UpstreamResponseHead(parsing: bytes, answersHead: answersHead, limits: Self.limits)
            guard head.head.status >= 200 else {
                interimResponses += 1
                guard head.head.status != 101, interimResponses <= Self.interimLimit else {
                    throw .malformed("an interim response that nobody asked for")
                }
                continue
            }
            state = .content(ContentReader(head.framing))
            return .head(head)
        }
    }
}
