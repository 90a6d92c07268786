// `samovar explain`: what a diagnostic or a rule of the review means and what to do.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Review

/// Prints a section of the catalogue of diagnostics, or its names.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain a diagnostic or a rule of 'diff', or list the diagnostics."
    )

    @Argument(
        help: """
            The code of a diagnostic, such as 'env-trailing-comma', or a rule of 'samovar diff', such as 'auth-removed'; \
            without it the diagnostics are listed.
            """,
        completion: .list(names)
    )
    var code: String?

    func run() throws {
        guard let code else { return try Console.write(list) }
        if let rule = ChangeRules.rule(named: code) {
            return try Console.write("\(rule.id)\n\n\(ChangeCatalogue.section(of: rule))")
        }
        guard let found = DiagnosticCatalogue.code(named: code) else {
            let hint = didYouMean(code, among: Self.names)
            throw ValidationError("there is no diagnostic and no rule '\(code)'\(hint)")
        }
        try Console.write("\(found.name)\n\n\(DiagnosticCatalogue.section(of: found))")
    }

    private static let names = DiagnosticCatalogue.all.map(\.name) + ChangeRules.all.map(\.id)

    private var list: String {
        let width = DiagnosticCatalogue.all.map(\.name.utf8.count).max() ?? 0
        return DiagnosticCatalogue.all.map { code in
            let gap = String(repeating: " ", count: width - code.name.utf8.count)
            let severity = code.severity == .error ? "error  " : "warning"
            return "\(code.name)\(gap)  \(severity)  \(DiagnosticCatalogue.entries[code]?.summary ?? "")\n"
        }.joined()
    }
}
