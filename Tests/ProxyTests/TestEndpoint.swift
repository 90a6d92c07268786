// A server on loopback in the place of functions and web servers: it records requests and answers from a script.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// A request as the endpoint has received it.
struct EndpointRequest: Sendable {
    /// The request line and the fields, with their line ends.
    let head: String
    /// The content, its coding taken off.
    let content: [UInt8]
    /// Which connection it came on, from 0.
    let connection: Int

    var text: String { String(decoding: content, as: UTF8.self) }
    var requestLine: String { String(head.prefix { $0 != "\r\n" }) }

    /// The values of a field, in order.
    func values(_ name: String) -> [String] {
        head.split(separator: "\r\n").dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
            return String(parts[1].drop { $0 == " " })
        }
    }
}

/// What the endpoint does with a request.
enum EndpointReply: Sendable {
    /// Sends bytes and keeps the connection.
    case bytes([UInt8])
    /// Sends bytes and closes the connection.
    case last([UInt8])
    /// Sends nothing, and leaves the connection open.
    case silence

    /// A whole response with a length.
    static func response(_ status: Int, _ content: some Collection<UInt8>, fields: [String] = []) -> EndpointReply {
        let lines = ["HTTP/1.1 \(status) X"] + fields + ["Content-Length: \(content.count)"]
        return .bytes(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + Array(content))
    }

    /// A function's result.
    static func result(_ json: String) -> EndpointReply { response(200, json.utf8) }
}

/// The server.
final class TestEndpoint: Sendable {
    typealias Script = @Sendable (EndpointRequest) -> EndpointReply

    let port: Int
    private let listener: any Channel
    private let state: State

    /// What its connections share.
    final class State: Sendable {
        /// Whether a request is answered as soon as its head is there.
        let answersHeads: Bool
        let script: Script
        let requests = NIOLockedValueBox<[EndpointRequest]>([])
        let connections = NIOLockedValueBox<[any Channel]>([])

        init(answersHeads: Bool, script: @escaping Script) {
            self.answersHeads = answersHeads
            self.script = script
        }
    }

    private init(listener: any Channel, state: State) {
        self.listener = listener
        self.state = state
        port = listener.localAddress?.port ?? 0
    }

    static func start(
        answersHeads: Bool = false,
        certificate: TestCertificate? = nil,
        _ script: @escaping Script
    ) async throws -> TestEndpoint {
        let security = try certificate?.serverContext()
        let state = State(answersHeads: answersHeads, script: script)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let number = state.connections.withLockedValue { connections in
                    connections.append(channel)
                    return connections.count - 1
                }
                return channel.eventLoop.makeCompletedFuture {
                    if let security {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
                    }
                    try channel.pipeline.syncOperations.addHandler(EndpointHandler(state: state, connection: number))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TestEndpoint(listener: listener, state: state)
    }

    /// The requests so far.
    var requests: [EndpointRequest] { state.requests.withLockedValue { $0 } }

    /// Waits until a condition on the requests holds.
    ///
    /// - Throws: `TestFailure` where it does not within ten seconds.
    func wait(until condition: ([EndpointRequest]) -> Bool) async throws {
        for _ in 0..<5000 {
            if condition(requests) { return }
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        throw TestFailure("the endpoint waited in vain; it has \(requests.count) requests")
    }

    /// Waits until the gateway has closed one of its connections.
    ///
    /// - Throws: `TestFailure` where it does not within ten seconds.
    func waitForClose(ofConnection number: Int) async throws {
        for _ in 0..<5000 {
            let channel = state.connections.withLockedValue { $0.indices.contains(number) ? $0[number] : nil }
            if let channel, !channel.isActive { return }
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        throw TestFailure("the gateway did not close its connection")
    }

    func stop() async {
        try? await listener.close()
        for channel in state.connections.withLockedValue({ $0 }) { try? await channel.close() }
    }

    /// A port that nothing listens on, nor will for as long as the tests run: it is bound and kept.
    static func closedPort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard status == 0 else { throw TestFailure("no port can be bound: \(errno)") }
        return Int(address.sin_port.bigEndian)
    }
}

/// Reads requests off one connection.
private final class EndpointHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: TestEndpoint.State
    private let connection: Int
    private var bytes: [UInt8] = []

    init(state: TestEndpoint.State, connection: Int) {
        self.state = state
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Array(unwrapInboundIn(data).readableBytesView)
        while let (request, length) = next() {
            bytes.removeFirst(length)
            state.requests.withLockedValue { $0.append(request) }
            switch state.script(request) {
            case .bytes(let answer): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
            case .last(let answer):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
                context.close(promise: nil)
                return
            case .silence: break
            }
        }
    }

    private func next() -> (EndpointRequest, Int)? {
        guard state.answersHeads else { return WireMessage.request(in: bytes, connection: connection) }
        return WireMessage.head(in: bytes).map {
            (EndpointRequest(head: $0.text, content: [], connection: connection), $0.end)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Messages taken apart by a reader of the tests' own, which shares nothing with the one under test.
enum WireMessage {
    static func request(in bytes: [UInt8], connection: Int) -> (EndpointRequest, length: Int)? {
        guard let head = head(in: bytes) else { return nil }
        let request = EndpointRequest(head: head.text, content: [], connection: connection)
        guard let content = content(in: bytes, from: head.end, fields: request.values, isResponse: false) else {
            return nil
        }
        return (EndpointRequest(head: head.text, content: content.bytes, connection: connection), content.end)
    }

    static func head(in bytes: [UInt8]) -> (text: String, end: Int)? {
        var index = 0
        while index + 4 <= bytes.count {
            if bytes[index] == 13, bytes[index..<index + 4].elementsEqual([13, 10, 13, 10]) {
                return (String(decoding: bytes[..<(index + 2)], as: UTF8.self), index + 4)
            }
            index += 1
        }
        return nil
    }

    /// The content that begins at `start`, and where the message ends; nil while some of it is missing.
    static func content(
        in bytes: [UInt8],
        from start: Int,
        fields: (String) -> [String],
        isResponse: Bool
    ) -> (bytes: [UInt8], end: Int)? {
        if fields("transfer-encoding").last?.lowercased() == "chunked" { return chunked(bytes, from: start) }
        if let length = fields("content-length").first.flatMap({ Int($0) }) {
            return bytes.count >= start + length ? (Array(bytes[start..<start + length]), start + length) : nil
        }
        return isResponse ? nil : ([], start)
    }

    private static func chunked(_ bytes: [UInt8], from start: Int) -> (bytes: [UInt8], end: Int)? {
        var content: [UInt8] = []
        var position = start
        while let line = bytes[position...].firstIndex(of: 10) {
            let digits = String(decoding: bytes[position..<line], as: UTF8.self).prefix { $0.isHexDigit }
            guard let size = Int(digits, radix: 16), bytes.count >= line + 1 + size + 2 else { return nil }
            content += bytes[(line + 1)..<(line + 1 + size)]
            position = line + 1 + size + 2
            if size == 0 { return (content, position) }
        }
        return nil
    }
}
