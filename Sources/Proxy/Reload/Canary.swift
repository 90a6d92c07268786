// Which requests the canary of a stage answers.

internal import Manifest

extension Canary {
    /// Whether the canary takes a request (developer guide, "Set up an API Gateway canary release deployment").
    ///
    /// - Parameter random: any 64 bits.
    /// - Returns: whether they are among its part.
    func takes(_ random: UInt64) -> Bool {
        // 53 bits are what a double holds: at 0 percent no number is below, at 100 every one is.
        Double(random >> 11) * 0x1p-53 * 100 < percent
    }
}

extension API {
    /// The stage's variables as the canary has them: its own replace those of the stage.
    var canaryVariables: [String: String] {
        canary.map { stageVariables.merging($0.stageVariables) { $1 } } ?? stageVariables
    }
}
