// How much functions may make, over all stacks of a compilation together.

/// What evaluating has cost; all stacks share one.
final class EvaluationBudget {
    /// How many values may be made in all: mappings that ask for mappings multiply without being deep.
    static let maximumSteps = 1_000_000
    /// How many bytes of text functions may make in all.
    static let maximumBytes = 32 << 20

    /// How many pieces a text may be split into.
    static let maximumPieces = 100_000

    /// How many expressions are being evaluated within each other, by way of names and of nested stacks too.
    var depth = 0
    private var steps = 0
    private var bytes = 0

    /// Whether nothing is left.
    var isSpent: Bool { steps > Self.maximumSteps || bytes > Self.maximumBytes }

    /// Takes what values cost.
    func take(values: Int, bytes count: Int) {
        steps += values
        bytes += count
    }
}
