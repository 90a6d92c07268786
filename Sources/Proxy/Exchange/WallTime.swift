// The time of day in the spellings that responses, events and logs need.

internal import Glibc

/// A moment, in milliseconds since 1970 (UTC).
struct WallTime: Sendable, Equatable {
    let milliseconds: Int

    var seconds: Int { milliseconds / 1000 }

    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000)
    }

    /// `2025-04-14T22:11:01.042Z` (RFC 3339).
    var timestamp: String {
        let parts = CalendarDate.parts(seconds)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date =
            "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
        let clock = "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
        return "\(date)T\(clock).\(padded(milliseconds % 1000, 3))Z"
    }
}

/// The time of day with its spellings of the current second kept. Confined to one event loop.
struct LoopClock {
    private var second = -1
    /// `Mon, 14 Apr 2025 22:11:01 GMT` (RFC 9110 section 5.6.7).
    private(set) var httpDate: [UInt8] = []
    /// `14/Apr/2025:22:11:01 +0000`, as events have it.
    private(set) var eventDate: [UInt8] = []

    /// The time now; the spellings are of this second until the next call.
    @inline(__always)
    mutating func now() -> WallTime {
        let time = WallTime.now()
        if time.seconds != second { spell(time) }
        return time
    }

    /// A moment as events have it.
    func eventDate(of time: WallTime) -> [UInt8] {
        time.seconds == second ? eventDate : Self.eventDate(seconds: time.seconds)
    }

    private mutating func spell(_ time: WallTime) {
        second = time.seconds
        httpDate = Self.httpDate(seconds: second)
        eventDate = Self.eventDate(seconds: second)
    }

    private static func eventDate(seconds: Int) -> [UInt8] {
        let date = CalendarDate(seconds: seconds)
        return Array("\(date.day)/\(date.month)/\(date.year):\(date.clock) +0000".utf8)
    }

    /// `Mon, 14 Apr 2025 22:11:01 GMT` for seconds since 1970.
    static func httpDate(seconds: Int) -> [UInt8] {
        let date = CalendarDate(seconds: seconds)
        return Array("\(date.weekday), \(date.day) \(date.month) \(date.year) \(date.clock) GMT".utf8)
    }
}
