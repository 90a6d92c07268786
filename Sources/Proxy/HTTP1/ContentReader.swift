// The content of a message out of the bytes of a connection, by its framing.

internal import NIOCore

/// Takes the content of one message off a buffer, piece by piece (RFC 9112 section 6).
struct ContentReader: Sendable {
    /// What comes out, in the order content…, end.
    enum Output: Equatable, Sendable {
        case content(ByteBuffer)
        case end
    }

    private enum State: Sendable {
        /// How many bytes are still to come.
        case length(Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private var state: State

    /// - Parameter framing: how the message's head says that its content ends.
    init(_ framing: MessageFraming) {
        state =
            switch framing {
            case .none: .length(0)
            case .length(let length): .length(length)
            case .chunked: .chunked(ChunkedDecoder())
            case .untilClose: .untilClose
            }
    }

    /// Whether nothing more is to come but the end.
    var isAtEnd: Bool {
        if case .length(0) = state { true } else { false }
    }

    /// Whether the end of the connection is the end of the content.
    var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// Takes the next piece.
    ///
    /// - Parameter buffer: the bytes of the connection from the content on.
    /// - Returns: content or its end; nil where more bytes are needed.
    /// - Throws: `MessageError` for a chunked coding that is none.
    mutating func next(_ buffer: inout ByteBuffer) throws(MessageError) -> Output? {
        switch state {
        case .length(0): return .end
        case .length(let remaining):
            guard let slice = buffer.readSlice(length: min(remaining, buffer.readableBytes)), slice.readableBytes > 0
            else { return nil }
            state = .length(remaining - slice.readableBytes)
            return .content(slice)
        case .chunked(var decoder):
            let output = try decoder.next(&buffer)
            state = .chunked(decoder)
            return output
        case .untilClose:
            guard let slice = buffer.readSlice(length: buffer.readableBytes), slice.readableBytes > 0 else {
                return nil
            }
            return .content(slice)
        }
    }
}
