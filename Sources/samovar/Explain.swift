// `samovar explain`: what a diagnostic means and what to do.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics

/// Prints a section of the catalogue of diagnostics, or its names.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Explain a diagnostic, or list them all.")

    @Argument(
        help: "The code of a diagnostic, such as 'env-trailing-comma'; without it all are listed.",
        completion: .list(DiagnosticCatalogue.all.map(\.name))
    )
    var code: String?

    func run() throws {
        guard let code else { return try Console.write(list) }
        guard let found = DiagnosticCatalogue.code(named: code) else {
            throw ValidationError("there is no diagnostic '\(code)'\(DiagnosticCatalogue.hint(for: code))")
        }
        try Console.write("\(found.name)\n\n\(DiagnosticCatalogue.section(of: found))")
    }

    private var list: String {
        let width = DiagnosticCatalogue.all.map(\.name.utf8.count).max() ?? 0
        return DiagnosticCatalogue.all.map { code in
            let gap = String(repeating: " ", count: width - code.name.utf8.count)
            let severity = code.severity == .error ? "error  " : "warning"
            return "\(code.name)\(gap)  \(severity)  \(DiagnosticCatalogue.entries[code]?.summary ?? "")\n"
        }.joined()
    }
}
