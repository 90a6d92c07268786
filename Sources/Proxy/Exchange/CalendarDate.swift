// Dates with their names, for the formats that are put together of them.

internal import Glibc

/// A moment by the calendar (Gregorian, UTC), its names in English.
struct CalendarDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private let parts: tm

    /// - Parameter seconds: since 1970.
    init(seconds: Int) { parts = Self.parts(seconds) }

    /// `Mon`.
    var weekday: String { Self.weekdays[Int(parts.tm_wday) % 7] }

    /// `14`, of two digits.
    var day: String { Self.two(parts.tm_mday) }

    /// `Apr`.
    var month: String { Self.months[Int(parts.tm_mon) % 12] }

    var year: Int { Int(parts.tm_year) + 1900 }

    /// `22:11:01`.
    var clock: String { "\(Self.two(parts.tm_hour)):\(Self.two(parts.tm_min)):\(Self.two(parts.tm_sec))" }

    /// How many months have passed since January of the year 0.
    var monthNumber: Int { year * 12 + Int(parts.tm_mon) }

    /// The month of a name, from 1; nil for what is none.
    static func month(named name: some StringProtocol) -> Int? { months.firstIndex { $0 == name }.map { $0 + 1 } }

    static func parts(_ seconds: Int) -> tm {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return parts
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
