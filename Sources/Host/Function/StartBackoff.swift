// How often a function that cannot be started, or that crashes, is started again.

internal import NIOCore

/// Decides how many environments may be started now.
///
/// Starts are free while they come to something. After a failure, ten starts a minute are allowed that have not led to
/// an answer, over all environments of the function; after three failures in a row they come one at a time, after 1, 2,
/// 4, 8 and then always 10 seconds. Nor do more than ten start before the first has shown that it can.
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

    /// How many starts without an answer there may be in a minute.
    static let maximumStarts = 10
    private static let period = TimeAmount.seconds(60)
    /// From so many failures in a row on, starts are delayed.
    private static let loopFailures = 3

    private(set) var failures = 0
    private(set) var lastFailure: FunctionFailure?
    private var lastFailureTime = NIODeadline.uptimeNanoseconds(0)
    private var nextStart = NIODeadline.uptimeNanoseconds(0)
    /// When the last starts were that have not led to an answer, at most ten.
    private var starts: [NIODeadline] = []
    /// Whether an environment has become ready.
    private var isProven = false

    /// Whether an answer would change anything.
    var expectsAnswers: Bool { failures > 0 || !starts.isEmpty }

    mutating func noteStart(at time: NIODeadline) {
        if starts.count == Self.maximumStarts { starts.removeFirst() }
        starts.append(time)
    }

    /// Notes that an environment is ready for requests.
    mutating func noteReady() { isProven = true }

    /// Notes that an environment has answered.
    ///
    /// - Parameter start: when it was started. One that was there before the last failure says nothing about new ones.
    mutating func noteAnswer(startedAt start: NIODeadline) {
        if let index = starts.firstIndex(of: start) { starts.remove(at: index) }
        guard failures > 0, start >= lastFailureTime else { return }
        failures = 0
        lastFailure = nil
    }

    /// Notes a start that came to nothing, or a process that died with a request.
    mutating func noteFailure(_ failure: FunctionFailure, at time: NIODeadline) -> Notice {
        let isSame = failure == lastFailure
        failures += 1
        lastFailure = failure
        lastFailureTime = time
        nextStart = time + delay
        if failures == Self.loopFailures { return .loop }
        return isSame || failures > Self.loopFailures ? .known : .failure
    }

    private var delay: TimeAmount {
        failures < Self.loopFailures
            ? .seconds(0) : .seconds(min(10, 1 << min(10, Int64(failures - Self.loopFailures))))
    }

    /// Notes that there is reason to hope anew: other code, other settings.
    mutating func reset() { self = StartBackoff() }

    /// How many environments may be started now.
    ///
    /// - Parameters:
    ///   - time: now.
    ///   - starting: how many are on their way.
    ///   - isForRequests: whether requests wait; without any, a function whose processes end by themselves is no reason
    ///     to start one after the other.
    /// - Returns: a number that may be larger than anyone needs.
    func allowance(at time: NIODeadline, starting: Int, isForRequests: Bool) -> Int {
        guard failures > 0 || !isProven || !isForRequests else { return .max }
        let left = Self.maximumStarts - starts.count { time - $0 < Self.period }
        guard failures >= Self.loopFailures else { return left }
        return time >= nextStart && starting == 0 ? min(1, left) : 0
    }
}
