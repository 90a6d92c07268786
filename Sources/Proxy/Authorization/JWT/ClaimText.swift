// Claims as texts, in the spelling of each kind of API.

internal import Glibc
internal import JSON

/// How events spell claims: all of them as strings.
enum ClaimText {
    /// The spelling of HTTP APIs: `[a b]` for arrays, `map[a:b]` for objects, nothing for null.
    static func http(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .boolean, .integer, .real, .string: scalar(value)
        case .array(let elements): "[\(elements.map { http($0) ?? "<nil>" }.joined(separator: " "))]"
        case .object(let object):
            "map[\(sorted(object).map { "\($0):\(http($1) ?? "<nil>")" }.joined(separator: " "))]"
        }
    }

    /// The spelling of REST APIs: arrays with commas, and the moments of a token as dates.
    static func rest(_ value: JSONValue, name: String) -> String? {
        switch value {
        case .integer(let seconds) where ["exp", "iat", "nbf"].contains(name): date(seconds) ?? scalar(value)
        case .null: nil
        case .boolean, .integer, .real, .string: scalar(value)
        case .array(let elements): elements.compactMap { rest($0, name: "") }.joined(separator: ",")
        case .object: value.canonicalText.trimmingLineEnd
        }
    }

    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .boolean(let truth): truth ? "true" : "false"
        case .integer(let number): String(number)
        case .real(let number):
            number.rounded() == number && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
        case .string(let text): text
        case .null, .array, .object: nil
        }
    }

    private static func sorted(_ object: JSONObject) -> [(key: String, value: JSONValue)] {
        object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// `Mon Apr 14 22:11:01 UTC 2025`; nil for a year that has not four digits.
    private static func date(_ seconds: Int64) -> String? {
        guard (0..<253_402_300_800).contains(seconds) else { return nil }
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return
            "\(day) \(months[Int(parts.tm_mon) % 12]) \(two(parts.tm_mday)) \(clock) UTC \(Int(parts.tm_year) + 1900)"
    }
}

extension String {
    fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
