// One pipe that a function's process prints into, read in turn with everything else and to the end on demand.

internal import CProcess
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The reading end of a pipe. Confined to the host's event loop.
///
/// What a process has printed before it asks the Runtime API for something is in the pipe by then, but the event loop
/// may see the two in either order. `drain` makes the order certain.
final class OutputPipe {
    private let eventLoop: any EventLoop
    private var onBytes: (ByteBuffer) -> Void
    /// A descriptor of our own for the same pipe, for `drain`; -1 once the pipe is at its end.
    private var descriptor: Int32 = -1
    private var pace = ReadingPace()
    /// How many bytes at the head of the pipe have been taken by `drain` already.
    private var takenCount = 0

    /// Reads a pipe until its end.
    ///
    /// - Parameters:
    ///   - descriptor: the reading end, which it takes ownership of.
    ///   - eventLoop: the host's event loop.
    ///   - onBytes: takes what was printed.
    init(descriptor: Int32, eventLoop: any EventLoop, onBytes: @escaping (ByteBuffer) -> Void) {
        self.eventLoop = eventLoop
        self.onBytes = onBytes
        self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: ReadingPace.chunk))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(pipe: loopBound.value))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .whenFailure { _ in
                // Unread, the pipe would fill up and stop the function.
                close(descriptor)
                loopBound.value.finish()
            }
    }

    deinit { finish() }

    /// Takes what the pipe holds now, and no more: a process that goes on printing keeps nobody.
    ///
    /// The bytes stay in the pipe, since the event loop relies on finding what it was told of; they are skipped then.
    func drain() {
        guard descriptor >= 0 else { return }
        var count: Int32 = 0
        guard ioctl(descriptor, UInt(FIONREAD), &count) == 0, Int(count) > takenCount else { return }
        var buffer = ByteBufferAllocator().buffer(capacity: Int(count))
        let descriptor = descriptor
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(count)) { memory in
            max(0, samovar_pipe_peek(descriptor, memory.baseAddress, min(memory.count, Int(count))))
        }
        guard buffer.readableBytes > takenCount else { return }
        buffer.moveReaderIndex(forwardBy: takenCount)
        takenCount += buffer.readableBytes
        take(buffer)
    }

    /// Takes what the event loop has read.
    private func receive(_ bytes: ByteBuffer) {
        var bytes = bytes
        let skipped = min(takenCount, bytes.readableBytes)
        takenCount -= skipped
        bytes.moveReaderIndex(forwardBy: skipped)
        if bytes.readableBytes > 0 { take(bytes) }
    }

    private func take(_ bytes: ByteBuffer) {
        pace.note(bytes)
        onBytes(bytes)
    }

    private func finish() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        onBytes = { _ in }
    }

    /// Reads a chunk at a time, as fast as the pace allows.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let pipe: OutputPipe

        init(pipe: OutputPipe) { self.pipe = pipe }

        func channelActive(context: ChannelHandlerContext) { context.read() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { pipe.receive(unwrapInboundIn(data)) }

        func channelReadComplete(context: ChannelHandlerContext) {
            guard let pause = pipe.pace.pause(at: .now()) else { return context.read() }
            let channel = context.channel
            context.eventLoop.scheduleTask(in: pause) { channel.read() }
        }

        func channelInactive(context: ChannelHandlerContext) { pipe.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// How fast a pipe is read, so that a function that floods it slows down itself and nobody else.
///
/// A line costs as much as so many bytes, since short ones are the most work.
struct ReadingPace {
    /// How many bytes are read at a time.
    static let chunk = 16 * 1024
    private static let lineCost = 64
    /// What may be read at once after a rest.
    private static let burst = 512 * 1024
    /// What may be read in a millisecond.
    private static let rate = 16 * 1024

    private var allowance = burst
    private var lastTime = NIODeadline.now()

    /// Notes what was read.
    mutating func note(_ bytes: ByteBuffer) {
        let lines = bytes.withUnsafeReadableBytes { memory in
            memory.reduce(into: 0) { $0 += $1 == UInt8(ascii: "\n") ? 1 : 0 }
        }
        allowance -= bytes.readableBytes + lines * Self.lineCost
    }

    /// How long to wait before the next chunk; nil where it may be read at once.
    mutating func pause(at time: NIODeadline) -> TimeAmount? {
        let elapsed = min((time - lastTime).nanoseconds, 1_000_000_000)
        lastTime = time
        allowance = min(Self.burst, allowance + Int(elapsed) * Self.rate / 1_000_000)
        guard allowance < 0 else { return nil }
        return .nanoseconds(Int64(-allowance) * 1_000_000 / Int64(Self.rate))
    }
}
