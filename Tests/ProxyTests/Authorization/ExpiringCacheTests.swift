// What the cache keeps, for how long, and how much of it.

import NIOCore
import Testing

@testable import Proxy

@Suite("The cache of what authorizers have said")
struct ExpiringCacheTests {
    private let start = NIODeadline.now()

    @Test("A value is there until its time is over")
    func expires() {
        let cache = ExpiringCache<String, Int>(capacity: 4)
        cache.insert(1, for: "a", until: start + .seconds(5))
        #expect(cache.value(of: "a", now: start + .seconds(4)) == 1)
        #expect(cache.value(of: "a", now: start + .seconds(5)) == nil)
        #expect(cache.value(of: "b", now: start) == nil)
    }

    @Test("The oldest make room, and a value that was set again counts as new")
    func evicts() {
        let cache = ExpiringCache<Int, Int>(capacity: 3)
        let end = start + .seconds(60)
        for key in 0..<3 { cache.insert(key, for: key, until: end) }
        cache.insert(10, for: 0, until: end)
        cache.insert(3, for: 3, until: end)
        #expect((0...3).map { cache.value(of: $0, now: start) } == [10, nil, 2, 3])
    }

    @Test("One key that is set again and again does not push the others out, nor grow the queue without end")
    func repeats() {
        let cache = ExpiringCache<Int, Int>(capacity: 100)
        let end = start + .seconds(60)
        cache.insert(1, for: 1, until: end)
        for number in 0..<50 { cache.insert(number, for: 2, until: end) }
        #expect(cache.value(of: 1, now: start) == 1)
        for number in 0..<10_000 { cache.insert(number, for: 2, until: end) }
        #expect(cache.value(of: 2, now: start) == 9_999)
    }
}
