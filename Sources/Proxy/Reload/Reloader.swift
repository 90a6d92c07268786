// New manifests, as they appear.

internal import FileWatch
internal import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore

/// Watches the manifest and publishes a generation of each good one. A bad one is refused, and the old keeps serving.
final class Reloader: Sendable {
    /// What became of the manifests so far.
    struct Status: Sendable {
        var successes = 1
        var failures = 0
        /// Why the newest one was refused; nil where it is being served.
        var problem: String?
        var lastSuccess = WallTime.now()
    }

    private let loader: GenerationLoader
    private let loops: [ServerLoop]
    private let logger: Logger
    private let state = NIOLockedValueBox(Status())
    private let task = NIOLockedValueBox<Task<Void, Never>?>(nil)
    private let newest = NIOLockedValueBox<Task<Void, Never>?>(nil)

    init(loader: GenerationLoader, loops: [ServerLoop], logger: Logger) {
        self.loader = loader
        self.loops = loops
        self.logger = logger
    }

    var status: Status { state.withLockedValue { $0 } }

    /// Looks at the file five times a second; it is read once it has come to rest.
    ///
    /// - Parameter first: the fingerprint from before the manifest that serves was read.
    func watch(from first: FileFingerprint?) {
        let path = loader.path
        let watching = Task { [self] in
            var watch = SettlingWatch(reported: [first])
            while !Task.isCancelled {
                try? await Task.sleep(nanoseconds: 200_000_000)
                if watch.observe([FileFingerprint(path: path)]) { await reload() }
            }
        }
        task.withLockedValue { $0 = watching }
    }

    func stop() { task.withLockedValue { $0?.cancel() } }

    /// Builds the next generation and, if it is good, gives it to every event loop.
    ///
    /// One at a time: of two that overlap, the one that has read the older file could be the last to publish.
    func reload() async {
        let reloading = newest.withLockedValue { newest in
            let previous = newest
            let reloading = Task { [self] in
                await previous?.value
                await load()
            }
            newest = reloading
            return reloading
        }
        await reloading.value
    }

    private func load() async {
        do throws(ProxyError) {
            let generation = try loader.load()
            generation.logWarnings(logger)
            for loop in loops {
                try? await loop.eventLoop.submit { loop.publish(generation) }.get()
            }
            state.withLockedValue { status in
                status.successes += 1
                status.problem = nil
                status.lastSuccess = .now()
            }
            logger.info("the manifest is loaded", metadata: ["routes": "\(generation.routeCount)"])
        } catch {
            state.withLockedValue { status in
                status.failures += 1
                status.problem = error.description
            }
            logger.error("the manifest is refused, the old one keeps serving", metadata: ["reason": "\(error)"])
        }
    }
}
