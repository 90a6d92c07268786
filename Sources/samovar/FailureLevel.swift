// `--fail-on`: which changes make `samovar diff` fail.

internal import ArgumentParser
internal import Review

/// What a change must not be.
enum FailureLevel: String, CaseIterable, ExpressibleByArgument {
    /// One that breaks requests.
    case breaking
    /// One that breaks requests, or may.
    case risky
    /// One that weakens security; whoever wants to see where trust only moves reads the report.
    case security
    /// Any at all.
    case any

    /// Whether a change is one of these. One that somebody has accepted never is.
    func isReached(by change: Change) -> Bool {
        guard change.acceptance == nil else { return false }
        return switch self {
        case .breaking: change.impact == .breaking
        case .risky: change.impact != .compatible
        case .security: change.security == .weakens
        case .any: true
        }
    }
}
