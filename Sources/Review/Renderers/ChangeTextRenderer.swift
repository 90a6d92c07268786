// Changes for people, in a terminal.

internal import Diagnostics

/// Renders changes as aligned lines below headings, as `samovar diff` prints them.
///
/// The order is the manifest's, so that what belongs together stands together; words, not colours alone, carry the
/// judgement. All changes of one place stand below its name, which is said once. Where a terminal is too narrow for the
/// columns, each judgement has a line of its own.
package struct ChangeTextRenderer: Sendable {
    /// How many changes of one rule and one judgement are shown below a heading.
    package static let maximumOfOneKind = 50
    /// The columns that names and details may take; behind a longer one the line is broken.
    private static let nameLimit = 44
    private static let detailLimit = 48
    /// The columns of a name at most; longer ones lose their middle.
    private static let maximumNameWidth = 120

    private let isColored: Bool
    private let width: Int?

    /// - Parameters:
    ///   - isColored: whether to colour with the escape sequences of terminals (ECMA-48).
    ///   - width: how many columns the terminal has; nil where it is none.
    package init(isColored: Bool, width: Int? = nil) {
        self.isColored = isColored
        self.width = width
    }

    /// The report, its summary at the end; every line with its line feed, none with blanks at its end.
    package func render(_ report: ChangeReport) -> String {
        let sections = report.sections.map { Excerpt($0) }
        let columns = Columns(sections.flatMap { $0.groups.flatMap(\.changes) })
        let isNarrow = width.map { columns.all > $0 } ?? false
        var output = ""
        for section in sections {
            output += paint(section.heading, .bold) + "\n"
            for group in section.groups {
                for (place, change) in group.changes.enumerated() {
                    let name = place == 0 ? group.name : nil
                    output += isNarrow ? narrowLines(change, named: name, columns) : lines(change, named: name, columns)
                }
            }
            for (kind, count) in section.further {
                let text = "  … and \(count) more of '\(kind.rule.id)' (\(kind.words.joined(separator: ", ")))"
                output += paint(text, .dim) + paint("; other formats have all of them", .dim) + "\n"
            }
        }
        for remark in report.remarks { output += paint("note:", .cyan) + " \(remark.visible)\n" }
        if !output.isEmpty { output += "\n" }
        return output + report.summary + "\n"
    }

    /// What is shown below a heading. Of what is not, there may be much: it is counted, and put in no words.
    private struct Excerpt {
        let heading: String
        private(set) var groups: [ChangeSection.Group] = []
        /// How many changes are left out, by kind.
        let further: [(kind: Kind, count: Int)]

        init(_ section: ChangeSection) {
            heading = section.heading
            var counts: [Kind: Int] = [:]
            for group in section.groups {
                let shown = group.changes.filter { change in
                    counts[Kind(change), default: 0] += 1
                    return counts[Kind(change), default: 0] <= maximumOfOneKind
                }
                if !shown.isEmpty { groups.append(ChangeSection.Group(changes: shown)) }
            }
            further = counts.filter { $0.value > maximumOfOneKind }.sorted { $0.key < $1.key }
                .map { ($0.key, $0.value - maximumOfOneKind) }
        }
    }

    /// What is counted together.
    private struct Kind: Hashable, Comparable {
        let rule: ChangeRule
        let impact: Impact
        let security: SecurityEffect?
        let isAccepted: Bool

        init(_ change: Change) {
            rule = change.rule
            impact = change.impact
            security = change.security
            isAccepted = change.acceptance != nil
        }

        var words: [String] {
            [impact.rawValue] + (security.map { [$0.words] } ?? []) + (isAccepted ? ["accepted"] : [])
        }

        static func < (left: Self, right: Self) -> Bool {
            left.rule == right.rule
                ? left.words.lexicographicallyPrecedes(right.words) : left.rule.id.precedes(right.rule.id)
        }
    }

    /// The widths that all lines share.
    private struct Columns {
        var name = 0
        var detail = 0
        var impact = 0
        var security = 0
        var rule = 0
        var span = 0

        /// Where the judgement begins, but for the blanks before it.
        var judgement: Int { 4 + name + (detail > 0 ? 2 + detail : 0) }

        /// The width of all columns together.
        var all: Int { [impact, security, rule, span].reduce(judgement) { $0 + ($1 > 0 ? 2 + $1 : 0) } }

        init(_ changes: [Change]) {
            for change in changes {
                name = max(name, Self.fitting(change.name, nameLimit))
                detail = max(detail, Self.fitting(change.detail, detailLimit))
                impact = max(impact, change.impact.rawValue.count)
                security = max(security, change.security?.words.count ?? 0)
                rule = max(rule, change.ruleText.count)
                span = max(span, change.spanText?.displayWidth ?? 0)
            }
        }

        /// The width of what fits; 0 for what does not.
        private static func fitting(_ text: String, _ limit: Int) -> Int {
            let width = text.displayWidth
            return width <= limit ? width : 0
        }
    }

    private func lines(_ change: Change, named name: String?, _ columns: Columns) -> String {
        var output = ""
        var line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
        line.add("  ")
        line.add(name == nil ? " " : change.symbol.rawValue, change.symbol.style)
        let name = (name ?? "").shortened(to: Self.maximumNameWidth)
        line.add(" ")
        line.add(name)
        if name.displayWidth > Self.nameLimit {
            output += line.text + "\n"
            line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
        }
        line.fill(to: 4 + columns.name)
        let detail = change.detail
        if !detail.isEmpty {
            line.add("  ")
            line.add(detail)
        }
        if detail.displayWidth > Self.detailLimit {
            output += line.text + "\n"
            line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
        }
        line.fill(to: columns.judgement)
        line.add("  ")
        line.add(change.impact.rawValue.padded(to: columns.impact), change.impact.style)
        if columns.security > 0 {
            line.add("  ")
            line.add((change.security?.words ?? "").padded(to: columns.security), change.security?.style)
        }
        line.add("  ")
        line.add(change, padding: columns.rule)
        return output + line.text + "\n" + furtherLines(change)
    }

    /// The same without columns: what changed, and its judgement below it.
    private func narrowLines(_ change: Change, named name: String?, _ columns: Columns) -> String {
        var output = ""
        var line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
        line.add("  ")
        let detail = change.detail
        if let name {
            let name = name.shortened(to: Self.maximumNameWidth)
            line.add(change.symbol.rawValue, change.symbol.style)
            line.add(" \(name)")
            let fits = 4 + name.displayWidth + 2 + detail.displayWidth <= width ?? 0
            if !detail.isEmpty, !fits {
                output += line.text + "\n"
                line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
            }
        }
        line.fill(to: 4)
        if !detail.isEmpty { line.add(line.isBlank ? detail : "  \(detail)") }
        if !line.isBlank { output += line.text + "\n" }
        line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
        line.add("      ")
        line.add(change.impact.rawValue.padded(to: columns.impact), change.impact.style)
        if let security = change.security {
            line.add("  ")
            line.add(security.words, security.style)
        }
        line.add("  ")
        line.add(change, padding: 0)
        return output + line.text + "\n" + furtherLines(change)
    }

    private func furtherLines(_ change: Change) -> String {
        var output = ""
        let further = [change.exampleText, change.acceptance.map { "accepted: \($0.visible)" }]
        for text in further.compactMap({ $0 }) {
            var line = TerminalLine(isColored: isColored, isDim: change.acceptance != nil)
            line.add("      \(text)")
            output += line.text + "\n"
        }
        return output
    }

    private func paint(_ text: String, _ style: TerminalStyle) -> String {
        var line = TerminalLine(isColored: isColored, isDim: false)
        line.add(text, style)
        return line.text
    }
}

extension Change {
    /// Where it stands in a template: `template.yaml:12`.
    fileprivate var spanText: String? { span.map { "\($0.file.visible):\($0.start.line)" } }
}

extension TerminalLine {
    /// The rule of a change, and its place in the template.
    fileprivate mutating func add(_ change: Change, padding width: Int) {
        add(change.rule.id)
        if change.isPublic { add(" (public)", SecurityEffect.weakens.style) }
        guard let span = change.spanText else { return }
        add(String(repeating: " ", count: max(0, width - change.ruleText.count)))
        add("  ")
        add(span, .dim)
    }
}

extension ChangeSymbol {
    fileprivate var style: TerminalStyle {
        switch self {
        case .added: .green
        case .removed: .red
        case .changed: .yellow
        }
    }
}

extension Impact {
    fileprivate var style: TerminalStyle {
        switch self {
        case .breaking: .red
        case .risky: .yellow
        case .compatible: .dim
        }
    }
}

extension SecurityEffect {
    fileprivate var style: TerminalStyle {
        switch self {
        case .weakens: .alarm
        case .strengthens: .green
        case .review: .yellow
        }
    }
}
