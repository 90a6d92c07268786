// What the listener does when the process has no descriptors left.

internal import Glibc
internal import NIOCore

/// Stops accepting for a moment where `accept` fails for want of descriptors or memory.
///
/// The socket stays readable all the while, and an event loop that goes on asking would spin. Clients wait in the
/// backlog meanwhile.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let length = TimeAmount.milliseconds(100)

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
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

/// How many clients the process has descriptors for.
enum DescriptorLimit {
    /// Raises the limit of descriptors as far as it goes.
    ///
    /// - Parameter wanted: how many clients are to be let in.
    /// - Returns: that, or half of the descriptors if that is less: each client may need one more for its endpoint.
    static func connections(wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return max(1, min(wanted, Int(clamping: limit.rlim_cur) / 2))
    }
}
