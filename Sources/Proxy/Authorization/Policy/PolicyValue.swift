// Numbers, dates and truths as policies write them.

/// Readers of the values that conditions compare.
enum PolicyValue {
    /// `true` or `false`, in any case.
    static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// A decimal number, perhaps with a fraction and an exponent.
    static func number(_ text: String) -> Double? {
        let characters = "+-.0123456789eE".utf8
        guard text.utf8.count <= 64, text.utf8.contains(where: \.isDigit), text.utf8.allSatisfy(characters.contains)
        else { return nil }
        return Double(text)
    }

    /// A date in the formats that policies may have (W3C note "Date and Time Formats"), or seconds since 1970.
    ///
    /// - Parameter text: `2026`, `2026-11-21`, `2026-11-21T15:00Z`, `2026-11-21T15:00:00.5+01:00`, `1700000000`.
    /// - Returns: seconds since 1970; nil for what is no date.
    static func date(_ text: String) -> Double? {
        var reader = DateReader(text)
        if text.utf8.count > 4, !text.utf8.dropFirst(4).contains(UInt8(ascii: "-")) { return number(text) }
        guard let year = reader.number(digits: 4) else { return nil }
        var month = 1
        var day = 1
        var seconds = 0.0
        if reader.take("-") {
            guard let number = reader.number(digits: 2), (1...12).contains(number) else { return nil }
            month = number
            if reader.take("-") {
                guard let number = reader.number(digits: 2), (1...31).contains(number) else { return nil }
                day = number
                if reader.take("T") {
                    guard let time = reader.timeOfDay() else { return nil }
                    seconds = time
                }
            }
        }
        guard reader.isAtEnd else { return nil }
        return Double(CivilDate.days(year: year, month: month, day: day)) * 86_400 + seconds
    }
}

/// The calendar (Gregorian, UTC).
enum CivilDate {
    /// The days from 1 January 1970 to a day (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Takes a date apart from left to right.
struct DateReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes fixed text where it is next.
    mutating func take(_ text: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// Takes a number of exactly so many digits.
    mutating func number(digits: Int) -> Int? {
        guard rest.count >= digits, rest.prefix(digits).allSatisfy(\.isDigit) else { return nil }
        defer { rest = rest.dropFirst(digits) }
        return rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 &- 48) }
    }

    /// Takes `15:00`, `15:00:00` or `15:00:00.25` and a zone: `Z`, `+01:00`.
    ///
    /// - Returns: the seconds from midnight UTC.
    mutating func timeOfDay() -> Double? {
        guard let hours = number(digits: 2), hours < 24, take(":"), let minutes = number(digits: 2), minutes < 60 else {
            return nil
        }
        var seconds = Double(hours * 3600 + minutes * 60)
        if take(":") {
            guard let whole = self.number(digits: 2), whole <= 60 else { return nil }
            seconds += Double(whole)
            if take(".") {
                guard rest.first?.isDigit == true else { return nil }
                var scale = 0.1
                while let digit = number(digits: 1) {
                    seconds += Double(digit) * scale
                    scale /= 10
                }
            }
        }
        if take("Z") { return seconds }
        let sign: Double = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let offset = number(digits: 2), offset < 24, take(":"), let part = number(digits: 2), part < 60
        else { return nil }
        return seconds - sign * Double(offset * 3600 + part * 60)
    }
}
