// The time of day, as Lambda writes it.

internal import Glibc

/// A moment on the wall clock.
package struct Timestamp: Hashable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The present.
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// RFC 3339 in UTC with milliseconds: `2026-01-31T23:59:59.001Z`.
    var text: String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let time = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        let day = date.map { Self.padded($0, digits: 2) }.joined(separator: "-")
        let clock = time.map { Self.padded($0, digits: 2) }.joined(separator: ":")
        return "\(day)T\(clock).\(Self.padded(Int(milliseconds % 1000), digits: 3))Z"
    }

    private static func padded(_ number: Int, digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
