// Lines of bounded length from the bytes that a process prints.

internal import NIOCore

/// Cuts a stream of bytes into lines.
struct LineCutter {
    /// Longer lines are cut into pieces of so many bytes.
    static let maximumLine = 16 * 1024

    private var pending = ByteBuffer()

    /// Takes what was printed and passes on each line that is whole, without its end.
    mutating func take(_ bytes: ByteBuffer, _ onLine: (String) -> Void) {
        pending.writeImmutableBuffer(bytes)
        while true {
            let view = pending.readableBytesView
            if let end = view.prefix(Self.maximumLine).firstIndex(of: UInt8(ascii: "\n")) {
                emit(count: end - view.startIndex, onLine)
                pending.moveReaderIndex(forwardBy: 1)
            } else if view.count >= Self.maximumLine {
                emit(count: Self.maximumLine, onLine)
            } else {
                break
            }
        }
        pending.discardReadBytes()
    }

    /// Passes on what waits for the end of its line.
    mutating func flush(_ onLine: (String) -> Void) {
        if pending.readableBytes > 0 { emit(count: pending.readableBytes, onLine) }
        pending.clear()
    }

    private mutating func emit(count: Int, _ onLine: (String) -> Void) {
        guard var line = pending.readString(length: count) else { return }
        if line.utf8.last == UInt8(ascii: "\r") { line.removeLast() }
        onLine(line)
    }
}
