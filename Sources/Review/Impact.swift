// The two axes on which a change is judged: what it does to requests that worked, and whom it trusts.

/// What a change does to requests that worked.
package enum Impact: String, CaseIterable, Hashable, Sendable {
    /// A request that worked can fail, or a handler receives another shape.
    case breaking
    /// It cannot be decided from the manifest.
    case risky
    /// Nothing that worked stops working.
    case compatible
}

/// What a change does to trust. One axis is not enough: dropping an authorizer breaks no client.
package enum SecurityEffect: String, CaseIterable, Hashable, Sendable {
    /// More callers, origins or places are trusted.
    case weakens
    /// Fewer are.
    case strengthens
    /// Trust moves, and nobody can tell from the manifest in which direction.
    case review
}
