// Which stack of a tree of nested stacks something belongs to, and what its parts are called outside of it.

/// The logical ids of nested stacks from the root down to one of them; none for the root itself.
struct StackPath: Hashable, Sendable {
    let names: [String]

    static let root = StackPath(names: [])

    /// A stack that this one nests.
    func nesting(_ id: String) -> StackPath { StackPath(names: names + [id]) }

    /// The identity in the manifest of what the stack declares: `Shop/Orders`.
    func identity(_ id: String) -> String { (names + [id]).joined(separator: "/") }

    /// The name of a function that the template does not name: Lambda's names have no slashes.
    func functionName(_ id: String) -> String { (names + [id]).joined(separator: "-") }

    /// `AWS::StackName`.
    var stackName: String { (["local"] + names).joined(separator: "-") }

    /// The stack for messages; nil for the root.
    var words: String? { names.isEmpty ? nil : "the nested stack '\(names.joined(separator: "/"))'" }
}
