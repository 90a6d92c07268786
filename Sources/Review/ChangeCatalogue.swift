// Every rule of the review, for `samovar explain` and the documentation.

internal import Diagnostics

/// The rules as a page.
package enum ChangeCatalogue {
    /// What shows a rule: two manifests, and what `samovar diff` prints of them.
    package struct Example: Sendable {
        let before: String
        let after: String
        let changes: String

        package init(before: String, after: String, changes: String) {
            self.before = before
            self.after = after
            self.changes = changes
        }
    }

    /// A rule's section in the documentation, in Markdown, without its heading and its example.
    package static func section(of rule: ChangeRule) -> String {
        var section = "**\(rule.judgement)**: \(rule.summary).\n\n\(rule.explanation)\n"
        if let exception = rule.exception { section += "\nBut \(exception).\n" }
        if let mirror = rule.mirror, mirror != rule.id { section += "\nThe other way round it is `\(mirror)`.\n" }
        return section
    }

    /// The rules as a page of Markdown, `docs/changes.md`.
    ///
    /// - Parameter examples: what shows each rule, by its name.
    /// - Returns: the page.
    package static func page(examples: [String: Example]) -> String {
        var page = """
            # Changes

            Everything that `samovar diff` can say about two manifests. Each change is judged twice: by what it does to
            requests that worked, and by whom it trusts. A test writes this page from the rules in the source, with the
            manifests and the output that hold each rule; `samovar explain RULE` prints one section.

            | rule | impact | security | what changed |
            |---|---|---|---|

            """
        for rule in ChangeRules.all {
            let security = rule.security?.rawValue ?? "–"
            page += "| [`\(rule.id)`](#\(rule.id)) | \(rule.impact.rawValue) | \(security) "
            page += "| \(rule.summary.replacing("|", with: "\\|")) |\n"
        }
        for rule in ChangeRules.all {
            page += "\n## `\(rule.id)`\n\n\(section(of: rule))"
            if let example = examples[rule.id] { page += example.markdown }
        }
        return page
    }
}

extension ChangeRule {
    /// Both axes in words: `Risky, weakens security`.
    fileprivate var judgement: String {
        let impact =
            switch impact {
            case .breaking: "Breaking"
            case .risky: "Risky"
            case .compatible: "Compatible"
            }
        return switch security {
        case .weakens: "\(impact), weakens security"
        case .strengthens: "\(impact), strengthens security"
        case .review: "\(impact), security to be reviewed"
        case nil: impact
        }
    }
}

extension ChangeCatalogue.Example {
    /// The difference of the manifests, and what is said of it. Where only values beside the manifests differ, there is
    /// none.
    fileprivate var markdown: String {
        var text = ""
        let difference = LineDifference.unified(before, after, names: ("before.json", "after.json"))
        if !difference.isEmpty { text += "\n```diff\n\(difference)```\n" }
        return text + "\n```\n\(changes)```\n"
    }
}
