// Every code that the compiler can raise, for `samovar explain` and the documentation.

package import Diagnostics

/// The list of all codes.
package enum DiagnosticCatalogue {
    /// All codes by name.
    package static let all: [DiagnosticCode] =
        [
            ChecksCodes.all,
            CompilerCodes.all,
            ConfigurationCodes.all,
            EnvironmentCodes.all,
            ExpansionCodes.all,
            IntrinsicsCodes.all,
            LoweringCodes.all, ResourceCodes.all,
            StackCodes.all,
            TemplateCodes.all,
            YAMLCodes.all,
        ].flatMap { $0 }.sorted()

    /// The code of a name; nil where there is none.
    package static func code(named name: String) -> DiagnosticCode? { all.first { $0.name == name } }

    /// `; did you mean 'X'?` for a name that is near to a code's, else nothing.
    package static func hint(for name: String) -> String { didYouMean(name, among: all.map(\.name)) }

    /// What there is to say about each code beyond its explanation.
    package static let entries: [DiagnosticCode: DiagnosticEntry] = Dictionary(
        uniqueKeysWithValues: all.compactMap { code in DiagnosticEntries.all[code.name].map { (code, $0) } }
    )

    /// The names of entries that belong to no code.
    package static var strayEntries: [String] {
        DiagnosticEntries.all.keys.filter { code(named: $0) == nil }.sorted()
    }

    /// A code's section in the documentation, in Markdown, without its heading.
    package static func section(of code: DiagnosticCode) -> String {
        entries[code]?.page(of: code) ?? "\(code.explanation)\n"
    }

    /// The catalogue as a page of Markdown, `docs/diagnostics.md`.
    package static var page: String {
        var page = """
            # Diagnostics

            Everything that the compiler can say about a template and the files that belong to it; `samovar explain
            CODE` prints one section. A test writes this page from the codes in the source, and compiles its examples.

            """
        for code in all { page += "\n## `\(code.name)`\n\n\(section(of: code))" }
        return page
    }
}
