// The connections of one event loop to one endpoint.

internal import Logging
internal import Manifest
internal import NIOCore
internal import NIOPosix

/// Keeps connections to an endpoint for the next exchange on the same event loop. Confined to that loop.
///
/// The connection that was used last is used first: the others grow old together and can be closed.
final class EndpointPool {
    /// Why no connection could be opened.
    enum Unavailable: Error {
        case limit
        /// The endpoint takes one request at a time, and too many are waiting.
        case busy
    }

    let slot: EndpointSlot
    private let loop: ServerLoop
    private var idle: [UpstreamConnection] = []
    private var open = 0
    private var isRetired = false
    private var lastReport = NIODeadline.uptimeNanoseconds(0)
    private var unreported = 0

    init(slot: EndpointSlot, loop: ServerLoop) {
        self.slot = slot
        self.loop = loop
    }

    /// The unused connection that was used last; nil where there is none.
    func takeIdle() -> UpstreamConnection? {
        while let connection = idle.popLast() {
            if connection.isActive { return connection }
        }
        return nil
    }

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - isWanted: whether it is still waited for, once it is its turn.
    ///   - ready: called on the event loop with the connection or with why there is none; perhaps at once.
    func connect(
        isWanted: @escaping () -> Bool = { true },
        _ ready: @escaping (Result<UpstreamConnection, any Error>) -> Void
    ) {
        guard let gate = slot.gate else {
            open(ready)
            return
        }
        let bound = NIOLoopBound((self, isWanted, ready), eventLoop: loop.eventLoop)
        let isAccepted = gate.enter(on: loop.eventLoop) {
            let (pool, isWanted, ready) = bound.value
            if isWanted() { pool.open(ready) } else { gate.leave() }
        }
        if !isAccepted {
            report("too many requests are waiting")
            ready(.failure(Unavailable.busy))
        }
    }

    /// Opens a connection; one that is not opened gives its turn back, and one that is does when it is closed.
    private func open(_ ready: @escaping (Result<UpstreamConnection, any Error>) -> Void) {
        guard open < loop.configuration.upstreamConnections else {
            report("the limit of connections is reached")
            slot.gate?.leave()
            ready(.failure(Unavailable.limit))
            return
        }
        open += 1
        let answer = NIOLoopBound(ready, eventLoop: loop.eventLoop)
        let pool = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let slot = slot
        ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(.milliseconds(Int64(loop.configuration.timeouts.connect)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try slot.security?.secure(channel, to: slot.endpoint)
                    // A name may have several addresses: each is tried on a channel of its own.
                    let connection = UpstreamConnection(pool: pool.value, eventLoop: channel.eventLoop)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .connect(host: slot.endpoint.host, port: slot.endpoint.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    guard channel.isActive,
                        let connection = try? channel.pipeline.syncOperations.handler(type: UpstreamConnection.self)
                    else {
                        pool.value.connectionFailed(ChannelError.ioOnClosedChannel, answer.value)
                        return
                    }
                    connection.isCounted = true
                    pool.value.loop.metrics.upstreamConnections += 1
                    answer.value(.success(connection))
                case .failure(let error): pool.value.connectionFailed(error, answer.value)
                }
            }
    }

    private func connectionFailed(
        _ error: any Error,
        _ ready: (Result<UpstreamConnection, any Error>) -> Void
    ) {
        open -= 1
        slot.gate?.leave()
        loop.metrics.upstreamFailures += 1
        report("\(error)")
        ready(.failure(error))
    }

    /// Takes back a connection that can carry another exchange.
    func release(_ connection: UpstreamConnection) {
        // A connection that is kept would keep its turn.
        guard !loop.isDraining, !isRetired, connection.isActive, slot.gate == nil else {
            connection.close()
            return
        }
        connection.idleSince = .now()
        idle.append(connection)
    }

    /// A connection is closed.
    func connectionClosed(_ connection: UpstreamConnection) {
        open -= 1
        slot.gate?.leave()
        if let place = idle.firstIndex(where: { $0 === connection }) { idle.remove(at: place) }
    }

    /// No route leads to the endpoint any more: exchanges that are under way finish, and nothing is kept.
    func retire() {
        isRetired = true
        closeIdle(idle.count)
    }

    /// Closes what has not been used for too long.
    func closeExpired(now: NIODeadline) {
        let limit = TimeAmount.milliseconds(Int64(loop.configuration.timeouts.upstreamIdle))
        // The oldest stand first.
        closeIdle(idle.firstIndex { now - $0.idleSince < limit } ?? idle.count)
    }

    private func closeIdle(_ expired: Int) {
        guard expired > 0 else { return }
        let closing = idle[..<expired]
        idle.removeFirst(expired)
        for connection in closing { connection.close() }
    }

    /// Says that the endpoint gives trouble, once a second and not once a request.
    func report(_ cause: String) {
        let now = NIODeadline.now()
        guard now - lastReport >= .seconds(1) else {
            unreported += 1
            return
        }
        loop.logger.warning(
            "the endpoint does not answer as it should",
            metadata: ["endpoint": "\(slot.endpoint.url)", "cause": "\(cause)", "more": "\(unreported)"]
        )
        lastReport = now
        unreported = 0
    }
}
