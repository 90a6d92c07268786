// The rules of the review for people and for programs.

internal import Diagnostics
internal import JSON
internal import Review

/// Prints rules.
enum RuleList {
    /// A line for each rule, in the order of the documentation.
    static var text: String {
        let rules = ChangeRules.all
        let width = rules.map(\.id.utf8.count).max() ?? 0
        return rules.map { rule in
            let impact = rule.impact.rawValue.padded(to: "compatible".count)
            let security = (rule.security?.rawValue ?? "-").padded(to: "strengthens".count)
            return "\(rule.id.padded(to: width))  \(impact)  \(security)  \(rule.summary)\n"
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
}
