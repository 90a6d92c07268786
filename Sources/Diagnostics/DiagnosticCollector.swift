// Where the passes put their diagnostics, and where they come out sorted and each once.

/// Collects diagnostics; what comes out does not depend on the order in which passes found them.
package struct DiagnosticCollector: Sendable {
    /// How many of one code and severity are kept: nobody reads more, and files of strangers may have many thousands.
    package static let maximumOfOneKind = 1000

    private struct Kind: Hashable {
        let code: DiagnosticCode
        let severity: Severity
    }

    private var found: Set<Diagnostic> = []
    /// How many there are of each kind, those that are not kept included.
    private var counts: [Kind: Int] = [:]

    package init() {}

    /// Adds one; the same one twice is one.
    package mutating func emit(_ diagnostic: Diagnostic) {
        let kind = Kind(code: diagnostic.code, severity: diagnostic.severity)
        let count = counts[kind, default: 0]
        if count < Self.maximumOfOneKind {
            if found.insert(diagnostic).inserted { counts[kind] = count + 1 }
        } else if !found.contains(diagnostic) {
            counts[kind] = count + 1
        }
    }

    /// What says how many are not kept.
    private var omissions: [Diagnostic] {
        counts.filter { $0.value > Self.maximumOfOneKind }.map { kind, count in
            let message = "\(count - Self.maximumOfOneKind) more of the kind '\(kind.code)' are not shown"
            var diagnostic = Diagnostic(kind.code, message, at: nil)
            diagnostic.severity = .note
            return diagnostic
        }
    }

    /// Gives all of them the severities that the user wants.
    package mutating func apply(_ rules: SeverityRules) { found = Set(found.compactMap(rules.apply)) }

    /// Whether any is an error.
    package var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// All of them by place, then severity, then code and message; those without a place come first.
    package var sorted: [Diagnostic] {
        (found + omissions).sorted { left, right in
            switch (left.span, right.span) {
            case (nil, .some): return true
            case (.some, nil): return false
            case (let leftSpan?, let rightSpan?) where leftSpan != rightSpan: return leftSpan < rightSpan
            default: break
            }
            return (left.severity, left.code, left.message) < (right.severity, right.code, right.message)
        }
    }
}
