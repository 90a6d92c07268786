// Changes for people, in a terminal.

internal import JSON

/// Renders changes as aligned lines below headings, as `samovar diff` prints them.
package struct ChangeTextRenderer: Sendable {
    private let isColored: Bool

    package init(isColored: Bool) { self.isColored = isColored }

    /// The report, its summary at the end.
    package func render(_ report: ChangeReport) -> String {
        var text = ""
        for change in report.changes {
            text += "\(change.place.api ?? "functions") \(change.place.identity) \(change.member) "
            text += "\(change.impact.rawValue) \(change.security?.rawValue ?? "") \(change.rule.id)\n"
        }
        return text + report.summary + "\n"
    }
}
