// Which program runs a function, and the words to start it with.

/// The program of a function process.
struct LaunchPlan: Hashable, Sendable {
    let executable: String
    let arguments: [String]
    let directory: String
}
