// Connections byte by byte: a client, or the endpoint's side, that does exactly what a test says and nothing more.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// One TCP connection. What it waits for it gets within ten seconds, or throws.
final class RawConnection: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var taken = 0
        var total = 0
        var isClosed = false
    }

    private let channel: any Channel
    private let state = NIOLockedValueBox(State())

    fileprivate init(channel: any Channel) { self.channel = channel }

    static func connect(port: Int, receiveBuffer: Int? = nil) async throws -> RawConnection {
        let box = NIOLockedValueBox<RawConnection?>(nil)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                let connection = RawConnection(channel: channel)
                box.withLockedValue { $0 = connection }
                return connection.install()
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        _ = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        guard let connection = box.withLockedValue({ $0 }) else { throw TestFailure("there is no connection") }
        return connection
    }

    fileprivate func install() -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try self.channel.pipeline.syncOperations.addHandler(RawHandler(self))
        }
    }

    fileprivate func received(_ bytes: ByteBuffer) {
        state.withLockedValue { state in
            state.bytes += Array(bytes.readableBytesView)
            state.total += bytes.readableBytes
        }
    }

    fileprivate func closed() { state.withLockedValue { $0.isClosed = true } }

    // MARK: Sending

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends bytes, and returns once the kernel has taken them.
    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    /// Says that nothing more will be sent; can still receive.
    func closeOutput() async throws { try await channel.close(mode: .output).get() }

    func close() async { try? await channel.close() }

    /// Closes so that the other side gets a reset.
    func reset() async throws {
        guard let options = channel as? any SocketOptionProvider else { throw TestFailure("there is no socket") }
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        await close()
    }

    /// Stops or resumes to read.
    func setReading(_ isReading: Bool) async throws { try await channel.setOption(.autoRead, value: isReading).get() }

    // MARK: Receiving

    /// What has come and has not been taken.
    var pending: String { state.withLockedValue { String(decoding: $0.bytes[$0.taken...], as: UTF8.self) } }

    /// How many bytes have ever come.
    var receivedBytes: Int { state.withLockedValue { $0.total } }

    var isClosed: Bool { state.withLockedValue { $0.isClosed } }

    /// Waits for a text to come.
    ///
    /// - Parameter end: what ends the text.
    /// - Returns: everything up to the text and the text itself; it is taken.
    /// - Throws: `TestFailure` where it does not come.
    func receive(until end: String) async throws -> String {
        let pattern = Array(end.utf8)
        return try await poll("'\(end)' did not come") { state in
            let rest = state.bytes[state.taken...]
            guard let range = rest.firstRange(of: pattern) else { return nil }
            state.taken = range.upperBound
            return String(decoding: rest[..<range.upperBound], as: UTF8.self)
        }
    }

    /// Takes the head of a message: everything up to the first empty line.
    func receiveHead() async throws -> String { try await receive(until: "\r\n\r\n") }

    /// Waits until the connection is closed.
    ///
    /// - Returns: everything that had not been taken.
    /// - Throws: `TestFailure` where it is not.
    @discardableResult
    func receiveToEnd() async throws -> String {
        try await poll("the connection was not closed") { state in
            guard state.isClosed else { return nil }
            defer { state.taken = state.bytes.count }
            return String(decoding: state.bytes[state.taken...], as: UTF8.self)
        }
    }

    /// Waits until a number of bytes have come in all.
    func waitForBytes(_ count: Int) async throws {
        _ = try await poll("\(count) bytes did not come") { $0.total >= count ? "" : nil }
    }

    private func poll(_ failure: String, _ body: @Sendable (inout State) -> String?) async throws -> String {
        for _ in 0..<5000 {
            if let text = state.withLockedValue(body) { return text }
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        throw TestFailure("\(failure); so far: '\(pending.prefix(500))'")
    }
}

/// Hands on what a connection brings.
private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let connection: RawConnection

    init(_ connection: RawConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { connection.received(unwrapInboundIn(data)) }
    func channelInactive(context: ChannelHandlerContext) { connection.closed() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// A listener whose connections a test takes one by one.
final class RawEndpoint: Sendable {
    let port: Int
    private let listener: any Channel
    private let connections: NIOLockedValueBox<[RawConnection]>
    private let taken = NIOLockedValueBox(0)

    private init(listener: any Channel, connections: NIOLockedValueBox<[RawConnection]>) {
        self.listener = listener
        self.connections = connections
        port = listener.localAddress?.port ?? 0
    }

    static func start() async throws -> RawEndpoint {
        let connections = NIOLockedValueBox<[RawConnection]>([])
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let connection = RawConnection(channel: channel)
                connections.withLockedValue { $0.append(connection) }
                return connection.install()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RawEndpoint(listener: listener, connections: connections)
    }

    /// How many connections there ever were.
    var count: Int { connections.withLockedValue { $0.count } }

    /// The next connection.
    func accept() async throws -> RawConnection {
        let place = taken.withLockedValue { taken in
            defer { taken += 1 }
            return taken
        }
        for _ in 0..<5000 {
            if let connection = connections.withLockedValue({ place < $0.count ? $0[place] : nil }) {
                return connection
            }
            try await Task.sleep(nanoseconds: 2_000_000)
        }
        throw TestFailure("no connection came")
    }

    func stop() async {
        try? await listener.close()
        for connection in connections.withLockedValue({ $0 }) { await connection.close() }
    }
}
