// The kinds of diagnostics: their names, what they mean, and an example of each.

/// The stable name of a kind of diagnostic: `env-trailing-comma`. Declared once, beside the check that raises it.
package struct DiagnosticCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Kebab-case.
    package let name: String
    /// The severity that it has unless the user raises it.
    package let severity: Severity
    /// What it means in one line of Markdown: a sentence in lower case without a full stop.
    package let summary: String
    /// What it means and what to do, in Markdown; `samovar explain` prints it.
    package let explanation: String
    /// A text that raises it, and the same text mended.
    package let example: DiagnosticExample?

    package init(
        _ name: String,
        _ severity: Severity,
        summary: String = "",
        _ explanation: String,
        example: DiagnosticExample? = nil
    ) {
        self.name = name
        self.severity = severity
        self.summary = summary
        self.explanation = explanation
        self.example = example
    }

    package var description: String { name }
    package static func < (left: Self, right: Self) -> Bool { left.name < right.name }
    package static func == (left: Self, right: Self) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A few lines that raise a diagnostic, and the same lines mended.
package struct DiagnosticExample: Hashable, Sendable {
    /// Where the lines would stand.
    package enum Place: String, Hashable, Sendable {
        /// A whole template.
        case template
        /// Below `Resources:` of a template.
        case resources
        /// Below `Properties:` of a function of SAM's in a template, `Handler` and the like apart.
        case function
        /// The file of `--env-vars`, in JSON; the template has a function `Ratings` that declares `TABLE`.
        case environment
        /// The file of `--env-vars`, in `.env` format, beside the same template.
        case dotenv
        /// The file of `--endpoints`, beside the same template.
        case endpoints
        /// `samconfig.toml`.
        case configuration
        /// The command line.
        case command
    }

    package let place: Place
    /// The lines that raise it.
    package let faulty: String
    /// The lines that do not; nil where nothing short would be honest.
    package let mended: String?

    package init(_ place: Place, faulty: String, mended: String? = nil) {
        self.place = place
        self.faulty = faulty
        self.mended = mended
    }
}
