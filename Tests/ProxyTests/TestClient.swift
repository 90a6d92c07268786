// A client that sends bytes as they are and takes responses apart.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A response as the client has received it.
struct ClientResponse: Sendable {
    let status: Int
    /// The names and values in their order, as they were spelled.
    let fields: [(name: String, value: String)]
    let content: [UInt8]

    var body: String { String(decoding: content, as: UTF8.self) }

    /// The values of a field joined by `|`; nil where there is none.
    subscript(_ name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: "|")
    }

    /// The names of the fields that begin with a prefix, as they were spelled.
    func names(_ prefix: String) -> [String] {
        fields.map(\.name).filter { $0.lowercased().hasPrefix(prefix.lowercased()) }
    }
}

/// What a test waited for and did not get.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// One connection to the gateway.
final class TestClient: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    private let channel: any Channel
    private let state: NIOLockedValueBox<State>

    private init(channel: any Channel, state: NIOLockedValueBox<State>) {
        self.channel = channel
        self.state = state
    }

    static func connect(port: Int) async throws -> TestClient {
        let state = NIOLockedValueBox(State())
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Reader { bytes in
                            state.withLockedValue { state in
                                if let bytes { state.bytes += bytes } else { state.isClosed = true }
                            }
                        }
                    )
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestClient(channel: channel, state: state)
    }

    /// Sends text.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// The next final response.
    ///
    /// - Parameter toHead: whether it answers HEAD and has no content whatever its fields say.
    /// - Returns: the response; interim ones are passed over.
    /// - Throws: `TestFailure` when none comes for ten seconds, or the connection ends before it is whole.
    func response(toHead: Bool = false) async throws -> ClientResponse {
        for _ in 0..<5000 {
            if let response = try take(toHead: toHead), response.status >= 200 { return response }
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        throw TestFailure("no response came; so far: \(received)")
    }

    /// What has been received and not been taken.
    var received: String { String(decoding: state.withLockedValue { $0.bytes }, as: UTF8.self) }

    /// Waits until the gateway has closed the connection.
    func waitForClose() async throws {
        for _ in 0..<5000 {
            if state.withLockedValue({ $0.isClosed }) { return }
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        throw TestFailure("the connection was not closed")
    }

    func close() async { try? await channel.close() }

    /// Goes away without a word: the connection is reset.
    func reset() async throws {
        guard let options = channel as? any SocketOptionProvider else { throw TestFailure("the socket has no options") }
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    /// Says that nothing more will be sent, and still reads.
    func closeOutput() async throws { try await channel.close(mode: .output).get() }

    private func take(toHead: Bool) throws -> ClientResponse? {
        try state.withLockedValue { state in
            guard let head = WireMessage.head(in: state.bytes) else {
                if state.isClosed { throw TestFailure("the connection was closed without a response") }
                return nil
            }
            let lines = head.text.split(separator: "\r\n")
            let words = lines[0].split(separator: " ")
            guard words.count >= 2, let status = Int(words[1]) else { throw TestFailure("no status: \(lines[0])") }
            let fields = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: String(parts.last?.drop { $0 == " " } ?? ""))
            }
            func values(_ name: String) -> [String] {
                fields.filter { $0.name.lowercased() == name }.map(\.value)
            }
            var content: (bytes: [UInt8], end: Int)? = ([], head.end)
            if !toHead, status >= 200, status != 204, status != 304 {
                content = WireMessage.content(in: state.bytes, from: head.end, fields: values, isResponse: true)
            }
            guard let content else {
                if state.isClosed { throw TestFailure("the response was cut short after \(state.bytes.count) bytes") }
                return nil
            }
            state.bytes.removeFirst(content.end)
            return ClientResponse(status: status, fields: fields, content: content.bytes)
        }
    }
}

/// Hands on what a connection brings; nil is its end.
private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let received: @Sendable ([UInt8]?) -> Void

    init(_ received: @escaping @Sendable ([UInt8]?) -> Void) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { received(nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
