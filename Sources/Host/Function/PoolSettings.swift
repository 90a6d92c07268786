// How many environments functions have, and when they come and go, as the user asks for it.

internal import NIOCore

/// What holds for every function of a host.
package struct PoolSettings: Hashable, Sendable {
    /// When the first environment of a function starts.
    package enum Warmth: String, CaseIterable, Sendable {
        /// With the first request.
        case lazy
        /// With the host and with each change; one always stays.
        case eager
    }

    /// How many environments a function may have where the user names no number: a bound of the machine, not of Lambda.
    package static var standardProcesses: Int { max(10, 2 * System.coreCount) }
    /// How many requests wait there.
    package static let standardQueue = 1000

    /// How many environments one function may have; nil for what the machine bears.
    package var maximumProcesses: Int?
    /// How many requests of one function may wait beyond that; nil for none where `maximumProcesses` is given, else 1000.
    package var maximumQueue: Int?
    package var warmth = Warmth.lazy
    /// How long an environment may be idle before it ends, in seconds.
    package var idleSeconds = 600
    /// How long a runtime may take until its first `next`, in seconds; Lambda's own limit but for tests.
    package var initSeconds = EnvironmentTimer.initSeconds

    package init() {}
}
