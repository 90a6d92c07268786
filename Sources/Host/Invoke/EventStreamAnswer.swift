// The answer to a caller that takes the response of a function as it comes.

internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Writes a response as an event stream: its parts as `PayloadChunk`, then `InvokeComplete` (Lambda API reference,
/// "InvokeWithResponseStream"). Confined to the host's event loop.
final class EventStreamAnswer: ResponseStream {
    private let exchange: BufferedExchange
    private let headers: [(name: String, value: String)]
    private var hasBegun = false
    var onWritable: (() -> Void)?

    /// - Parameters:
    ///   - exchange: where the answer goes.
    ///   - headers: those of every answer.
    init(exchange: BufferedExchange, headers: [(name: String, value: String)]) {
        self.exchange = exchange
        self.headers = headers
        // Whoever waits for a caller that has gone waits no more.
        exchange.onWritable = { [weak self] in self?.onWritable?() }
        exchange.onAbandon = { [weak self] in self?.onWritable?() }
    }

    var isWritable: Bool { exchange.isWritable }

    func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        exchange.begin(.ok, headers: headers + [(name: "Content-Type", value: "application/vnd.amazon.eventstream")])
    }

    func write(_ part: ByteBuffer) {
        exchange.write(
            EventStream.message(event: "PayloadChunk", contentType: "application/octet-stream", payload: part)
        )
    }

    /// Ends a response.
    ///
    /// - Parameters:
    ///   - rest: what there is of it beside the parts.
    ///   - error: the error of the function, as its payload.
    ///   - logResult: the end of the request's log in base64.
    func end(rest: ByteBuffer? = nil, error: ByteBuffer? = nil, logResult: String? = nil) {
        begin()
        if let rest, rest.readableBytes > 0 { write(rest) }
        var complete = JSONObject()
        if let error {
            complete["ErrorCode"] = .string(Self.errorType(error) ?? "Unhandled")
            complete["ErrorDetails"] = .string(String(buffer: error))
        }
        if let logResult { complete["LogResult"] = .string(logResult) }
        let payload = ByteBuffer(string: JSONValue.object(complete).compactText)
        exchange.write(EventStream.message(event: "InvokeComplete", contentType: "application/json", payload: payload))
        exchange.end()
    }

    private static func errorType(_ payload: ByteBuffer) -> String? {
        (try? JSONParser.parse(String(buffer: payload)))?["errorType"]?.string
    }
}
