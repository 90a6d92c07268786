// Claims as texts, in the spelling of each kind of API.

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
        let date = CalendarDate(seconds: Int(seconds))
        return "\(date.weekday) \(date.month) \(date.day) \(date.clock) UTC \(date.year)"
    }
}

extension String {
    fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
