// The encoding of AWS event streams: messages of headers and a payload, each with two checksums.

internal import CZlib
internal import NIOCore

/// Messages of `application/vnd.amazon.eventstream` (Amazon Transcribe developer guide, "Event stream encoding").
///
/// ```
/// total length (4) | length of headers (4) | CRC of these (4) | headers | payload | CRC of all before (4)
/// ```
enum EventStream {
    /// The type of a header's value that is a text.
    private static let textValue: UInt8 = 7

    /// One message.
    ///
    /// - Parameters:
    ///   - event: the value of `:event-type`.
    ///   - contentType: the value of `:content-type`.
    ///   - payload: at most 16 MiB.
    /// - Returns: its bytes.
    static func message(event: String, contentType: String, payload: ByteBuffer) -> ByteBuffer {
        var headers = ByteBuffer()
        for (name, value) in [(":event-type", event), (":content-type", contentType), (":message-type", "event")] {
            headers.writeInteger(UInt8(name.utf8.count))
            headers.writeString(name)
            headers.writeInteger(textValue)
            headers.writeInteger(UInt16(value.utf8.count))
            headers.writeString(value)
        }
        let length = 16 + headers.readableBytes + payload.readableBytes
        var message = ByteBuffer()
        message.reserveCapacity(length)
        message.writeInteger(UInt32(length))
        message.writeInteger(UInt32(headers.readableBytes))
        message.writeInteger(checksum(of: message))
        message.writeImmutableBuffer(headers)
        message.writeImmutableBuffer(payload)
        message.writeInteger(checksum(of: message))
        return message
    }

    private static func checksum(of buffer: ByteBuffer) -> UInt32 {
        buffer.withUnsafeReadableBytes { bytes in
            UInt32(
                truncatingIfNeeded: crc32(
                    0,
                    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    UInt32(bytes.count)
                )
            )
        }
    }
}
