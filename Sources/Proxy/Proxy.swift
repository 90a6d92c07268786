// The gateway as a whole: what is started, reloaded and drained.

internal import FileWatch
internal import Glibc
internal import Listening
package import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Operations

/// What the proxy is started with.
package struct ProxyOptions: Sendable {
    /// The path of the manifest.
    package var manifestPath: String
    package var configuration: ProxyConfiguration
    /// How log lines are spelled; nil for JSON in the access log, unless the settings say otherwise, and text in the
    /// proxy's own.
    package var logFormat: LogFormat?

    package init(
        manifestPath: String,
        configuration: ProxyConfiguration = ProxyConfiguration(),
        logFormat: LogFormat? = nil
    ) {
        self.manifestPath = manifestPath
        self.configuration = configuration
        self.logFormat = logFormat
    }
}

/// How log lines are spelled.
package enum LogFormat: String, CaseIterable, Sendable {
    /// For people, in columns.
    case text
    /// For machines, an object a line.
    case json
}

/// Why the proxy cannot start, or a manifest cannot be served.
package struct ProxyError: Error, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// The running proxy: one listener, one `ServerLoop` an event loop, one admin port.
///
/// Its life: `start` loads the manifest, binds the listener and then the admin port; `reload` builds the next
/// generation and publishes it to each event loop; `drain` closes the listener, lets exchanges finish within the grace
/// period and closes the rest.
package final class ProxyServer: Sendable {
    /// Where clients connect.
    package let address: ProxyConfiguration.Address
    /// Where the admin port is; nil where it is turned off.
    package let adminAddress: ProxyConfiguration.Address?

    private let group: MultiThreadedEventLoopGroup
    private let loops: [ServerLoop]
    private let listener: any Channel
    private let admin: (any Channel)?
    private let reloader: Reloader
    private let logs: LogSinks
    private let logger: Logger
    private let ending = NIOLockedValueBox<Task<Bool, Never>?>(nil)

    /// Checks a manifest and the configuration without serving.
    ///
    /// - Throws: `ProxyError` with what is wrong and where.
    package static func check(_ options: ProxyOptions) throws(ProxyError) {
        let logs = LogSinks()
        _ = try staticFolder(options.configuration)
        _ = try GenerationLoader(options, logs: logs, metrics: MetricsRegistry()).load()
    }

    /// The folder of files; nil where none is wanted.
    private static func staticFolder(_ configuration: ProxyConfiguration) throws(ProxyError) -> StaticFolder? {
        guard let path = configuration.staticDirectory else { return nil }
        return try StaticFolder(path)
    }

    /// A logger that writes to standard error without ever blocking an event loop.
    ///
    /// - Throws: `ProxyError` where that cannot be.
    package static func makeLogger(
        _ logs: ProxyLogs,
        level: Logger.Level,
        format: LogFormat
    ) throws(ProxyError) -> Logger {
        do throws(LogSinkError) {
            let sink = try logs.sinks.sink(.standardError)
            return Logger(label: "samovar-proxy") { _ in
                var handler = SinkLogHandler(sink, format: format)
                handler.logLevel = level
                return handler
            }
        } catch { throw ProxyError(error.description) }
    }

    /// Loads the manifest and begins to serve.
    ///
    /// - Throws: `ProxyError` where the manifest, a setting or an address is of no use.
    package static func start(_ options: ProxyOptions, logs: ProxyLogs, logger: Logger) async throws(ProxyError)
        -> ProxyServer
    {
        let staticFolder = try staticFolder(options.configuration)
        let metrics = MetricsRegistry()
        let loader = try GenerationLoader(options, logs: logs.sinks, metrics: metrics)
        let fingerprint = FileFingerprint(path: options.manifestPath)
        let generation = try loader.load()
        generation.logWarnings(logger)
        var configuration = options.configuration
        configuration.connections = DescriptorLimit.connections(wanted: configuration.connections)
        if configuration.connections < options.configuration.connections {
            let connections = Logger.MetadataValue.stringConvertible(configuration.connections)
            logger.notice("the limit of open files allows fewer clients", metadata: ["connections": connections])
        }
        let count = configuration.eventLoops == 0 ? System.coreCount : configuration.eventLoops
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let clients = ClientCount()
        let loops = group.makeIterator().map {
            ServerLoop(
                eventLoop: $0,
                configuration: configuration,
                generation: generation,
                logger: logger,
                clients: clients,
                staticFolder: staticFolder
            )
        }
        let reloader = Reloader(loader: loader, loops: loops, logger: logger)
        do {
            let listener = try await bind(configuration.listen, group: group, loops: loops)
            var admin: (any Channel)?
            if let address = configuration.admin {
                let pages = ProxyPages(loops: loops, metrics: metrics, reloader: reloader, logs: logs.sinks)
                do {
                    admin = try await AdminListener.bind(
                        host: address.host,
                        port: address.port,
                        group: group,
                        source: pages
                    )
                } catch {
                    throw ProxyError(
                        "cannot listen on \(address) for the admin port: \(SystemErrorText.text(of: error))"
                    )
                }
            }
            for loop in loops { loop.eventLoop.execute { loop.startTicking() } }
            reloader.watch(from: fingerprint)
            return ProxyServer(group, loops, listener, admin, reloader, logs.sinks, logger)
        } catch {
            try? await group.shutdownGracefully()
            throw error as? ProxyError ?? ProxyError("\(error)")
        }
    }

    private init(
        _ group: MultiThreadedEventLoopGroup,
        _ loops: [ServerLoop],
        _ listener: any Channel,
        _ admin: (any Channel)?,
        _ reloader: Reloader,
        _ logs: LogSinks,
        _ logger: Logger
    ) {
        self.group = group
        self.loops = loops
        self.listener = listener
        self.admin = admin
        self.reloader = reloader
        self.logs = logs
        self.logger = logger
        address = Self.address(of: listener)
        adminAddress = admin.map(Self.address)
    }

    private static func address(of channel: any Channel) -> ProxyConfiguration.Address {
        ProxyConfiguration.Address(
            host: channel.localAddress?.ipAddress ?? "",
            port: channel.localAddress?.port ?? 0
        )
    }

    private static func bind(
        _ address: ProxyConfiguration.Address,
        group: MultiThreadedEventLoopGroup,
        loops: [ServerLoop]
    ) async throws -> any Channel {
        let byLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024))
            .childChannelInitializer { channel in
                guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)] else {
                    return channel.eventLoop.makeFailedFuture(ProxyError("an event loop is not ours"))
                }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClientConnection(loop: loop))
                }
            }
        do { return try await bootstrap.bind(host: address.host, port: address.port).get() } catch {
            throw ProxyError("cannot listen on \(address): \(SystemErrorText.text(of: error))")
        }
    }

    /// Loads the manifest again, now.
    package func reload() async { await reloader.reload() }

    /// Opens log files anew.
    package func reopenLogs() { logs.reopen() }

    /// Ends the proxy: nothing new is accepted, exchanges finish.
    ///
    /// - Returns: whether all of them did within the grace period.
    package func drain() async -> Bool {
        // Whoever asks a second time waits for the same end.
        let task = ending.withLockedValue { ending in
            let task = ending ?? Task { await self.end() }
            ending = task
            return task
        }
        return await task.value
    }

    private func end() async -> Bool {
        reloader.stop()
        try? await listener.close()
        for loop in loops { loop.eventLoop.execute { loop.drain() } }
        let grace = loops.first?.configuration.timeouts.grace ?? 0
        let end = NIODeadline.now() + .milliseconds(Int64(grace))
        var open = await connectionCount()
        while open > 0, NIODeadline.now() < end {
            try? await Task.sleep(nanoseconds: 20_000_000)
            open = await connectionCount()
        }
        if open > 0 { logger.warning("the grace period is over", metadata: ["connections": "\(open)"]) }
        for loop in loops {
            loop.eventLoop.execute {
                loop.stopTicking()
                loop.closeAll()
            }
        }
        try? await admin?.close()
        try? await group.shutdownGracefully()
        logs.flush()
        return open == 0
    }

    private func connectionCount() async -> Int {
        var count = 0
        for loop in loops { count += (try? await loop.eventLoop.submit { loop.connectionCount }.get()) ?? 0 }
        return count
    }
}

/// The log destinations of a process.
package struct ProxyLogs: Sendable {
    let sinks = LogSinks()
    package init() {}
}

/// Errors of the system in words.
enum SystemErrorText {
    static func text(of error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return error.errnoCode == 98 ? "address already in use" : String(cString: strerror(error.errnoCode))
    }
}
