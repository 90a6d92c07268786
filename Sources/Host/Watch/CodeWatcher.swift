// Watches the code of all functions and says, once it has come to rest, in which folders it has changed.

internal import FileWatch
internal import Logging
internal import NIOCore
internal import NIOPosix

/// What has happened to some of the watched folders and files.
enum CodeEvent: Hashable, Sendable {
    /// Something is being written there.
    case changing(Set<String>)
    /// They have come to rest, or change without end.
    case changed(Set<String>)
}

/// Reads the kernel's notifications on the host's event loop. Confined to that loop.
final class CodeWatcher {
    /// A change is reported after so long without another,
    private static let settling = TimeAmount.milliseconds(100)
    /// and after so long in any case.
    private static let patience = TimeAmount.seconds(1)
    /// How often the folders themselves are looked for.
    private static let rootInterval = TimeAmount.seconds(1)

    private let eventLoop: any EventLoop
    private let logger: Logger
    private var watch: WatchBox?
    private var channel: (any Channel)?
    private var changed: Set<String> = []
    /// When the changes so far are reported at the latest.
    private var latest = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var rootTimer: Scheduled<Void>?
    private var onEvent: ((CodeEvent) -> Void)?

    init(eventLoop: any EventLoop, logger: Logger) {
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// Watches these folders and files from now on, and no others.
    ///
    /// - Parameters:
    ///   - paths: the folders and files.
    ///   - names: names of files that are no code wherever they stand.
    ///   - onEvent: called when some of them change, first at once and then when they have come to rest.
    func watch(_ paths: Set<String>, ignoring names: Set<String>, onEvent: @escaping (CodeEvent) -> Void) {
        self.onEvent = onEvent
        guard let watch = watch ?? start() else { return }
        watch.value.ignoredNames = names
        watch.value.setRoots(paths)
        reportProblem()
    }

    /// Ends the watch.
    func stop() {
        onEvent = nil
        timer?.cancel()
        rootTimer?.cancel()
        channel?.close(promise: nil)
        channel = nil
    }

    private func start() -> WatchBox? {
        let watch: WatchBox
        do throws(DirectoryWatchError) { watch = WatchBox(try DirectoryWatch()) } catch {
            logger.warning("code is not watched", metadata: ["reason": "\(error)"])
            return nil
        }
        self.watch = watch
        let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            // The kernel gives whole events only, and none to a buffer that is too small for the next.
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 * 1024))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let watcher = loopBound.value
                    try channel.pipeline.syncOperations.addHandler(
                        NotificationHandler { [weak watcher] in watcher?.consume($0) }
                    )
                }
            }
            .takingOwnershipOfDescriptor(input: watch.value.descriptor)
            .whenComplete { result in
                switch result {
                case .success(let channel): loopBound.value.channel = channel
                case .failure(let error):
                    loopBound.value.logger.warning("code is not watched", metadata: ["reason": "\(error)"])
                }
            }
        scheduleRootCheck()
        return watch
    }

    private func scheduleRootCheck() {
        rootTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.rootInterval) { [weak self] in
            guard let self, let watch = self.watch else { return }
            self.note(watch.value.checkRoots())
            self.scheduleRootCheck()
        }
    }

    private func consume(_ buffer: ByteBuffer) {
        guard let watch else { return }
        note(buffer.withUnsafeReadableBytes { watch.value.consume($0) })
        reportProblem()
    }

    private func note(_ paths: Set<String>) {
        guard !paths.isEmpty else { return }
        onEvent?(.changing(paths))
        let now = NIODeadline.now()
        if changed.isEmpty { latest = now + Self.patience }
        changed.formUnion(paths)
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: min(now + Self.settling, latest)) { [weak self] in
            guard let self else { return }
            let paths = self.changed
            self.changed = []
            self.onEvent?(.changed(paths))
        }
    }

    private func reportProblem() {
        guard let problem = watch?.value.takeProblem() else { return }
        logger.warning("some code is not watched", metadata: ["reason": "\(problem)"])
    }
}

/// A place for the watch, which cannot be copied.
private final class WatchBox {
    var value: DirectoryWatch
    init(_ value: consuming DirectoryWatch) { self.value = value }
}

/// Passes on what is read.
private final class NotificationHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onRead: (ByteBuffer) -> Void

    init(onRead: @escaping (ByteBuffer) -> Void) { self.onRead = onRead }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { onRead(unwrapInboundIn(data)) }
}
