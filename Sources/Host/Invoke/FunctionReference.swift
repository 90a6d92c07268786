// The spellings of a function's name in a request: id, name, partial ARN, ARN, each with or without a qualifier.

/// A function as a caller names it (Lambda API reference, "Invoke", `FunctionName`).
struct FunctionReference: Hashable, Sendable {
    let name: String
    /// The version or alias; every one means the code that is here.
    let qualifier: String?

    /// - Parameter text: the decoded segment of the path; nil where it names nothing.
    init?(_ text: String) {
        var rest = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if rest.first == "arn" {
            // arn:aws:lambda:region:account:function:name
            guard rest.count >= 7, rest[2] == "lambda", rest[5] == "function" else { return nil }
            rest = rest.dropFirst(6)
        } else if rest.count >= 3, rest[1] == "function" {
            rest = rest.dropFirst(2)
        } else if rest.count >= 2, rest[0] == "function" {
            rest = rest.dropFirst()
        }
        guard let name = rest.first, !name.isEmpty, rest.count <= 2 else { return nil }
        self.name = String(name)
        qualifier = rest.dropFirst().first.map(String.init)
        guard qualifier != "" else { return nil }
    }
}
