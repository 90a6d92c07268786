// What a comparison came to: the one thing that renderers are given.

/// The changes between two manifests.
package struct ChangeReport: Hashable, Sendable {
    /// What the old manifest is called: a path, `HEAD~1:template.yaml`.
    package let oldName: String
    /// What the new manifest is called.
    package let newName: String
    /// The changes, in the order of the manifest.
    package var changes: [Change]
    /// What is to be said beside them, each a sentence without a full stop: an acceptance that matches nothing.
    package var remarks: [String] = []
    /// Whether there may be more changes: so many requests could have moved that not all were followed.
    package var isUnfinished = false

    package init(oldName: String, newName: String, changes: [Change]) {
        self.oldName = oldName
        self.newName = newName
        self.changes = changes
    }

    /// The changes that nobody has accepted.
    package var open: [Change] { changes.filter { $0.acceptance == nil } }

    /// The last line of every report: `1 breaking, 1 risky, 2 compatible; 2 weaken security`; accepted changes are
    /// counted apart.
    package var summary: String {
        guard !changes.isEmpty else { return "no changes" }
        var parts = Impact.allCases.compactMap { impact in
            let count = changes.count { $0.acceptance == nil && $0.impact == impact }
            return count == 0 ? nil : "\(count) \(impact.rawValue)"
        }
        let accepted = changes.count { $0.acceptance != nil }
        if accepted > 0 { parts.append("\(accepted) accepted") }
        var text = parts.joined(separator: ", ")
        let weaker = changes.count { $0.acceptance == nil && $0.security == .weakens }
        if weaker > 0 { text += "; \(weaker) \(weaker == 1 ? "weakens" : "weaken") security" }
        return text
    }
}
