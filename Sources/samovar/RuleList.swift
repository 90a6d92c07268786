// The rules of the review for people and for programs: all of them, or one in full.

internal import JSON
internal import Review

/// Prints rules.
enum RuleList {
    /// A line for each rule, in the order of the documentation.
    static var text: String {
        let rules = ChangeRules.all
        let width = rules.map(\.id.utf8.count).max() ?? 0
        return rules.map { rule in
            let id = rule.id + String(repeating: " ", count: width - rule.id.utf8.count)
            let impact = rule.impact.rawValue
            let security = rule.security?.rawValue ?? "-"
            let gaps = [("compatible", impact), ("strengthens", security)].map { longest, word in
                word + String(repeating: " ", count: longest.utf8.count - word.utf8.count)
            }
            return "\(id)  \(gaps[0])  \(gaps[1])  \(rule.summary)\n"
        }.joined()
    }

    /// An array with an object for each rule.
    static var json: String {
        let rules = ChangeRules.all.map { rule in
            var object = JSONObject()
            object["id"] = .string(rule.id)
            object["impact"] = .string(rule.impact.rawValue)
            object["security"] = rule.security.map { .string($0.rawValue) }
            object["exception"] = rule.exception.map { .string($0) }
            object["mirror"] = rule.mirror.map { .string($0) }
            object["summary"] = .string(rule.summary)
            object["explanation"] = .string(rule.explanation)
            return JSONValue.object(object)
        }
        return JSONValue.array(rules).canonicalText
    }

    /// All that there is to say of a rule.
    static func section(of rule: ChangeRule) -> String {
        var judgement = rule.impact.rawValue
        switch rule.security {
        case .review: judgement += ", security needs a look"
        case let effect?: judgement += ", \(effect.rawValue) security"
        case nil: break
        }
        if let exception = rule.exception { judgement += "; \(exception)" }
        var text = "\(rule.id)\n\n\(judgement): \(rule.summary).\n\n\(rule.explanation)\n"
        if let mirror = rule.mirror, mirror != rule.id { text += "\nThe other way round it is \(mirror).\n" }
        return text
    }
}
