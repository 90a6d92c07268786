// How values are shown to people: short, unmistakable, and without what may be secret.

internal import Diagnostics
internal import JSON

/// Writes values of manifests for people.
enum ValueWording {
    /// How many columns a value takes at most.
    static let width = 48

    /// The texts of a value before and after.
    ///
    /// Where one is too long, what both have in common is cut, never what differs.
    static func texts(_ before: ChangeValue?, _ after: ChangeValue?) -> (before: String?, after: String?) {
        let namesSource = source(before) != source(after)
        let old = before.map { text($0, namesSource: namesSource) }
        let new = after.map { text($0, namesSource: namesSource) }
        guard let old, let new else { return (old?.shortened(to: 2 * width), new?.shortened(to: 2 * width)) }
        guard old.displayWidth > width || new.displayWidth > width else { return (old, new) }
        let (left, right) = cut(Array(old.unicodeScalars), Array(new.unicodeScalars))
        return (left, right)
    }

    private static func source(_ value: ChangeValue?) -> String? {
        if case .hidden(let source, _) = value { source } else { nil }
    }

    private static func text(_ value: ChangeValue, namesSource: Bool) -> String {
        switch value {
        case .shown(let value): return text(value)
        case .hidden(let source, let fingerprint):
            var words = "secret"
            if let fingerprint, !fingerprint.isEmpty { words += " \(fingerprint.visible)" }
            let isNeeded = namesSource || fingerprint == nil
            if isNeeded, let source, !source.isEmpty { words += " from \(source.visible)" }
            return "(\(words))"
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): return word(text)
        case .array(let elements): return "[" + elements.map(inner).joined(separator: ", ") + "]"
        case .object(let object): return answer(object) ?? members(object)
        default: return value.compactText
        }
    }

    /// What answers requests: `ANY /{proxy+} → Catchall (auth: Login)`, `Catchall (auth: Login)`.
    private static func answer(_ object: JSONObject) -> String? {
        guard let function = object["function"]?.string, object["auth"] != nil else { return nil }
        let rest = object.members.filter { $0.key != "function" && $0.key != "route" }
        let route = object["route"]?.string.map { "\($0.visible) → " } ?? ""
        return "\(route)\(word(function)) (\(members(JSONObject(rest.map { ($0.key, $0.value) }))))"
    }

    /// Whether a value is what answers requests, without the name of a route.
    static func isAnswer(_ value: ChangeValue?) -> Bool {
        guard case .shown(.object(let object)) = value else { return false }
        return answer(object) != nil && object["route"] == nil
    }

    private static func members(_ object: JSONObject) -> String {
        object.members.map { "\(word($0.key)): \(inner($0.value))" }.joined(separator: ", ")
    }

    /// A value within another one.
    private static func inner(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): word(text)
        case .object, .array: value.compactText.visible
        default: value.compactText
        }
    }

    /// A text as it is where nothing else can be meant, else in quotes.
    private static func word(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && !"\"→…,()[]{}".unicodeScalars.contains(scalar)
            }
        return isPlain ? text.visible : JSONValue.string(text).compactText.visible
    }

    // MARK: - Cutting

    private typealias Scalars = [Unicode.Scalar]

    private static func cut(_ old: Scalars, _ new: Scalars) -> (String, String) {
        var head = 0
        while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
        var tail = 0
        while tail < min(old.count, new.count) - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
            tail += 1
        }
        // What is equal shares the room that is left by what is not.
        let middles = [old, new].map { string($0[head..<($0.count - tail)]).displayWidth }
        let room = width - min(middles.max() ?? 0, width * 3 / 5)
        let (before, after) = (string(old[..<head]), string(old[(old.count - tail)...]))
        let afterWidth = min(after.displayWidth, max(room / 2, room - before.displayWidth))
        let (start, end) = (before.shortened(to: room - afterWidth), after.shortened(to: afterWidth))
        func text(_ scalars: Scalars) -> String {
            start + string(scalars[head..<(scalars.count - tail)]).shortened(to: width - room) + end
        }
        return (text(old), text(new))
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
