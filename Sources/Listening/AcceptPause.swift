// What the listener does when the process has no descriptors left.

internal import Glibc
package import NIOCore

/// Stops accepting for a moment where `accept` fails for want of descriptors or memory.
///
/// The socket stays readable all the while, and an event loop that goes on asking would spin. Clients wait in the
/// backlog meanwhile. It belongs into the pipeline of every listener, before the handlers of the bootstrap.
package final class AcceptPause: ChannelInboundHandler {
    package typealias InboundIn = any Channel

    private static let length = TimeAmount.milliseconds(100)

    package init() {}

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError,
            [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode)
        else {
            context.fireErrorCaught(error)
            return
        }
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) {
            // Closed in the meantime, it has nothing to accept any more.
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}
