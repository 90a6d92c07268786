// Why a command that runs programs cannot start or go on.

/// What ends `start-api`, `start-lambda` or `invoke`.
struct CommandError: Error {
    /// A sentence without a full stop; what stands behind `Error: `.
    let message: String
    init(_ message: String) { self.message = message }
}
