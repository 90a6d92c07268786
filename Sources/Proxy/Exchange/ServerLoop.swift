// What the connections of one event loop share.

internal import Logging
internal import NIOCore
internal import Synchronization

/// How many clients are connected to all event loops together. Touched when one comes or goes, never for a request.
final class ClientCount: Sendable {
    let number = Atomic<Int>(0)
}

/// The state of one event loop: its generation, its pools, its counters, its memory.
///
/// Nothing here is shared with another loop but the number of clients, so nothing is locked.
// Unchecked: every property but the constants is read and written on `eventLoop` only; `assertOnLoop` says so in debug
// builds at the doors.
final class ServerLoop: @unchecked Sendable {
    let eventLoop: any EventLoop
    let configuration: ProxyConfiguration
    let logger: Logger
    /// How many clients all loops have, the one thing that they count together.
    let clients: ClientCount
    /// The files that answer where no route does.
    let staticFolder: StaticFolder?

    /// What serves the next request.
    private(set) var generation: Generation
    /// Whether the process is to end: connections close after their exchange.
    private(set) var isDraining = false
    var clock = LoopClock()
    var random = FastRandom()
    var metrics = LoopMetrics()
    /// Where messages are put together.
    let writer = ByteWriter()
    /// Where parts of messages are put together while `writer` is in use.
    let scratch = ByteWriter()

    /// The pools by the slots of their endpoints.
    private var pools: [EndpointPool?] = []
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    private var ticker: RepeatedTask?

    init(
        eventLoop: any EventLoop,
        configuration: ProxyConfiguration,
        generation: Generation,
        logger: Logger,
        clients: ClientCount = ClientCount(),
        staticFolder: StaticFolder? = nil
    ) {
        self.staticFolder = staticFolder
        self.eventLoop = eventLoop
        self.clients = clients
        self.configuration = configuration
        self.generation = generation
        self.logger = logger
    }

    /// Traps in debug builds where another thread comes in.
    func assertOnLoop() { eventLoop.assertInEventLoop() }

    // MARK: Generations

    /// Serves requests from now on by another generation.
    func publish(_ generation: Generation) {
        assertOnLoop()
        self.generation = generation
        for (index, pool) in pools.enumerated() {
            guard let pool, !generation.endpoints.contains(pool.slot) else { continue }
            pool.retire()
            pools[index] = nil
        }
    }

    // MARK: Connections

    /// How many clients are connected.
    var connectionCount: Int { connections.count }

    /// A client is connected.
    func register(_ connection: ClientConnection) {
        assertOnLoop()
        connections[ObjectIdentifier(connection)] = connection
        clients.number.add(1, ordering: .relaxed)
        metrics.openConnections += 1
        metrics.acceptedConnections += 1
    }

    /// A client is gone.
    func unregister(_ connection: ClientConnection) {
        assertOnLoop()
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        clients.number.subtract(1, ordering: .relaxed)
        metrics.openConnections -= 1
    }

    /// Closes connections between requests, and lets the others finish theirs.
    func drain() {
        assertOnLoop()
        isDraining = true
        for connection in connections.values { connection.drain() }
        for pool in pools { pool?.retire() }
    }

    /// Closes everything.
    func closeAll() {
        assertOnLoop()
        for connection in connections.values { connection.abort() }
    }

    /// The pool of connections to an endpoint.
    func pool(for slot: EndpointSlot) -> EndpointPool {
        if slot.index < pools.count, let pool = pools[slot.index] { return pool }
        while pools.count <= slot.index { pools.append(nil) }
        let pool = EndpointPool(slot: slot, loop: self)
        pools[slot.index] = pool
        return pool
    }

    // MARK: Time

    /// Begins to look at deadlines, ten times a second for all connections: to arm and disarm a timer for every request
    /// would cost more than the request's share of this.
    func startTicking() {
        assertOnLoop()
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) {
            [weak self] _ in
            self?.tick()
        }
    }

    /// Stops looking at deadlines.
    func stopTicking() {
        ticker?.cancel()
        ticker = nil
    }

    private func tick() {
        let now = NIODeadline.now()
        for connection in connections.values { connection.checkDeadline(now) }
        for pool in pools { pool?.closeExpired(now: now) }
    }
}
