// How contents are converted between bytes and base64.

internal import Manifest
internal import NIOCore

/// `contentHandling` of an integration or of one of its answers.
///
/// (Developer guide, "Content type conversions in API Gateway", both tables.)
enum ContentConversion: Sendable {
    case none, toText, toBinary

    /// - Returns: nil for a text that is none.
    init?(_ text: String?) {
        switch text {
        case nil, "": self = .none
        case "CONVERT_TO_TEXT": self = .toText
        case "CONVERT_TO_BINARY": self = .toBinary
        default: return nil
        }
    }

    /// The content of a request on its way to the integration.
    ///
    /// - Parameters:
    ///   - content: as the client has sent it, or as a template has it.
    ///   - isBinary: whether the client's media type is one of the API's binary ones.
    /// - Returns: nil for what should be base64 and is not.
    func request(_ content: ByteBuffer, isBinary: Bool) -> ByteBuffer? {
        switch (self, isBinary) {
        case (.toText, true): Self.encoded(content)
        case (.toBinary, false): Self.decoded(content)
        case (.none, true), (.toBinary, true): content
        case (.none, false), (.toText, false): Self.text(content)
        }
    }

    /// The content of an answer on its way to the client.
    ///
    /// - Parameters:
    ///   - content: as the integration has sent it, or as a template has it.
    ///   - isBinary: whether the media type of the answer is one of the API's binary ones.
    ///   - wantsBinary: whether the first media type that the client accepts is.
    /// - Returns: nil for what should be base64 and is not.
    func answer(_ content: ByteBuffer, isBinary: Bool, wantsBinary: Bool) -> ByteBuffer? {
        switch (self, isBinary) {
        case (.toText, true): Self.encoded(content)
        case (.toBinary, false): Self.decoded(content)
        case (.toText, false), (.toBinary, true): content
        case (.none, false): wantsBinary ? Self.decoded(content) : content
        case (.none, true): wantsBinary ? content : Self.encoded(content)
        }
    }

    private static func encoded(_ content: ByteBuffer) -> ByteBuffer {
        let writer = ByteWriter(capacity: content.readableBytes / 3 * 4 + 4)
        content.withUnsafeReadableBytes { writer.write(base64: $0) }
        return writer.makeBuffer(ByteBufferAllocator())
    }

    private static func decoded(_ content: ByteBuffer) -> ByteBuffer? {
        content.withUnsafeReadableBytes { Base64.decode($0) }
    }

    /// Text is UTF-8; what is not becomes U+FFFD.
    private static func text(_ content: ByteBuffer) -> ByteBuffer {
        let isText = content.withUnsafeReadableBytes { bytes in
            var position = 0
            while position < bytes.count {
                let length = bytes[position] < 0x80 ? 1 : UTF8Sequence.length(in: bytes, at: position)
                if length == 0 { return false }
                position += length
            }
            return true
        }
        return isText ? content : ByteBuffer(string: String(buffer: content))
    }
}
