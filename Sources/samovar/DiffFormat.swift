// In which form `samovar diff` prints, and when in colour.

internal import ArgumentParser
internal import Glibc
internal import Manifest
internal import Review

/// The forms of a report.
enum DiffFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json, sarif, github, html

    /// All of them, for help texts.
    static var list: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or \(names[names.count - 1])"
    }

    /// The report in this form.
    ///
    /// - Parameters:
    ///   - report: what the comparison came to.
    ///   - old: the manifest before, of whose routes a page shows those that are gone.
    ///   - new: the manifest after, of which a page shows all routes.
    ///   - isColored: whether text is coloured.
    ///   - width: the columns of the terminal that text goes to; nil where it goes to none.
    /// - Returns: the text.
    func text(
        of report: ChangeReport,
        from old: Manifest,
        to new: Manifest,
        isColored: Bool,
        width: Int?
    ) -> String {
        switch self {
        case .text: ChangeTextRenderer(isColored: isColored, width: width).render(report)
        case .markdown: ChangeMarkdownRenderer.render(report)
        case .json: ChangeJSONRenderer.render(report)
        case .html: ChangeHTMLRenderer.render(report, from: old, to: new)
        case .github: ChangeDiagnosticRenderer(file: report.newName).github(report)
        case .sarif:
            ChangeDiagnosticRenderer(file: report.newName).sarif(
                report,
                toolName: Samovar.name,
                version: Samovar.version,
                workingFolder: InputFile.workingFolder
            )
        }
    }
}

/// When text is coloured.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// Whether colours are wanted: with `auto` on a terminal, unless `NO_COLOR` (no-color.org) or `TERM` speaks against
    /// it, and elsewhere with `CLICOLOR_FORCE` (bixense.com/clicolors).
    ///
    /// - Parameter isStandardOutput: whether the text goes to standard output, and not to a file.
    /// - Returns: whether to colour it.
    func isColored(_ isStandardOutput: Bool) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if HostEnvironment.variable("NO_COLOR") != nil || !isStandardOutput { return false }
            if let force = HostEnvironment.variable("CLICOLOR_FORCE"), force != "0" { return true }
            return isatty(STDOUT_FILENO) == 1 && HostEnvironment.variable("TERM") != "dumb"
        }
    }
}
