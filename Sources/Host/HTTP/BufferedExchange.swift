// One request and its pending answer on a connection.

internal import NIOCore
internal import NIOHTTP1

/// The place where the answer to one request goes: whole, or as a head and parts. Confined to the event loop of its
/// connection.
package final class BufferedExchange {
    private weak var handler: ExchangeHandler?
    /// Called when the client goes away before it was answered.
    package var onAbandon: (() -> Void)?
    /// Called when the client has caught up with the parts of its answer.
    var onWritable: (() -> Void)?

    init(handler: ExchangeHandler) { self.handler = handler }

    /// Whether the client still waits for the answer or its end.
    package var isOpen: Bool { handler != nil }

    /// Whether the client reads as fast as parts are written; true as well where it has gone away.
    var isWritable: Bool { handler?.isWritable ?? true }

    /// Sends the answer; the second one, and one to a client that has gone away, go nowhere.
    package func respond(_ response: BufferedResponse) {
        close()?.send(response)
    }

    /// Sends the head of an answer whose parts follow.
    func begin(_ status: HTTPResponseStatus, headers: [(name: String, value: String)]) {
        handler?.begin(status, headers: headers)
    }

    /// Sends a part of an answer that has begun.
    func write(_ part: ByteBuffer) { handler?.write(part) }

    /// Ends an answer that has begun.
    func end() { close()?.endParts() }

    /// Takes parts of the request's body from the connection, or leaves them there.
    func setReading(_ isReading: Bool) { handler?.setReading(isReading) }

    /// Lets go of the connection; returns it.
    private func close() -> ExchangeHandler? {
        defer {
            handler = nil
            onAbandon = nil
            onWritable = nil
        }
        return handler
    }

    func abandon() {
        let onAbandon = onAbandon
        _ = close()
        onAbandon?()
    }
}
