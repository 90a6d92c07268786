// Requests out of the bytes of a connection.

internal import NIOCore

/// Turns the bytes of one connection into heads, pieces of content and ends.
///
/// The caller pulls: as long as it does not ask for the next event, nothing is parsed. After an error nothing more
/// comes out; the rest of the bytes cannot be trusted (RFC 9112 section 2.2).
struct RequestParser: Sendable {
    /// What comes out, in the order head, content…, end.
    enum Event: Sendable {
        case head(RequestHead)
        case content(ByteBuffer)
        case end
    }

    private enum State: Sendable {
        case head
        case content(ContentReader)
        case failed
    }

    private let limits: MessageLimits
    private var buffer = ByteBuffer()
    private var scanner = HeadScanner()
    private var state = State.head

    init(limits: MessageLimits) { self.limits = limits }

    /// How many bytes wait to be parsed.
    var pendingBytes: Int { buffer.readableBytes }

    /// Whether the connection is between two requests, with not a byte of the next.
    var isIdle: Bool {
        switch state {
        case .head: buffer.readableBytes == 0
        case .content(let reader): reader.isAtEnd && buffer.readableBytes == 0
        case .failed: false
        }
    }

    /// Takes bytes from the connection.
    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
    }

    /// Forgets everything that is still to come.
    mutating func stop() {
        state = .failed
        buffer = ByteBuffer()
    }

    /// The next event.
    ///
    /// - Returns: nil where more bytes are needed.
    /// - Throws: `MessageError`; the connection must not be read any further.
    @inline(__always)
    mutating func next() throws(MessageError) -> Event? {
        do throws(MessageError) { return try advance() } catch {
            stop()
            throw error
        }
    }

    private mutating func advance() throws(MessageError) -> Event? {
        switch state {
        case .head: return try head()
        case .content(var reader):
            let output = try reader.next(&buffer)
            state = output == .end ? .head : .content(reader)
            return output.map {
                switch $0 {
                case .content(let slice): .content(slice)
                case .end: .end
                }
            }
        case .failed: return nil
        }
    }

    private mutating func head() throws(MessageError) -> Event? {
        // An empty line before a request is what some old clients leave behind their content (section 2.2).
        while buffer.readableBytes >= 2, buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) == 0x0D0A {
            buffer.moveReaderIndex(forwardBy: 2)
            scanner = HeadScanner()
        }
        var end: Int?
        var failure: MessageError?
        var hasLine = false
        buffer.withUnsafeReadableBytes { memory in
            do throws(MessageError) { end = try scanner.end(in: memory) } catch { failure = error }
            hasLine = memory.firstIndex(of: 0x0A, from: 0) != nil
        }
        if let failure { throw failure }
        guard let end, end <= limits.headBytes else {
            if !hasLine, buffer.readableBytes > limits.requestLineBytes + 2 { throw .targetTooLong }
            if end != nil || buffer.readableBytes > limits.headBytes { throw .fieldsTooLarge }
            try checkStart()
            return nil
        }
        guard let bytes = buffer.readSlice(length: end) else { return nil }
        scanner = HeadScanner()
        let head = try RequestHead(parsing: bytes, limits: limits)
        state = .content(ContentReader(head.framing))
        return .head(head)
    }

    /// Says at once that bytes are no HTTP (a TLS hello, for one) instead of waiting for a line that never ends.
    private func checkStart() throws(MessageError) {
        if let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self), !first.isTokenCharacter, first != 0x0D
        {
            throw .malformed("the request line does not begin with a method")
        }
    }
}
