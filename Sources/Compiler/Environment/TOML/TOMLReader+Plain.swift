// Values of TOML that stand without quotes: booleans, numbers, dates and times.

internal import Diagnostics

extension TOMLReader {
    mutating func plainValue() throws(TOMLFault) -> SettingValue {
        let start = position
        var word = word()
        guard !word.isEmpty else { throw fault("a value is expected here") }
        // A date and its time may be parted by a blank.
        let count = word.unicodeScalars.count
        if TOMLMoment.isDate(word), peek(at: count) == " ", let next = peek(at: count + 1), ("0"..."9").contains(next) {
            var rest = self
            rest.advance(by: count + 1)
            word += " " + rest.word()
        }
        guard let content = Self.content(word) else {
            let hint = word.unicodeScalars.contains { $0.properties.isAlphabetic } ? "; a text stands in quotes" : ""
            throw fault("'\(word)' is no value\(hint)")
        }
        advance(by: word.unicodeScalars.count)
        return SettingValue(content, at: span(from: start))
    }

    private static func content(_ word: String) -> SettingValue.Content? {
        switch word {
        case "true": .boolean(true)
        case "false": .boolean(false)
        case "inf", "+inf", "-inf", "nan", "+nan", "-nan": .number(word)
        default:
            if TOMLMoment.isMoment(word) { .moment(word) } else { number(word).map(SettingValue.Content.number) }
        }
    }

    /// The number in decimal; nil where the word is none.
    private static func number(_ word: String) -> String? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            let digits = word.dropFirst(2)
            guard isSpaced(digits, { Character($0).hexDigitValue.map { $0 < radix } ?? false }) else { return nil }
            return Int64(digits.replacing("_", with: ""), radix: radix).map(String.init)
        }
        let isNegative = word.hasPrefix("-")
        let unsigned = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : Substring(word)
        let parts = unsigned.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first else { return nil }
        let pieces = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard pieces.allSatisfy({ isSpaced($0, isDigit) }), let whole = pieces.first else { return nil }
        guard whole == "0" || !whole.hasPrefix("0") else { return nil }
        let isInteger = pieces.count == 1 && parts.count == 1
        if parts.count == 2 {
            let exponent = parts[1]
            let digits = exponent.hasPrefix("-") || exponent.hasPrefix("+") ? exponent.dropFirst() : exponent
            guard isSpaced(digits, isDigit) else { return nil }
        }
        let plain = (isNegative ? "-" : "") + unsigned.replacing("_", with: "")
        return isInteger ? Int64(plain).map(String.init) : plain
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Whether a text is of such digits, with single underscores between them.
    private static func isSpaced(_ text: Substring, _ isDigit: (Unicode.Scalar) -> Bool) -> Bool {
        var afterDigit = false
        for scalar in text.unicodeScalars {
            guard scalar.isASCII, isDigit(scalar) || (scalar == "_" && afterDigit) else { return false }
            afterDigit = scalar != "_"
        }
        return afterDigit
    }
}

/// Dates and times of RFC 3339, as TOML has them: with and without an offset, and each without the other.
enum TOMLMoment {
    static func isDate(_ word: String) -> Bool {
        guard let (year, month, day) = numbers(word, lengths: [4, 2, 2], separator: "-") else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(month) && (1...lengths[month - 1]).contains(day)
    }

    static func isMoment(_ word: String) -> Bool {
        if isDate(word) || isTime(Substring(word)) { return true }
        guard word.utf8.count > 10, isDate(String(word.prefix(10))) else { return false }
        let rest = word.dropFirst(10)
        guard let separator = rest.first, "Tt ".contains(separator) else { return false }
        var time = rest.dropFirst()
        if time.hasSuffix("Z") || time.hasSuffix("z") {
            time = time.dropLast()
        } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            guard isOffset(time[time.index(after: sign)...]) else { return false }
            time = time[..<sign]
        }
        return isTime(time)
    }

    private static func isOffset(_ text: Substring) -> Bool {
        guard let (hour, minute, _) = numbers(text + ":00", lengths: [2, 2, 2], separator: ":") else { return false }
        return hour < 24 && minute < 60
    }

    private static func isTime(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let clock = parts.first, let (hour, minute, second) = numbers(clock, lengths: [2, 2, 2], separator: ":")
        else { return false }
        if parts.count == 2, !isDigits(parts[1]) { return false }
        // A leap second is the sixtieth.
        return hour < 24 && minute < 60 && second <= 60
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    private static func numbers(
        _ text: some StringProtocol,
        lengths: [Int],
        separator: Character
    ) -> (Int, Int, Int)? {
        let parts = Substring(text).split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, zip(parts, lengths).allSatisfy({ $0.utf8.count == $1 && isDigits($0) }) else {
            return nil
        }
        let values = parts.compactMap { Int($0) }
        return values.count == 3 ? (values[0], values[1], values[2]) : nil
    }
}
