// The kinds of diagnostics: their names and what they mean.

/// The stable name of a kind of diagnostic: `env-trailing-comma`. Declared once, beside the check that raises it.
package struct DiagnosticCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Kebab-case.
    package let name: String
    /// The severity that it has unless the user raises it.
    package let severity: Severity
    /// What it means and what to do, in Markdown; `samovar explain` prints it.
    package let explanation: String

    package init(_ name: String, _ severity: Severity, _ explanation: String) {
        self.name = name
        self.severity = severity
        self.explanation = explanation
    }

    package var description: String { name }
    package static func < (left: Self, right: Self) -> Bool { left.name < right.name }
    package static func == (left: Self, right: Self) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
