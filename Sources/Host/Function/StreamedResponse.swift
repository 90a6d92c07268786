// A response on its way from a runtime that sends it part by part.

internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Takes the parts of a response and hands them to a caller who takes parts, or collects them for one who does not.
///
/// A caller who reads slowly stops the runtime, so that little of a response is in memory; one who has gone away does
/// not, so that the function gets to its end. Confined to the host's event loop.
final class StreamedResponse: BodyReceiver {
    private weak var environment: ExecutionEnvironment?
    private let exchange: BufferedExchange
    private let stream: (any ResponseStream)?
    private var collected = ByteBuffer()
    private var count = 0
    private var isRefused = false

    /// - Parameters:
    ///   - environment: whose runtime sends it.
    ///   - exchange: the request that brings it.
    ///   - stream: the caller, where it takes parts.
    init(environment: ExecutionEnvironment, exchange: BufferedExchange, stream: (any ResponseStream)?) {
        self.environment = environment
        self.exchange = exchange
        self.stream = stream
        stream?.onWritable = { [weak exchange] in exchange?.setReading(true) }
    }

    func receive(_ part: ByteBuffer) {
        guard !isRefused else { return }
        count += part.readableBytes
        guard count <= (stream == nil ? PayloadLimit.synchronous : PayloadLimit.streamed) else {
            isRefused = true
            collected = ByteBuffer()
            environment?.handle(.streamTooLarge, exchange: exchange, body: ByteBuffer())
            return
        }
        guard let stream else {
            collected.writeImmutableBuffer(part)
            return
        }
        stream.write(part)
        if !stream.isWritable { exchange.setReading(false) }
    }

    func end(trailers: HTTPHeaders) {
        stream?.onWritable = nil
        if let error = Self.error(trailers) {
            environment?.handle(.streamFailed, exchange: exchange, body: error)
        } else {
            environment?.handle(.streamEnded, exchange: exchange, body: collected)
        }
    }

    func abandon() {
        stream?.onWritable = nil
        environment?.handle(.streamTruncated, exchange: exchange, body: ByteBuffer())
    }

    /// The error that a runtime reports after what it has sent (Lambda developer guide, "Implementing response streaming
    /// in a custom runtime").
    private static func error(_ trailers: HTTPHeaders) -> ByteBuffer? {
        guard let type = trailers.first(name: "Lambda-Runtime-Function-Error-Type") else { return nil }
        if let body = trailers.first(name: "Lambda-Runtime-Function-Error-Body"), let bytes = Base64.decode(body) {
            return ByteBuffer(bytes: bytes)
        }
        return ByteBuffer(string: JSONValue.object(JSONObject([("errorType", .string(type))])).compactText)
    }
}
