// Log lines on their way out, so that no event loop ever waits for a disk or a pipe.

internal import Glibc
internal import NIOConcurrencyHelpers
internal import NIOPosix

/// A destination of log lines with a bounded queue before it.
///
/// Lines are written by a thread of the sink's own. When the destination blocks or its disk is full, lines are dropped
/// and counted, and requests go on.
package final class LogSink: Sendable {
    /// Where lines go.
    package enum Destination: Hashable, Sendable {
        case standardOutput, standardError
        case file(String)
    }

    private struct State {
        var pending: [UInt8] = []
        var pendingLines = 0
        var isWriting = false
        var droppedLines = 0
        /// How many of them have been said in the log itself.
        var saidLines = 0
        var descriptor: Int32 = -1
        var mustReopen = false
    }

    /// How many bytes may wait.
    private static let limit = 1 << 20
    /// How long lines are gathered: requests write them in groups, and to wake a thread for each costs more than the line.
    private static let gatheringMicroseconds: UInt32 = 1000

    private let destination: Destination
    private let notice: (@Sendable (Int) -> String)?
    private let state = NIOLockedValueBox(State())
    private let thread = NIOThreadPool(numberOfThreads: 1)

    /// - Parameters:
    ///   - destination: where lines go.
    ///   - notice: the line that says how many were dropped, written once there is room again; nil for none.
    /// - Throws: `LogSinkError` where a file cannot be opened.
    package init(
        _ destination: Destination,
        notice: (@Sendable (Int) -> String)? = nil
    ) throws(LogSinkError) {
        self.destination = destination
        self.notice = notice
        let descriptor = try Self.open(destination)
        state.withLockedValue { $0.descriptor = descriptor }
        thread.start()
    }

    /// How many lines were dropped.
    package var droppedLines: Int { state.withLockedValue { $0.droppedLines } }

    /// Queues a line; its end is added.
    package func write(_ line: UnsafeRawBufferPointer) {
        enqueue { pending in
            guard pending.count + line.count < Self.limit else { return false }
            pending.append(contentsOf: line)
            return true
        }
    }

    /// Queues a line that is only made where there is room for it; its end is added.
    package func append(_ line: () -> String) {
        enqueue { pending in
            guard pending.count < Self.limit else { return false }
            pending.append(contentsOf: line().utf8)
            return true
        }
    }

    private func enqueue(_ append: (inout [UInt8]) -> Bool) {
        let mustStart = state.withLockedValue { state in
            guard append(&state.pending) else {
                state.droppedLines += 1
                return false
            }
            state.pending.append(UInt8(ascii: "\n"))
            state.pendingLines += 1
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { thread.submit { [self] _ in drain() } }
    }

    /// Opens the file anew before the next line, after somebody has moved it away.
    package func reopen() { state.withLockedValue { $0.mustReopen = true } }

    /// Waits until what is queued is written, for at most two seconds: a blocked destination must not hold up the end.
    package func flush() {
        for _ in 0..<200 {
            if state.withLockedValue({ !$0.isWriting }) { return }
            usleep(10_000)
        }
    }

    private struct Batch {
        let bytes: [UInt8]
        let lines: Int
        let newlyDropped: Int
        let descriptor: Int32
        let mustReopen: Bool
    }

    private func drain() {
        while true {
            usleep(Self.gatheringMicroseconds)
            guard let batch = nextBatch() else { return }
            let descriptor = batch.mustReopen ? reopened(batch.descriptor) : batch.descriptor
            guard Self.write(batch.bytes, to: descriptor) else {
                state.withLockedValue { $0.droppedLines += batch.lines }
                continue
            }
            if batch.newlyDropped > 0, let notice {
                _ = Self.write(Array((notice(batch.newlyDropped) + "\n").utf8), to: descriptor)
            }
        }
    }

    private func nextBatch() -> Batch? {
        state.withLockedValue { state in
            guard !state.pending.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer {
                state.pending = []
                state.pendingLines = 0
                state.mustReopen = false
                state.saidLines = state.droppedLines
            }
            return Batch(
                bytes: state.pending,
                lines: state.pendingLines,
                newlyDropped: state.droppedLines - state.saidLines,
                descriptor: state.descriptor,
                mustReopen: state.mustReopen
            )
        }
    }

    private func reopened(_ old: Int32) -> Int32 {
        guard case .file = destination, let new = try? Self.open(destination) else { return old }
        close(old)
        state.withLockedValue { $0.descriptor = new }
        return new
    }

    private static func open(_ destination: Destination) throws(LogSinkError) -> Int32 {
        switch destination {
        case .standardOutput: return STDOUT_FILENO
        case .standardError: return STDERR_FILENO
        case .file(let path):
            let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else { throw LogSinkError(path: path, reason: String(cString: strerror(errno))) }
            return descriptor
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { memory in
            var written = 0
            while written < memory.count {
                let count = Glibc.write(descriptor, memory.baseAddress.map { $0 + written }, memory.count - written)
                if count > 0 {
                    written += count
                } else if errno == EAGAIN {
                    // The descriptor is shared with someone who has made it non-blocking.
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&waiting, 1, 1000)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}

/// Why a log file cannot be written.
package struct LogSinkError: Error, CustomStringConvertible {
    package let path: String
    package let reason: String
    package var description: String { "cannot open the log file '\(path)': \(reason)" }
}
