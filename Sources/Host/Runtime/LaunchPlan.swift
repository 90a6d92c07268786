// Which program runs a function: its runtime's name, read, and the words to start it with.

/// The program of a function process.
struct LaunchPlan: Hashable, Sendable {
    let executable: String
    let arguments: [String]
    let directory: String
}

/// A runtime that the host can run.
package enum RuntimeKind: Hashable, Sendable {
    /// `python3.12` has the version `3.12`.
    case python(version: String)
    /// `nodejs20.x` has the version `20`.
    case node(version: String)
    /// The function brings its own `bootstrap`.
    case provided

    /// - Parameter identifier: a value of `Runtime`; nil for one that the host cannot run.
    package init?(_ identifier: String) {
        if identifier == "provided" || identifier.hasPrefix("provided.") {
            self = .provided
        } else if identifier.hasPrefix("python3.") {
            let version = identifier.dropFirst("python".count)
            guard version.dropFirst(2).allSatisfy(\.isNumber), version.count > 2 else { return nil }
            self = .python(version: String(version))
        } else if identifier.hasPrefix("nodejs"), identifier.hasSuffix(".x") {
            let version = identifier.dropFirst("nodejs".count).dropLast(2)
            guard !version.isEmpty, version.allSatisfy(\.isNumber) else { return nil }
            self = .node(version: String(version))
        } else {
            return nil
        }
    }
}
