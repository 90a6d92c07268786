// One request and its pending answer on a connection.

internal import NIOCore
internal import NIOHTTP1

/// The place where the answer to one request goes. Confined to the event loop of its connection.
package final class BufferedExchange {
    private weak var handler: BufferedHTTPHandler?
    /// Called when the client goes away before it was answered.
    package var onAbandon: (() -> Void)?

    init(handler: BufferedHTTPHandler) { self.handler = handler }

    /// Whether the client still waits for the answer.
    package var isOpen: Bool { handler != nil }

    /// Sends the answer; the second one, and one to a client that has gone away, go nowhere.
    package func respond(_ response: BufferedResponse) {
        guard let handler else { return }
        self.handler = nil
        onAbandon = nil
        handler.send(response)
    }

    func abandon() {
        handler = nil
        let onAbandon = onAbandon
        self.onAbandon = nil
        onAbandon?()
    }
}
