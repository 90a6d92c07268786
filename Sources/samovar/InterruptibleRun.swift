// What runs until it ends by itself or a signal asks it to.

internal import Glibc
internal import UnixSignals

/// Runs the work of a command so that Ctrl-C ends it in order.
enum InterruptibleRun {
    /// Runs `body`, and cancels it when SIGINT, SIGTERM or SIGHUP comes. A second signal ends the program at once.
    ///
    /// - Returns: the number of the signal that has ended it; nil where it has ended by itself.
    /// - Throws: what `body` throws.
    static func run(_ body: @escaping @Sendable () async throws -> Void) async throws -> Int32? {
        // Who stops reading us must not end us; writes fail in its place.
        signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        let (stops, stop) = AsyncStream.makeStream(of: Int32.self)
        let listening = Task {
            var isEnding = false
            for await signal in signals {
                // Ending takes a moment. Who asks twice is in a hurry; the keeper ends what is left.
                if isEnding { exit(130) }
                isEnding = true
                stop.yield(signal.rawValue)
                stop.finish()
            }
        }
        defer { listening.cancel() }
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await body()
                return nil
            }
            group.addTask {
                for await signal in stops { return signal }
                throw CancellationError()
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            do { while try await group.next() != nil {} } catch is CancellationError {}
            return first
        }
    }
}
