// Contents as they were before they were made smaller.

internal import CZlib
internal import NIOCore

/// Decompresses contents, up to a size: a few bytes may stand for more than there is memory.
enum Inflater {
    enum Failure: Error {
        /// It is not in the coding that it is said to be in, or not whole.
        case malformed
        case tooLarge
    }

    /// The content that a compressed one stands for.
    ///
    /// - Parameters:
    ///   - content: all of it.
    ///   - coding: what it is said to be in.
    ///   - limit: how many bytes may come out.
    /// - Returns: what it stands for.
    /// - Throws: `Failure`.
    static func inflate(_ content: ByteBuffer, _ coding: ContentCoding, limit: Int) throws(Failure) -> ByteBuffer {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard samovar_inflate_init(stream, coding.windowBits(15)) == Z_OK else { throw .tooLarge }
        defer { inflateEnd(stream) }
        var output = ByteBufferAllocator().buffer(capacity: min(limit, content.readableBytes * 4))
        var failure: Failure?
        content.withUnsafeReadableBytes { input in
            let start = input.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            failure = run(stream, coding, limit, &output)
        }
        if let failure { throw failure }
        return output
    }

    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ coding: ContentCoding,
        _ limit: Int,
        _ output: inout ByteBuffer
    ) -> Failure? {
        while true {
            var status = Z_OK
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { space in
                let size = UInt32(clamping: space.count)
                stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = size
                status = CZlib.inflate(stream, Z_NO_FLUSH)
                return Int(size - stream.pointee.avail_out)
            }
            guard output.readableBytes <= limit else { return .tooLarge }
            switch status {
            case Z_STREAM_END where stream.pointee.avail_in == 0: return nil
            // A gzip content may be several, one after the other (RFC 1952 section 2.2).
            case Z_STREAM_END where coding == .gzip && inflateReset(stream) == Z_OK: continue
            // Space is left and the end has not come: the rest is missing.
            case Z_OK where stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0: continue
            default: return .malformed
            }
        }
    }
}
