// The handler host as a whole: starts, serves, reloads and stops.

internal import FileWatch
internal import Glibc
package import Logging
internal import NIOCore
internal import NIOPosix
internal import Operations
internal import Synchronization

/// Runs the functions of a manifest and offers them through the Lambda Invoke API.
///
/// 1. `start` reads the manifest, binds the listener and watches the code.
/// 2. A request goes `InvokeAPI` → `FunctionTable` → `FunctionPool` → `ExecutionEnvironment` → `RuntimeAPI`, and back.
/// 3. `reload` and changed code replace processes; `watchManifest` reloads by itself.
/// 4. `stop` lets requests end and leaves no process behind.
///
/// Everything about requests and functions happens on one event loop, so that a request never waits for another thread.
package final class HandlerHost: Sendable {
    private let configuration: HostConfiguration
    private let files: HostFiles
    /// The files as they were before they were read first.
    private let fingerprints: [FileFingerprint?]
    private let services: HostServices
    private let group: MultiThreadedEventLoopGroup
    private let core: NIOLoopBound<HostCore>
    private let listener: any Channel
    private let admin: (any Channel)?
    private let stopping = Mutex<Task<Void, Never>?>(nil)
    private let logger: Logger
    /// Where the host listens.
    package let host: String
    package let port: Int
    /// The port of the admin port; nil where there is none.
    package let adminPort: Int?

    private init(
        configuration: HostConfiguration,
        files: HostFiles,
        fingerprints: [FileFingerprint?],
        services: HostServices,
        group: MultiThreadedEventLoopGroup,
        core: NIOLoopBound<HostCore>,
        listener: any Channel,
        admin: (any Channel)?
    ) {
        self.configuration = configuration
        self.files = files
        self.fingerprints = fingerprints
        self.services = services
        self.group = group
        self.core = core
        self.listener = listener
        self.admin = admin
        adminPort = admin?.localAddress?.port
        logger = services.logger
        host = configuration.listenHost
        port = listener.localAddress?.port ?? configuration.listenPort
    }

    /// Starts a host.
    ///
    /// - Parameters:
    ///   - configuration: its settings.
    ///   - logger: where it logs.
    ///   - log: where the lines of functions go.
    /// - Returns: the host, which serves.
    /// - Throws: `HostError` that says what keeps it from serving.
    package static func start(
        _ configuration: HostConfiguration,
        logger: Logger,
        log: any FunctionLog
    ) async throws -> HandlerHost {
        let files = try HostFiles(
            manifest: configuration.manifest,
            codeRoot: configuration.codeRoot,
            layerCache: configuration.layerCache
        )
        let fingerprints = files.fingerprints
        let loaded = try files.load()
        let definitions: [String: FunctionDefinition]
        let bootstraps: BootstrapFiles
        let keeper: ProcessKeeper
        do throws(ProcessStartError) { keeper = try ProcessKeeper() } catch { throw HostError(error.description) }
        do throws(ProcessStartError) {
            bootstraps = try BootstrapFiles(temporaryDirectory: configuration.temporaryDirectory)
        } catch {
            keeper.stop()
            throw HostError(error.description)
        }
        do throws(HostError) {
            definitions = try bootstraps.inlineCode.place(configuration.debugging?.mark(in: loaded) ?? loaded)
        } catch {
            keeper.stop()
            bootstraps.remove()
            throw error
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.any()
        let services = makeServices(
            configuration,
            keeper: keeper,
            bootstraps: bootstraps,
            eventLoop: eventLoop,
            logger: logger,
            log: log
        )
        for prefix in services.sandboxes.controlGroupPrefixes { keeper.guardControlGroups(prefix) }
        var address = "\(configuration.listenHost):\(configuration.listenPort)"
        do {
            let core = try await eventLoop.submit {
                let core = HostCore(services: services)
                core.table.apply(definitions)
                core.watch(ignoring: files)
                return NIOLoopBound(core, eventLoop: eventLoop)
            }.get()
            let listener = try await eventLoop.flatSubmit {
                HTTPListener(eventLoop: eventLoop, idleTimeout: .seconds(120)).bind(
                    host: configuration.listenHost,
                    port: configuration.listenPort,
                    responder: core.value.api,
                    connections: core.value.connections
                )
            }.get()
            var admin: (any Channel)?
            if let (host, port) = configuration.admin {
                address = "\(host):\(port) for the admin port"
                let pages = HostPages(core: core, services: services)
                admin = try await AdminListener.bind(host: host, port: port, group: group, source: pages)
            }
            return HandlerHost(
                configuration: configuration,
                files: files,
                fingerprints: fingerprints,
                services: services,
                group: group,
                core: core,
                listener: listener,
                admin: admin
            )
        } catch {
            await services.launcher.stop()
            keeper.stop()
            await services.removeFiles()
            try? await group.shutdownGracefully()
            throw HostError("cannot listen on \(address): \(reason(error))")
        }
    }

    /// The parts that functions use; also finds out what the kernel permits.
    private static func makeServices(
        _ configuration: HostConfiguration,
        keeper: ProcessKeeper,
        bootstraps: BootstrapFiles,
        eventLoop: any EventLoop,
        logger: Logger,
        log: any FunctionLog
    ) -> HostServices {
        let cleaner = Cleaner()
        let temporaryDirectory = configuration.temporaryDirectory
        cleaner.submit { PrivateFolder.removeStale(in: temporaryDirectory) }
        let finder = InterpreterFinder(keeper: keeper, environment: configuration.environment)
        return HostServices(
            eventLoop: eventLoop,
            keeper: keeper,
            launcher: RuntimeLauncher(finder: finder, bootstraps: bootstraps, logger: logger),
            bootstraps: bootstraps,
            code: CodeStore(directory: bootstraps.directory + "/code", cleaner: cleaner, logger: logger),
            sandboxes: Sandboxes(
                wanted: configuration.isolation,
                privateDirectory: bootstraps.directory,
                cleaner: cleaner,
                logger: logger
            ),
            cleaner: cleaner,
            identity: HostIdentity(environment: configuration.environment),
            logger: logger,
            log: log,
            metrics: .makeBoxSendingValue(HostMetrics(), eventLoop: eventLoop),
            pooling: configuration.pooling
        )
    }

    private static func reason(_ error: any Error) -> String {
        (error as? IOError).map { errorText($0.errnoCode) } ?? "\(error)"
    }

    /// Reads the manifest again and puts it into force; a bad one is refused, and the old one stays.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    package func reload() async -> Bool {
        do throws(HostError) {
            let loaded = try files.load()
            let marked = try configuration.debugging?.mark(in: loaded) ?? loaded
            let definitions = try services.bootstraps.inlineCode.place(marked)
            let core = core
            let files = files
            let metrics = services.metrics
            services.eventLoop.execute {
                metrics.value.reloads += 1
                core.value.table.apply(definitions)
                core.value.watch(ignoring: files)
            }
            logger.info("manifest reloaded", metadata: ["functions": "\(definitions.count)"])
            return true
        } catch {
            let metrics = services.metrics
            services.eventLoop.execute { metrics.value.failedReloads += 1 }
            logger.error("manifest refused, the old one stays", metadata: ["reason": "\(error)"])
            return false
        }
    }

    /// Reloads whenever the manifest or its sidecar has changed, until the task is cancelled.
    package func watchManifest() async {
        var watch = SettlingWatch(reported: fingerprints)
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            if watch.observe(files.fingerprints) { await reload() }
        }
    }

    /// Stops: takes no more connections, lets requests end within the drain time, and kills all processes.
    package func stop() async {
        let task = stopping.withLock { stopping in
            if let stopping { return stopping }
            let task = Task { await shutDown() }
            stopping = task
            return task
        }
        await task.value
    }

    private func shutDown() async {
        try? await listener.close()
        let core = core
        let eventLoop = services.eventLoop
        try? await eventLoop.submit { core.value.connections.drain() }.get()
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(configuration.drainSeconds)
        while clock.now < deadline {
            let pending = (try? await eventLoop.submit { core.value.table.pendingCount }.get()) ?? 0
            guard pending > 0 else { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
        await withCheckedContinuation { continuation in
            eventLoop.execute {
                core.value.watcher.stop()
                core.value.table.kill { continuation.resume() }
            }
        }
        try? await eventLoop.submit { core.value.connections.close() }.get()
        await services.launcher.stop()
        services.keeper.stop()
        await services.removeFiles()
        try? await admin?.close()
        try? await group.shutdownGracefully()
    }
}
