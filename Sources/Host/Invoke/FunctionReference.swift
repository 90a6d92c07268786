// The spellings of a function's name in a request: id, name, partial ARN, ARN, each with or without a qualifier.

/// A function as a caller names it (Lambda API reference, "Invoke", `FunctionName` and `Qualifier`).
struct FunctionReference: Hashable, Sendable {
    let name: String
    /// The version or alias; every one means the code that is here.
    private(set) var qualifier: String?

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
        // What it says comes back in the ARN that the function sees, as the value of a header.
        guard let name = rest.first, !name.isEmpty, rest.count <= 2, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        self.name = String(name)
        qualifier = rest.dropFirst().first.map(String.init)
        if let qualifier, !Self.isQualifier(qualifier) { return nil }
    }

    /// Adds the qualifier that a request names beside the function.
    ///
    /// - Throws: `InvokeError` where the name has another one.
    mutating func qualify(_ other: String) throws(InvokeError) {
        guard qualifier == nil || qualifier == other else {
            throw .invalidParameter(
                "The derived qualifier from the function name does not match the specified qualifier."
            )
        }
        qualifier = other
    }

    /// Whether a text can be a version or an alias.
    static func isQualifier(_ text: String) -> Bool {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= 128 else { return false }
        return text == "$LATEST.PUBLISHED"
            || bytes.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "$"):
                    true
                default: false
                }
            }
    }
}
