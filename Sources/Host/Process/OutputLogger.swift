// What a function prints, line by line, in the host's log.

internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix

/// Logs the output of one process. Confined to the host's event loop.
final class OutputLogger {
    private let logger: Logger
    private let function: String
    /// The request that the process works on or has worked on last.
    var requestID: String?

    init(logger: Logger, function: String) {
        self.logger = logger
        self.function = function
    }

    /// Reads both pipes until their ends; takes ownership of the descriptors.
    func attach(output: Int32, errorOutput: Int32, eventLoop: any EventLoop) {
        let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
        for (descriptor, stream) in [(output, "stdout"), (errorOutput, "stderr")] {
            NIOPipeBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let logger = loopBound.value
                        try channel.pipeline.syncOperations.addHandler(
                            OutputHandler { line in logger.log(line, stream: stream) }
                        )
                    }
                }
                .takingOwnershipOfDescriptor(input: descriptor)
                .whenFailure { _ in
                    // Unread, the pipe would fill up and stop the function.
                    close(descriptor)
                }
        }
    }

    private func log(_ line: String, stream: String) {
        logger.info(
            "\(line)",
            metadata: [
                "function": "\(function)",
                "request_id": requestID.map { "\($0)" },
                "stream": "\(stream)",
            ].compactMapValues { $0 }
        )
    }
}

/// Cuts a stream of bytes into lines of bounded length.
final class OutputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Longer lines are cut into pieces of so many bytes.
    static let maximumLine = 16 * 1024

    private var pending = ByteBuffer()
    private let onLine: (String) -> Void

    init(onLine: @escaping (String) -> Void) { self.onLine = onLine }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending.writeImmutableBuffer(unwrapInboundIn(data))
        while true {
            let view = pending.readableBytesView
            if let end = view.prefix(Self.maximumLine).firstIndex(of: UInt8(ascii: "\n")) {
                emit(count: end - view.startIndex)
                pending.moveReaderIndex(forwardBy: 1)
            } else if view.count >= Self.maximumLine {
                emit(count: Self.maximumLine)
            } else {
                break
            }
        }
        pending.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if pending.readableBytes > 0 { emit(count: pending.readableBytes) }
        context.fireChannelInactive()
    }

    private func emit(count: Int) {
        guard var line = pending.readString(length: count) else { return }
        if line.hasSuffix("\r") { line.removeLast() }
        // Bytes that would move the cursor or ring the bell of whoever reads the log.
        if line.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            line = String(
                String.UnicodeScalarView(
                    line.unicodeScalars.map { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F ? "\u{FFFD}" : $0 }
                )
            )
        }
        onLine(line)
    }
}
