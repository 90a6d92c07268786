// A token bucket that all event loops share without a lock.

internal import Manifest
internal import NIOCore
internal import Synchronization

/// How many requests pass: a bucket of so many tokens that fills at a rate.
struct RequestLimit: Hashable, Sendable {
    /// What an account may do where nothing is said (developer guide, "Quotas": 10,000 requests a second, and bursts of
    /// 5,000).
    private static let accountRate = 10_000.0
    private static let accountBurst = 5_000

    /// From one token to the next, in nanoseconds; nil for a limit that nothing passes.
    fileprivate let interval: Int64?
    /// How far the bucket may be behind, in nanoseconds.
    fileprivate let tolerance: Int64

    /// A rate or a burst of 0 lets nothing pass.
    init(requestsPerSecond: Double?, burst: Int?) {
        let rate = requestsPerSecond ?? Self.accountRate
        let burst = burst ?? Self.accountBurst
        guard rate > 0, burst > 0 else {
            interval = nil
            tolerance = 0
            return
        }
        // Bounded, so that sums stay far from the end of the numbers: eleven days and a hundred years.
        let nanoseconds = min(1e9 / rate, 1e15)
        interval = max(1, Int64(nanoseconds))
        tolerance = Int64(min(nanoseconds * Double(burst - 1), 3e18))
    }

    init(_ throttle: Throttle) { self.init(requestsPerSecond: throttle.requestsPerSecond, burst: throttle.burst) }
}

/// The tokens of one bucket, as the moment at which it would be full again (the generic cell rate algorithm, ITU-T
/// I.371). The limit is not part of it, so that a bucket outlives a manifest with another one.
final class TokenBucket: Sendable {
    /// In nanoseconds of uptime.
    private let fullAt = Atomic<Int64>(0)

    /// Takes a token, if there is one.
    ///
    /// - Parameters:
    ///   - limit: how large the bucket is, and how fast it fills.
    ///   - now: the present: one that is past would be refused what others have taken since, and give it back to all.
    /// - Returns: whether there was one.
    func take(_ limit: RequestLimit, now: NIODeadline) -> Bool {
        guard let interval = limit.interval else { return false }
        let now = Int64(clamping: now.uptimeNanoseconds)
        var seen = fullAt.load(ordering: .relaxed)
        while true {
            // What a larger bucket was behind does not count for a smaller one.
            let start = min(max(seen, now), now + limit.tolerance + interval)
            let isThere = start - now <= limit.tolerance
            // It is written down, too: the smaller bucket fills from here on.
            guard isThere || start < seen else { return false }
            let (exchanged, original) = fullAt.compareExchange(
                expected: seen,
                desired: isThere ? start + interval : start,
                ordering: .relaxed
            )
            if exchanged { return isThere }
            seen = original
        }
    }
}
