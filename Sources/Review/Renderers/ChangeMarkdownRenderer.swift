// Changes for the comment of a pull request, in GitHub's Markdown.

internal import Diagnostics

/// Renders changes as Markdown: what a reviewer must know first, everything else folded by API.
package enum ChangeMarkdownRenderer {
    /// The first line, invisible: by it a script finds the comment that it wrote before.
    package static let marker = "<!-- samovar diff -->"
    /// The bytes that the text may have; GitHub takes comments of 65 536 characters.
    package static let maximumBytes = 60_000
    /// The part of them that may go to what stands outside of the folds.
    private static let maximumTopBytes = 24_000
    private static let heading = "| | Place | Change | Impact | Security | Rule |\n|---|---|---|---|---|---|\n"

    /// The report; what does not fit is counted.
    package static func render(_ report: ChangeReport) -> String {
        var text = "\(marker)\n\(summary(report))\n"
        guard !report.changes.isEmpty else { return text + remarks(report) }
        let worst = report.open.filter { $0.impact == .breaking || $0.security == .weakens }
        if !worst.isEmpty {
            text += "\n\(heading)"
            var shown = 0
            for change in worst {
                let row = row(change, isAPINamed: true)
                if text.utf8.count + row.utf8.count > maximumTopBytes { break }
                text += row
                shown += 1
            }
            if shown < worst.count { text += "\n… and \(worst.count - shown) more like these.\n" }
        }
        let end = remarks(report)
        var leftOut = 0
        for section in report.sections {
            var rows = ""
            let count = section.groups.reduce(0) { $0 + $1.changes.count }
            let opening =
                "\n<details>\n<summary>\(code(section.heading)): \(changes(count))</summary>\n\n\(heading)"
            let closing = "\n</details>\n"
            let room = maximumBytes - end.utf8.count - text.utf8.count - opening.utf8.count - closing.utf8.count
            var used = 0
            var shown = 0
            for change in section.changes {
                let row = row(change, isAPINamed: false)
                used += row.utf8.count
                if used > room { break }
                rows += row
                shown += 1
            }
            leftOut += count - shown
            if shown > 0 { text += opening + rows + closing }
        }
        if leftOut > 0 { text += "\n\(changes(leftOut)) more did not fit here; `samovar diff` shows all.\n" }
        return text + end
    }

    /// The first sentence: `**2 changes weaken security, 1 is breaking**; 1 risky, 2 compatible.`
    private static func summary(_ report: ChangeReport) -> String {
        let names =
            "between \(code(report.oldName.visible)) and \(code(report.newName.visible))"
        guard !report.changes.isEmpty else { return "**No changes** \(names)." }
        let open = report.open
        let weaker = open.count { $0.security == .weakens }
        let breaking = open.count { $0.impact == .breaking }
        var alarms: [String] = []
        if weaker > 0 { alarms.append("\(changes(weaker)) \(weaker == 1 ? "weakens" : "weaken") security") }
        if breaking > 0 { alarms.append("\(alarms.isEmpty ? changes(breaking) : "\(breaking)") breaking") }
        let first = alarms.isEmpty ? "Nothing breaks, and nothing weakens security" : alarms.joined(separator: ", ")
        var counts = [Impact.risky, .compatible].compactMap { impact in
            let count = open.count { $0.impact == impact }
            return count == 0 ? nil : "\(count) \(impact.rawValue)"
        }
        let accepted = report.changes.count - open.count
        if accepted > 0 { counts.append("\(accepted) accepted") }
        return "**\(first)** \(names)" + (counts.isEmpty ? "" : "; \(counts.joined(separator: ", "))") + "."
    }

    private static func code(_ text: String) -> String { MarkdownCell.htmlCode(text) }

    private static func changes(_ count: Int) -> String { "\(count) change\(count == 1 ? "" : "s")" }

    private static func remarks(_ report: ChangeReport) -> String {
        let shown = report.remarks.prefix(20).map { "- \(code($0.visible.shortened(to: 200)))\n" }
        guard !shown.isEmpty else { return "" }
        let more = report.remarks.count - shown.count
        return "\n" + shown.joined() + (more > 0 ? "- … and \(more) more remarks\n" : "")
    }

    private static func row(_ change: Change, isAPINamed: Bool) -> String {
        let name = code(change.name.shortened(to: 200))
        let place =
            isAPINamed
            ? change.place.api.map { "\(code($0.visible.shortened(to: 80))) \(name)" } ?? name : name
        var detail = change.detail.isEmpty ? "" : code(change.detail)
        if let example = change.exampleText {
            detail += "\(detail.isEmpty ? "" : "<br>")\(code(example))"
        }
        if let reason = change.acceptance {
            detail +=
                "\(detail.isEmpty ? "" : "<br>")accepted: \(code(reason.visible.shortened(to: 200)))"
        }
        let impact = change.impact == .breaking ? "**breaking**" : change.impact.rawValue
        let security = change.security.map { $0 == .weakens ? "**\($0.words)**" : $0.words } ?? ""
        var rule = change.rule.id
        if change.isPublic { rule += " **(public)**" }
        if let span = change.span {
            rule += "<br>\(code("\(span.file.visible.shortened(to: 80)):\(span.start.line)"))"
        }
        return "| \(change.symbol.rawValue) | \(place) | \(detail) | \(impact) | \(security) | \(rule) |\n"
    }
}
