// Where the passes put their diagnostics, and where they come out sorted and each once.

/// Collects diagnostics; what comes out does not depend on the order in which passes found them.
package struct DiagnosticCollector: Sendable {
    private var found: Set<Diagnostic> = []

    package init() {}

    /// Adds one; the same one twice is one.
    package mutating func emit(_ diagnostic: Diagnostic) { found.insert(diagnostic) }

    /// Gives all of them the severities that the user wants.
    package mutating func apply(_ rules: SeverityRules) { found = Set(found.compactMap(rules.apply)) }

    /// Whether any is an error.
    package var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// All of them by place, then severity, then code and message; those without a place come first.
    package var sorted: [Diagnostic] {
        found.sorted { left, right in
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
