// The log destinations of a program.

internal import NIOConcurrencyHelpers

/// The sinks of the process, one a destination.
package final class LogSinks: Sendable {
    private let sinks = NIOLockedValueBox<[LogSink.Destination: LogSink]>([:])

    package init() {}

    /// The sink of a destination; the same one for the same destination.
    ///
    /// - Throws: `LogSinkError` where a file cannot be opened.
    package func sink(_ destination: LogSink.Destination) throws(LogSinkError) -> LogSink {
        if let sink = sinks.withLockedValue({ $0[destination] }) { return sink }
        let sink = try LogSink(destination)
        return sinks.withLockedValue { sinks in
            if let first = sinks[destination] { return first }
            sinks[destination] = sink
            return sink
        }
    }

    /// How many lines all sinks have dropped.
    package var droppedLines: Int { all.reduce(0) { $0 + $1.droppedLines } }

    /// Opens all files anew.
    package func reopen() { for sink in all { sink.reopen() } }

    /// Waits until all that is queued is written.
    package func flush() { for sink in all { sink.flush() } }

    private var all: [LogSink] { sinks.withLockedValue { Array($0.values) } }
}
