// The rules of the review: each a name for what can change, and what it means.

/// A row of the table of rules: what changed, and what that means on both axes. A change refers to it.
package final class ChangeRule: Hashable, Comparable, Sendable {
    /// The stable name, kebab-case: `auth-removed`.
    package let id: String
    /// What it means for requests that worked.
    package let impact: Impact
    /// What it means for trust; nil for nothing.
    package let security: SecurityEffect?
    /// When a single change is judged otherwise than the row, as the rest of a sentence; nil for never.
    package let exception: String?
    /// The rule of the same change in the other direction, its own id included; nil where there is none.
    package let mirror: String?
    /// What changed, as the rest of a sentence in Markdown, without a full stop.
    package let summary: String
    /// Why it is judged so, and what to look at, in Markdown.
    package let explanation: String

    package init(
        _ id: String,
        _ impact: Impact,
        _ security: SecurityEffect? = nil,
        exception: String? = nil,
        mirror: String?,
        _ summary: String,
        _ explanation: String
    ) {
        self.id = id
        self.impact = impact
        self.security = security
        self.exception = exception
        self.mirror = mirror
        self.summary = summary
        self.explanation = explanation
    }

    package static func < (left: ChangeRule, right: ChangeRule) -> Bool { left.id < right.id }
    package static func == (left: ChangeRule, right: ChangeRule) -> Bool {
        left === right || left.id == right.id
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// All rules, by what they are about.
package enum ChangeRules {
    /// Every rule, in the order of the documentation.
    package static let all: [ChangeRule] =
        routes + reachability + authorization + crossOrigin + apis + renames + functions + environment + limits + keys

    /// The rule of a name; nil where there is none.
    package static func rule(named id: String) -> ChangeRule? { byID[id] }

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
}
