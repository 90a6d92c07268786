// The argument of `--treat`: a code and what becomes of its warnings.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics

/// `CODE=error`, `CODE=warning` or `CODE=ignore`.
struct TreatmentArgument: Sendable {
    let code: DiagnosticCode
    let treatment: SeverityRules.Treatment

    init(_ argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let treatment = SeverityRules.Treatment(rawValue: parts[1]) else {
            throw ValidationError("'\(argument)' is not of the form 'CODE=error', 'CODE=warning' or 'CODE=ignore'")
        }
        guard let code = DiagnosticCatalogue.code(named: parts[0]) else {
            throw ValidationError("there is no diagnostic '\(parts[0])'\(DiagnosticCatalogue.hint(for: parts[0]))")
        }
        if code.severity == .error, treatment != .error {
            throw ValidationError("'\(code)' is an error and stays one; only warnings can be treated otherwise")
        }
        self.code = code
        self.treatment = treatment
    }
}
