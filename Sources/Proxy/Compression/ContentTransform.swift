// What changes contents on their way to the client.

internal import NIOCore

/// Changes one content that is passed on piece by piece.
protocol ContentTransform: AnyObject {
    /// What can be sent already of what has come so far; perhaps nothing.
    func transform(_ content: ByteBuffer) -> ByteBuffer
    /// What is held back: nothing more may come for a while.
    func flush() -> ByteBuffer
    /// The rest, after the last piece.
    func finish() -> ByteBuffer
}
