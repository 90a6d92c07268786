// The chunked transfer coding, read strictly (RFC 9112 section 7.1).

internal import NIOCore

/// Takes the chunked coding off a content that arrives in pieces.
///
/// Chunk extensions are checked, bounded and dropped; trailers are checked, bounded and dropped.
struct ChunkedDecoder: Sendable {
    private enum State: Sendable {
        /// At the start of a chunk's size line.
        case size
        /// Within a chunk: how many bytes are still to come.
        case data(Int)
        /// After a chunk's bytes: CR LF.
        case dataEnd
        /// After the last chunk: trailer lines up to an empty one.
        case trailers
        case done
    }

    private static let lineLimit = 256
    private static let extensionLimit = 4096
    private static let trailerLimit = 8192

    private var state = State.size
    private var extensionBytes = 0
    private var trailerBytes = 0

    /// Takes the next piece off `buffer`.
    ///
    /// - Returns: content or its end; nil where more bytes are needed.
    /// - Throws: `MessageError.malformed` for anything that the grammar does not have.
    mutating func next(_ buffer: inout ByteBuffer) throws(MessageError) -> ContentReader.Output? {
        while true {
            switch state {
            case .size:
                guard let line = try line(&buffer, limit: Self.lineLimit) else { return nil }
                let (size, digits) = try Self.size(line.readableBytesView)
                extensionBytes += line.readableBytes - digits
                guard extensionBytes <= Self.extensionLimit else { throw .malformed("chunk extensions are too long") }
                state = size == 0 ? .trailers : .data(size)
            case .data(let remaining):
                guard let slice = buffer.readSlice(length: min(remaining, buffer.readableBytes)),
                    slice.readableBytes > 0
                else { return nil }
                state = slice.readableBytes == remaining ? .dataEnd : .data(remaining - slice.readableBytes)
                return .content(slice)
            case .dataEnd:
                if let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self), first != 0x0D {
                    throw .malformed("a chunk is not followed by CR LF")
                }
                guard buffer.readableBytes >= 2 else { return nil }
                guard buffer.readInteger(as: UInt16.self) == 0x0D0A else {
                    throw .malformed("a chunk is not followed by CR LF")
                }
                state = .size
            case .trailers:
                guard let line = try line(&buffer, limit: Self.trailerLimit) else { return nil }
                if line.readableBytes == 0 {
                    state = .done
                    return .end
                }
                trailerBytes += line.readableBytes
                guard trailerBytes <= Self.trailerLimit else { throw .fieldsTooLarge }
                try Self.checkTrailer(line.readableBytesView)
            case .done: return nil
            }
        }
    }

    /// The next line without its CR LF.
    private func line(_ buffer: inout ByteBuffer, limit: Int) throws(MessageError) -> ByteBuffer? {
        let newline = buffer.withUnsafeReadableBytes { $0.firstIndex(of: 0x0A, from: 0) }
        guard let newline else {
            if buffer.readableBytes > limit { throw .malformed("a line of the chunked coding is too long") }
            return nil
        }
        guard newline <= limit + 1, newline > 0, var line = buffer.readSlice(length: newline + 1) else {
            throw .malformed("a line of the chunked coding is malformed")
        }
        line.moveWriterIndex(to: line.writerIndex - 1)
        guard line.getInteger(at: line.writerIndex - 1, as: UInt8.self) == 0x0D else {
            throw .malformed("a line ends in LF alone")
        }
        line.moveWriterIndex(to: line.writerIndex - 1)
        return line
    }

    private static func size(_ line: ByteBufferView) throws(MessageError) -> (size: Int, digits: Int) {
        var size = 0
        var digits = 0
        var index = line.startIndex
        while index < line.endIndex, let digit = line[index].hexadecimalValue {
            digits += 1
            guard digits <= 15 else { throw .malformed("a chunk's size is too large") }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard digits > 0 else { throw .malformed("a chunk's size is missing") }
        try checkExtensions(line[index...])
        return (size, digits)
    }

    /// `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )`, without the bad white space that recipients
    /// read in different ways.
    private static func checkExtensions(_ text: ByteBufferView) throws(MessageError) {
        var index = text.startIndex
        func token() throws(MessageError) {
            let start = index
            while index < text.endIndex, text[index].isTokenCharacter { index += 1 }
            guard index > start else { throw .malformed("a chunk extension is malformed") }
        }
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: ";") else { throw .malformed("a chunk's size is malformed") }
            index += 1
            try token()
            guard index < text.endIndex, text[index] == UInt8(ascii: "=") else { continue }
            index += 1
            guard index < text.endIndex, text[index] == UInt8(ascii: "\"") else {
                try token()
                continue
            }
            index += 1
            while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
                if text[index] == UInt8(ascii: "\\") { index += 1 }
                guard index < text.endIndex, text[index].isFieldValueCharacter else {
                    throw .malformed("a chunk extension is malformed")
                }
                index += 1
            }
            guard index < text.endIndex else { throw .malformed("a chunk extension is malformed") }
            index += 1
        }
    }

    private static func checkTrailer(_ line: ByteBufferView) throws(MessageError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy(\.isTokenCharacter),
            line[(colon + 1)...].allSatisfy(\.isFieldValueCharacter)
        else { throw .malformed("a trailer is malformed") }
        let isForbidden = line[..<colon].withUnsafeBytes { name in
            switch FieldName(name) {
            case .contentLength, .host, .transferEncoding, .te, .trailer, .connection, .contentType, .authorization:
                true
            default: false
            }
        }
        // What frames, routes or authorizes a message must be known before its content (RFC 9110 section 6.5.1).
        guard !isForbidden else { throw .malformed("a trailer is a field that must not be one") }
    }
}
