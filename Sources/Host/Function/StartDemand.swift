// How many environments a function needs beyond those that it has.

/// What a pool looks at when it decides about starts.
struct StartDemand: Hashable, Sendable {
    /// How many requests wait.
    var waiting: Int
    /// How many environments are on their way.
    var starting: Int
    /// How many have answered and are expected back right away.
    var settling: Int
    /// How many there are, in any state, without those that will take no more requests.
    var environments: Int
    /// How many there may be.
    var limit: Int
    /// Whether there is to be one even if nobody waits.
    var wantsOne: Bool

    /// How many are to be started.
    var count: Int {
        let missing = max(waiting - starting - settling, wantsOne && environments == 0 ? 1 : 0)
        return max(0, min(missing, limit - environments))
    }
}
