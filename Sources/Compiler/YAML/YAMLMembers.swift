// The members of one mapping: each key once, merges applied.

internal import Diagnostics

/// Collects the members of a mapping in the order of the text.
struct YAMLMembers {
    private var entries: [YAMLNode.Entry] = []
    private var places: [String: Span] = [:]
    private var merge: (key: Span, value: YAMLNode)?

    /// Takes a member, or says why it cannot be one.
    mutating func add(key: YAMLNode, isMerge: Bool, value: YAMLNode, into diagnostics: inout DiagnosticCollector) {
        guard case .scalar(let scalar) = key.content, key.tag == nil else {
            let what = key.tag.map { "the tagged value '\($0)'" } ?? key.kind
            diagnostics.emit(Diagnostic(.yamlKey, "a key is a text, not \(what)", at: key.span))
            return
        }
        if let first = places[scalar.text] {
            diagnostics.emit(
                Diagnostic(
                    .yamlDuplicateKey,
                    "the key '\(scalar.text)' is there twice",
                    at: key.span,
                    notes: [.init("the first is here", at: first)]
                )
            )
            return
        }
        places[scalar.text] = key.span
        if isMerge {
            merge = (key.span, value)
        } else {
            entries.append(YAMLNode.Entry(key: scalar.text, keySpan: key.span, value: value))
        }
    }

    /// All members: those of the mapping itself, then merged ones whose keys it does not have; of several merged
    /// mappings the earlier wins (<https://yaml.org/type/merge.html>).
    func entries(into diagnostics: inout DiagnosticCollector) -> [YAMLNode.Entry] {
        guard let merge else { return entries }
        let sources: [YAMLNode] =
            if case .sequence(let elements) = merge.value.content, merge.value.tag == nil { elements } else {
                [merge.value]
            }
        var all = entries
        var known = Set(entries.map(\.key))
        for source in sources {
            guard case .mapping(let members) = source.content, source.tag == nil else {
                diagnostics.emit(
                    Diagnostic(
                        .yamlMerge,
                        "'<<' merges a mapping or a list of mappings, not \(source.kind)",
                        at: merge.key,
                        notes: [.init("the value is here", at: source.span)]
                    )
                )
                continue
            }
            for member in members where known.insert(member.key).inserted { all.append(member) }
        }
        return all
    }
}
