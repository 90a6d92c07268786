// The variables of the process.

internal import Glibc

/// What the shell has exported.
enum HostEnvironment {
    /// All variables by name.
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            pointer += 1
        }
        return variables
    }

    /// The variable of a name; nil where it is not set, or empty.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// The region as AWS's own tools read it; nil where none is set.
    static var region: String? { variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") }
}
