// How many steps a search may take, for those who search tables that somebody else has written.

/// What a search pays with at each node that it comes to.
protocol StepMeter {
    /// Takes a step.
    ///
    /// - Returns: whether it may be taken.
    mutating func step() -> Bool
}

/// The meter of a search that may take as long as it likes; it costs nothing.
struct FreeSteps: StepMeter {
    @inline(__always)
    mutating func step() -> Bool { true }
}

/// So many steps, and whether they have sufficed.
package struct StepBudget: StepMeter, Sendable {
    package private(set) var remaining: Int

    package init(_ steps: Int) { remaining = steps }

    /// Whether a search has ended for want of steps: what it found counts for nothing.
    package var isExhausted: Bool { remaining < 0 }

    /// How many of the first steps have been taken.
    package func spent(of steps: Int) -> Int { steps - max(0, remaining) }

    /// Ends the search.
    package mutating func spend() { remaining = -1 }

    package mutating func step() -> Bool {
        if remaining >= 0 { remaining -= 1 }
        return remaining >= 0
    }
}
