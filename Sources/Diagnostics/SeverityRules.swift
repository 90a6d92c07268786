// How severe the user wants warnings to be: `--treat` and `--strict`.

/// Changes the severities of warnings. Errors stay errors: what they say would make the manifest wrong or open.
package struct SeverityRules: Hashable, Sendable {
    /// What becomes of the warnings of a code.
    package enum Treatment: String, CaseIterable, Hashable, Sendable {
        case error, warning, ignore
    }

    /// The rules by code, before which `isStrict` steps back.
    package var treatments: [DiagnosticCode: Treatment]
    /// Whether warnings without a rule of their own are errors.
    package var isStrict: Bool

    package init(treatments: [DiagnosticCode: Treatment] = [:], isStrict: Bool = false) {
        self.treatments = treatments
        self.isStrict = isStrict
    }

    /// The diagnostic with the severity that the user wants; nil for one that is to be ignored.
    package func apply(to diagnostic: Diagnostic) -> Diagnostic? {
        guard diagnostic.severity == .warning else { return diagnostic }
        var diagnostic = diagnostic
        switch treatments[diagnostic.code] ?? (isStrict ? .error : .warning) {
        case .ignore: return nil
        case .warning: return diagnostic
        case .error: diagnostic.severity = .error
        }
        return diagnostic
    }
}
