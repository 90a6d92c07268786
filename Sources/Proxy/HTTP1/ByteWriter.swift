// Bytes under construction: one growing block of memory per event loop, from which each message is copied out whole.

internal import NIOCore

/// A block of memory that messages are put together in.
///
/// Many small writes to a `ByteBuffer` each pay for a uniqueness check and an index; here they are a bounds check and
/// a copy, and the block is used again for the next message. Confined to one event loop.
final class ByteWriter {
    private var storage: UnsafeMutableRawPointer
    private var capacity: Int
    /// How many bytes are written.
    private(set) var count = 0

    /// - Parameter capacity: the bytes to begin with; it grows on demand.
    init(capacity: Int = 8192) {
        self.capacity = max(64, capacity)
        storage = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { storage.deallocate() }

    /// The bytes written so far; valid until the next write.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage, count: count) }

    /// Forgets what is written, and gives memory back that one large message has taken.
    func reset() {
        count = 0
        guard capacity > 1 << 20 else { return }
        storage.deallocate()
        capacity = 8192
        storage = .allocate(byteCount: capacity, alignment: 16)
    }

    @inline(__always)
    private func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    @inline(never)
    private func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: storage, byteCount: count)
        storage.deallocate()
        storage = larger
    }

    /// Appends one byte.
    @inline(__always)
    func write(_ byte: UInt8) {
        reserve(1)
        storage.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends bytes.
    @inline(__always)
    func write(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        (storage + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends fixed text.
    @inline(__always)
    func write(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        (storage + count).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    /// Appends bytes that were prepared earlier.
    @inline(__always)
    func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0) }
    }

    /// Appends a text. For texts that are known when the program is built use the overload for `StaticString`.
    func write(text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    /// Appends the readable bytes of a buffer.
    func write(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { write($0) }
    }

    /// Appends a number in decimal digits.
    @inline(__always)
    func write(decimal number: Int) {
        if number >= 0 && number < 10 {
            write(UInt8(truncatingIfNeeded: 48 + number))
            return
        }
        var rest = number.magnitude
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { block in
            var position = block.count
            repeat {
                position -= 1
                block[position] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                position -= 1
                block[position] = UInt8(ascii: "-")
            }
            write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[position...]))
        }
    }

    /// Appends a number in hexadecimal digits, lower case, at least `width` of them.
    func write(hexadecimal number: UInt64, width: Int = 1) {
        let digits = max(width, (67 - number.leadingZeroBitCount) / 4)
        reserve(digits)
        var rest = number
        for offset in stride(from: count + digits - 1, through: count, by: -1) {
            let digit = UInt8(truncatingIfNeeded: rest & 0xF)
            storage.storeBytes(of: digit < 10 ? 48 + digit : 87 + digit, toByteOffset: offset, as: UInt8.self)
            rest >>= 4
        }
        count += digits
    }

    /// A buffer with a copy of what is written.
    func makeBuffer(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: count)
        buffer.writeBytes(bytes)
        return buffer
    }
}
