// The times that signatures are made at.

/// The basic format of ISO 8601 that signatures have: `20261121T150000Z`.
enum SignatureDate {
    /// - Returns: seconds since 1970; nil for any other format.
    static func seconds(_ text: String) -> Int? {
        var reader = DateReader(text)
        guard let year = reader.number(digits: 4), let month = reader.number(digits: 2), (1...12).contains(month),
            let day = reader.number(digits: 2), (1...31).contains(day), reader.take("T"),
            let hours = reader.number(digits: 2), hours < 24, let minutes = reader.number(digits: 2), minutes < 60,
            let seconds = reader.number(digits: 2), seconds <= 60, reader.take("Z"), reader.isAtEnd
        else { return nil }
        return CivilDate.days(year: year, month: month, day: day) * 86_400 + hours * 3600 + minutes * 60 + seconds
    }

    /// The text of a moment.
    static func text(_ seconds: Int) -> String {
        // 2026-11-21T15:00:00.000Z
        let timestamp = WallTime(milliseconds: seconds * 1000).timestamp
        return timestamp.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The text for the value of a `Date` field (RFC 9110 section 5.6.7): `Sat, 21 Nov 2026 15:00:00 GMT`.
    ///
    /// - Returns: nil for any other format.
    static func basic(ofField text: String) -> String? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, ["GMT", "+0000", "-0000"].contains(words[5]),
            let month = CalendarDate.month(named: words[2]),
            words[1].utf8.count == 2, words[3].utf8.count == 4
        else { return nil }
        let digits = String(month + 100).dropFirst()
        let text = "\(words[3])\(digits)\(words[1])T\(words[4].filter { $0 != ":" })Z"
        return seconds(text) == nil ? nil : text
    }
}
