// How long a function that cannot be started, or that crashes, is left alone.

internal import NIOCore

/// Delays between starts that grow with each failure in a row: two free, then 1, 2, 4, 8 and at most 10 seconds, which
/// comes to about ten starts in the first minute and six in each one after.
struct StartBackoff: Sendable {
    /// What the failures so far come to.
    enum Notice: Hashable, Sendable {
        /// One like others before it, which have been said.
        case known
        /// To be said.
        case failure
        /// The function fails again and again; to be said once.
        case loop
    }

    private(set) var failures = 0
    private(set) var lastFailure: FunctionFailure?
    private var nextStart = NIODeadline.uptimeNanoseconds(0)

    /// Notes a start that came to nothing, or a process that died with a request.
    mutating func noteFailure(_ failure: FunctionFailure, at time: NIODeadline) -> Notice {
        let isSame = failure == lastFailure
        failures += 1
        lastFailure = failure
        nextStart = time + delay
        if failures == 3 { return .loop }
        return isSame || failures > 3 ? .known : .failure
    }

    private var delay: TimeAmount {
        failures < 3 ? .seconds(0) : .seconds(min(10, 1 << min(10, Int64(failures) - 3)))
    }

    /// Notes that a process has answered, or that there is reason to hope anew.
    mutating func reset() { self = StartBackoff() }

    /// Whether a process may be started now.
    func mayStart(at time: NIODeadline) -> Bool { time >= nextStart }
}
