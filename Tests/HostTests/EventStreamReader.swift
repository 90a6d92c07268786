// Reads AWS event streams as SDKs do, checksums included, and takes answers part by part.

import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The messages of an event stream.
struct EventStreamReader {
    struct Message: Equatable {
        let event: String
        let contentType: String
        let payload: String
    }

    /// What has come and is not read.
    private var bytes = ByteBuffer()
    private(set) var messages: [Message] = []

    struct Malformed: Error {}

    init() {}

    /// - Throws: `Malformed` unless the bytes are whole messages.
    init(_ bytes: ByteBuffer) throws {
        try append(bytes)
        guard self.bytes.readableBytes == 0 else { throw Malformed() }
    }

    mutating func append(_ part: ByteBuffer) throws {
        bytes.writeImmutableBuffer(part)
        while let length = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self),
            var message = bytes.readSlice(length: Int(length))
        {
            messages.append(try Self.read(&message))
        }
    }

    private static func read(_ message: inout ByteBuffer) throws -> Message {
        let start = message.readerIndex
        let end = message.writerIndex - 4
        guard let total = message.getSlice(at: start, length: end - start),
            let prelude = total.getSlice(at: 0, length: 8),
            message.getInteger(at: end, as: UInt32.self) == checksum(total),
            message.getInteger(at: start + 8, as: UInt32.self) == checksum(prelude),
            message.readSlice(length: 4) != nil, let length = message.readInteger(as: UInt32.self),
            message.readSlice(length: 4) != nil, var headers = message.readSlice(length: Int(length)),
            let payload = message.readString(length: message.readableBytes - 4)
        else { throw Malformed() }
        var fields: [String: String] = [:]
        while let nameLength = headers.readInteger(as: UInt8.self) {
            guard let name = headers.readString(length: Int(nameLength)), headers.readInteger(as: UInt8.self) == 7,
                let valueLength = headers.readInteger(as: UInt16.self),
                let value = headers.readString(length: Int(valueLength))
            else { throw Malformed() }
            fields[name] = value
        }
        guard fields[":message-type"] == "event", let event = fields[":event-type"],
            let contentType = fields[":content-type"]
        else { throw Malformed() }
        return Message(event: event, contentType: contentType, payload: payload)
    }

    /// CRC-32, bit by bit.
    private static func checksum(_ buffer: ByteBuffer) -> UInt32 {
        var value = ~UInt32(0)
        for byte in buffer.readableBytesView {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : (value >> 1) ^ 0xEDB8_8320 }
        }
        return ~value
    }

    /// What the parts come to.
    var payload: String { messages.filter { $0.event == "PayloadChunk" }.map(\.payload).joined() }
    /// What the last message says, where it is `InvokeComplete`.
    var complete: JSONValue? {
        guard let last = messages.last, last.event == "InvokeComplete" else { return nil }
        return try? JSONParser.parse(last.payload)
    }
}

/// A client that takes an answer part by part, and only when it is told to.
final class SlowClient: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPClientResponsePart

    struct Progress {
        var status: HTTPResponseStatus?
        var bytes = ByteBuffer()
        var count = 0
        var isComplete = false
    }

    private let state = Mutex(Progress())
    /// Whether the bytes of the answer are kept, or only counted.
    private let keepsBytes: Bool

    private init(keepsBytes: Bool) { self.keepsBytes = keepsBytes }

    var progress: Progress { state.withLock { $0 } }

    /// Sends an invocation and waits for no answer.
    static func invoke(_ payload: String, port: Int, keepsBytes: Bool = true) async throws -> (SlowClient, any Channel)
    {
        let client = SlowClient(keepsBytes: keepsBytes)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(client)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        var head = HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: "/2021-11-15/functions/S/response-streaming-invocations"
        )
        head.headers = ["Host": "h", "Content-Length": String(payload.utf8.count)]
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: payload))), promise: nil)
        try await channel.writeAndFlush(HTTPClientRequestPart.end(nil))
        return (client, channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        state.withLock { progress in
            switch part {
            case .head(let head): progress.status = head.status
            case .body(let part):
                progress.count += part.readableBytes
                if keepsBytes { progress.bytes.writeImmutableBuffer(part) }
            case .end: progress.isComplete = true
            }
        }
    }
}
