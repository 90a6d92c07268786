// What the host counts of each function.

internal import NIOCore

/// The counters of one function. Confined to the host's event loop.
final class FunctionMetrics {
    /// Why a request failed.
    enum ErrorKind: String, CaseIterable {
        /// The function's own error, which its runtime has reported.
        case function
        case timeout
        /// The process ended, did not start, or gave an answer that Lambda does not take.
        case runtime
    }

    /// The upper ends of the buckets of durations but the last, in nanoseconds.
    static let bucketLimits: [UInt64] = [
        1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000,
    ].map { $0 * 1_000_000 }

    private(set) var buckets = [UInt64](repeating: 0, count: FunctionMetrics.bucketLimits.count + 1)
    private(set) var nanoseconds: UInt64 = 0
    private(set) var errors: [ErrorKind: UInt64] = [:]
    private(set) var starts: UInt64 = 0
    private(set) var startNanoseconds: UInt64 = 0
    private(set) var failedStarts: UInt64 = 0
    private(set) var throttles: UInt64 = 0
    private(set) var refreshes: UInt64 = 0

    /// How many requests processes are done with.
    var invocations: UInt64 { buckets.reduce(0, +) }

    func noteRequest(_ duration: TimeAmount, status: ReportStatus) {
        let time = UInt64(max(0, duration.nanoseconds))
        buckets[Self.bucketLimits.firstIndex { time <= $0 } ?? Self.bucketLimits.count] += 1
        nanoseconds += time
        switch status {
        case .success: break
        case .functionError: errors[.function, default: 0] += 1
        case .timeout: errors[.timeout, default: 0] += 1
        case .error: errors[.runtime, default: 0] += 1
        }
    }

    func noteStart(_ duration: TimeAmount) {
        starts += 1
        startNanoseconds += UInt64(max(0, duration.nanoseconds))
    }

    func noteFailedStart() { failedStarts += 1 }

    func noteThrottle() { throttles += 1 }

    func noteRefresh() { refreshes += 1 }
}

/// The counters of all functions by logical id. Confined to the host's event loop.
final class HostMetrics {
    private(set) var functions: [String: FunctionMetrics] = [:]
    var reloads = 0
    var failedReloads = 0

    /// The counters of a function; all that asks for them sees the same ones.
    func function(_ id: String) -> FunctionMetrics {
        if let metrics = functions[id] { return metrics }
        let metrics = FunctionMetrics()
        functions[id] = metrics
        return metrics
    }

    /// Forgets the functions that there are no more.
    func keep(_ isKept: (String) -> Bool) { functions = functions.filter { isKept($0.key) } }
}
