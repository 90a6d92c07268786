// The functions of CloudFormation in nodes, short and long.

extension YAMLNode {
    /// The function that the node calls, as `Ref`, `Condition` or `Fn::…`, and its argument; nil where it calls none.
    ///
    /// The short form is a tag (`!Sub`), the long form a mapping whose only key is the function's name.
    var call: (name: String, argument: YAMLNode)? {
        if let tag {
            let word = String(tag.dropFirst())
            return (word == "Ref" || word == "Condition" ? word : "Fn::\(word)", untagged)
        }
        guard case .mapping(let entries) = content, entries.count == 1, let entry = entries.first else { return nil }
        guard entry.key == "Ref" || entry.key == "Condition" || entry.key.hasPrefix("Fn::") else { return nil }
        return (entry.key, entry.value)
    }
}
