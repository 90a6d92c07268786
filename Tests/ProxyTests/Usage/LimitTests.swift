// Buckets and quotas against times of a test's own.

import Manifest
import NIOCore
import Testing

@testable import Proxy

@Suite("Limits")
struct LimitTests {
    private static let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    private static func taken(_ bucket: TokenBucket, _ limit: RequestLimit, of count: Int, after time: TimeAmount)
        -> Int
    {
        (0..<count).filter { _ in bucket.take(limit, now: start + time) }.count
    }

    @Test("6.3: a bucket holds the burst and fills at the rate")
    func bucket() {
        let bucket = TokenBucket()
        let limit = RequestLimit(requestsPerSecond: 2, burst: 5)
        #expect(Self.taken(bucket, limit, of: 9, after: .zero) == 5)
        #expect(Self.taken(bucket, limit, of: 9, after: .milliseconds(499)) == 0)
        #expect(Self.taken(bucket, limit, of: 9, after: .milliseconds(500)) == 1)
        #expect(Self.taken(bucket, limit, of: 9, after: .seconds(2)) == 3)
        #expect(Self.taken(bucket, limit, of: 9, after: .hours(1)) == 5)
        // A clock that goes back gives nothing away.
        #expect(Self.taken(bucket, limit, of: 9, after: .zero) == 0)
    }

    static let extremeLimits: [(rate: Double?, burst: Int?, taken: Int)] = [
        (0, 5, 0), (5, 0, 0), (0, 0, 0), (nil, 0, 0), (0, nil, 0), (1e-9, 1, 1), (1e-300, 1_000_000_000, 20),
        (1e9, 1_000_000_000, 20), (1e9, 1, 1), (nil, 3, 3), (1, nil, 20), (0.5, 1, 1),
    ]

    @Test("6.3: a rate or a burst of 0 blocks all, and no number is too large or too small", arguments: extremeLimits)
    func extremes(rate: Double?, burst: Int?, taken: Int) {
        let limit = RequestLimit(requestsPerSecond: rate, burst: burst)
        #expect(Self.taken(TokenBucket(), limit, of: 20, after: .zero) == taken)
    }

    @Test("6.3: what is not said is the account's: 10000 requests a second, 5000 at once")
    func account() {
        #expect(
            Self.taken(TokenBucket(), RequestLimit(requestsPerSecond: 1, burst: nil), of: 6000, after: .zero) == 5000
        )
        let bucket = TokenBucket()
        let limit = RequestLimit(requestsPerSecond: nil, burst: 1)
        #expect(Self.taken(bucket, limit, of: 2, after: .zero) == 1)
        #expect(Self.taken(bucket, limit, of: 2, after: .microseconds(100)) == 1)
    }

    @Test("6.3: a bucket outlives its limit, and a smaller one is not held up by what a larger one gave")
    func changedLimit() {
        let bucket = TokenBucket()
        #expect(Self.taken(bucket, RequestLimit(requestsPerSecond: 0.001, burst: 1000), of: 1000, after: .zero) == 1000)
        let faster = RequestLimit(requestsPerSecond: 1, burst: 2)
        #expect(Self.taken(bucket, faster, of: 9, after: .zero) == 0)
        #expect(Self.taken(bucket, faster, of: 9, after: .seconds(1)) == 1)
        #expect(Self.taken(bucket, faster, of: 9, after: .seconds(10)) == 2)
    }

    @Test("6.3: threads together take no more than there is")
    func threads() async {
        let bucket = TokenBucket()
        let limit = RequestLimit(requestsPerSecond: 0.001, burst: 500)
        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { Self.taken(bucket, limit, of: 200, after: .zero) } }
            return await group.reduce(0, +)
        }
        #expect(taken == 500)
    }

    /// 2023-11-14 22:13:20, a Tuesday.
    private static let tuesday = 1_700_000_000

    static let quotas: [(period: UsagePlan.Quota.Period, before: Int, after: Int)] = [
        (.day, tuesday + 6_399, tuesday + 6_400),
        // The Sunday after it.
        (.week, tuesday + 6_399 + 4 * 86_400, tuesday + 6_400 + 4 * 86_400),
        // The first of December.
        (.month, tuesday + 6_399 + 16 * 86_400, tuesday + 6_400 + 16 * 86_400),
    ]

    @Test(
        "5.5: a quota begins anew each day, week or month, and is smaller in the first by the offset",
        arguments: quotas
    )
    func quota(period: UsagePlan.Quota.Period, before: Int, after: Int) {
        var quota = UsagePlan.Quota(requests: 5, period: period)
        quota.offset = 2
        let counter = QuotaCounter()
        func taken(at second: Int) -> Int {
            (0..<9).filter { _ in counter.take(quota, now: WallTime(milliseconds: second * 1000)) }.count
        }
        #expect(taken(at: Self.tuesday) == 3)
        #expect(taken(at: before) == 0)
        #expect(taken(at: after) == 5)
        #expect(taken(at: after) == 0)
    }

    @Test("5.5: a quota of 0, or one that the offset uses up, lets nothing pass; a larger one counts on")
    func quotaChanges() {
        let now = WallTime(milliseconds: Self.tuesday * 1000)
        #expect(!QuotaCounter().take(UsagePlan.Quota(requests: 0, period: .day), now: now))
        var used = UsagePlan.Quota(requests: 5, period: .day)
        used.offset = 7
        #expect(!QuotaCounter().take(used, now: now))
        let counter = QuotaCounter()
        #expect(counter.take(UsagePlan.Quota(requests: 1, period: .day), now: now))
        #expect(!counter.take(UsagePlan.Quota(requests: 1, period: .day), now: now))
        #expect(counter.take(UsagePlan.Quota(requests: 2, period: .day), now: now))
        #expect(!counter.take(UsagePlan.Quota(requests: 2, period: .day), now: now))
    }

    @Test("5.5: a request that was held up over the end of a period gives nobody a new quota")
    func quotaOfLateRequests() {
        let counter = QuotaCounter()
        let quota = UsagePlan.Quota(requests: 2, period: .day)
        let today = WallTime(milliseconds: (Self.tuesday + 6_400) * 1000)
        let yesterday = WallTime(milliseconds: (Self.tuesday + 6_399) * 1000)
        #expect(counter.take(quota, now: today))
        #expect(counter.take(quota, now: yesterday))
        #expect(!counter.take(quota, now: yesterday))
        #expect(!counter.take(quota, now: today))
    }
}
