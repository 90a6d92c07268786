// What is said to the user about their files: what, how bad, where, and how to mend it.

/// How bad a diagnostic is.
package enum Severity: String, Hashable, Comparable, CaseIterable, Sendable {
    case error, warning, note

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .note: 2
        }
    }
}

/// One thing to tell the user.
package struct Diagnostic: Hashable, Sendable {
    /// A further place that helps to understand it.
    package struct Note: Hashable, Sendable {
        package let message: String
        package let span: Span?

        package init(_ message: String, at span: Span? = nil) {
            self.message = message
            self.span = span
        }
    }

    /// A change to the text that would mend it. A single one is certain enough to be applied without asking; several
    /// are a choice.
    package struct FixIt: Hashable, Sendable {
        /// What the change does, in the imperative: "remove the comma".
        package let message: String
        /// What to replace; empty to insert.
        package let span: Span
        /// What to put there; empty to remove.
        package let replacement: String

        package init(_ message: String, at span: Span, replacement: String) {
            self.message = message
            self.span = span
            self.replacement = replacement
        }
    }

    package let code: DiagnosticCode
    package var severity: Severity
    /// Lower case, no full stop, names in single quotes.
    package let message: String
    package let span: Span?
    package let notes: [Note]
    package var fixIts: [FixIt]

    package init(
        _ code: DiagnosticCode,
        _ message: String,
        at span: Span?,
        notes: [Note] = [],
        fixIts: [FixIt] = []
    ) {
        self.code = code
        severity = code.severity
        self.message = message
        self.span = span
        self.notes = notes
        self.fixIts = fixIts
    }
}
