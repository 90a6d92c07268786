// What a change of a function's code means for the requests that come meanwhile, and for its environments.

internal import NIOCore

/// Decides who waits for new code, and whether an environment starts before anyone asks for it.
struct CodeChanges: Sendable {
    /// What became of a start that failed.
    enum FailedStart: Hashable, Sendable {
        /// The code is broken.
        case broken
        /// The code was being written; the next start has all of it.
        case outOfDate
    }

    /// Requests are held back for a change unless the last one was put into force within this time: an endless series
    /// of changes must not stop the function.
    private static let calm = TimeAmount.seconds(1)

    /// Whether one environment is always to be there.
    var keepsWarm = false
    /// Whether environments have been started, and not ended because nobody needed them.
    var isInUse = false
    /// Whether requests wait for new code.
    private(set) var isHolding = false
    private var isChanging = false
    private var isRenewing = false
    private var isBroken = false
    private var lastRefresh: NIODeadline?

    init() {}

    /// Whether one environment is to be there even if nobody waits for it.
    var wantsOne: Bool { isRenewing || keepsWarm && !isBroken }

    /// The code has changed and may not have come to rest.
    mutating func noteChange(at time: NIODeadline) {
        isChanging = true
        if lastRefresh.map({ time - $0 >= Self.calm }) ?? true { isHolding = true }
    }

    /// The change is put into force.
    mutating func noteRefresh(at time: NIODeadline, hasRequests: Bool) {
        lastRefresh = time
        isChanging = false
        isHolding = false
        isBroken = false
        isRenewing = isInUse || keepsWarm || hasRequests
    }

    mutating func noteStart() {
        isInUse = true
        isRenewing = false
    }

    mutating func noteReady() { isBroken = false }

    mutating func noteFailedStart() -> FailedStart {
        if isChanging {
            isHolding = true
            return .outOfDate
        }
        isBroken = true
        return .broken
    }
}
