// Contents made smaller.

internal import CZlib
internal import NIOCore

/// Compresses one content, piece by piece. Confined to one event loop.
final class Deflater: ContentTransform {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether something has been taken that has not been given out for certain.
    private var holdsBack = false

    /// Nil where there is no memory for it.
    ///
    /// - Parameter coding: the coding of what comes out.
    init?(_ coding: ContentCoding) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // A small window and little memory, since a client may keep many responses open: 64 KiB each. Events are
        // compressed on the event loop, so that speed counts for more than the last percent.
        guard samovar_deflate_init(stream, 3, coding.windowBits(13), 6) == Z_OK else { return nil }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func transform(_ content: ByteBuffer) -> ByteBuffer {
        holdsBack = true
        return run(content, Z_NO_FLUSH)
    }

    func flush() -> ByteBuffer {
        guard holdsBack else { return ByteBuffer() }
        holdsBack = false
        return run(ByteBuffer(), Z_SYNC_FLUSH)
    }

    func finish() -> ByteBuffer { run(ByteBuffer(), Z_FINISH) }

    /// Compresses a content that is whole.
    static func deflate(_ content: ByteBuffer, _ coding: ContentCoding) -> ByteBuffer? {
        guard let deflater = Deflater(coding) else { return nil }
        return deflater.run(content, Z_FINISH)
    }

    private func run(_ content: ByteBuffer, _ flush: Int32) -> ByteBuffer {
        var output = ByteBufferAllocator().buffer(capacity: content.readableBytes / 2 + 128)
        content.withUnsafeReadableBytes { input in
            let start = input.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            var isFull = true
            while isFull {
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { space in
                    let size = UInt32(clamping: space.count)
                    stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
                    stream.pointee.avail_out = size
                    let status = CZlib.deflate(stream, flush)
                    let written = Int(size - stream.pointee.avail_out)
                    // What does not fill the space has come to its end.
                    isFull = status == Z_OK && stream.pointee.avail_out == 0
                    return written
                }
            }
            stream.pointee.next_in = nil
            stream.pointee.next_out = nil
        }
        return output
    }
}
