// Includes: AWS::Include at every place where CloudFormation allows it.

internal import Diagnostics

extension Expansion {
    /// How deep files may include files.
    static let maximumIncludes = 16

    /// The template with what it includes: at its top, in its sections, and within values.
    mutating func includingSections(_ root: YAMLNode) -> YAMLNode {
        guard let entries = root.mapping else { return root }
        var sections: [YAMLNode.Entry] = []
        for entry in entries {
            if entry.key == "Transform" {
                if let transform = includingTransforms(entry, into: &sections) { sections.append(transform) }
            } else if entry.key == "Fn::Transform" {
                guard let location = location(entry.value) else { continue }
                merge(sectionsOf: file(location, among: root), into: &sections)
            } else {
                merge([including(section: entry)], into: &sections)
            }
        }
        return YAMLNode(.mapping(sections), tag: root.tag, span: root.span)
    }

    /// `Transform` of the template: the names that are left after its includes are done; nil where none are.
    private mutating func includingTransforms(
        _ entry: YAMLNode.Entry,
        into sections: inout [YAMLNode.Entry]
    ) -> YAMLNode.Entry? {
        let transforms = entry.value.elements ?? [entry.value]
        var names: [YAMLNode] = []
        for transform in transforms {
            guard transform["Name"]?.string == "AWS::Include" else {
                names.append(transform)
                continue
            }
            guard let location = location(transform) else { continue }
            merge(sectionsOf: file(location, among: entry.value), into: &sections)
        }
        if names.isEmpty { return nil }
        guard entry.value.elements != nil else { return entry }
        let value = YAMLNode(.sequence(names), span: entry.value.span)
        return YAMLNode.Entry(key: entry.key, keySpan: entry.keySpan, value: value)
    }

    private mutating func merge(sectionsOf node: YAMLNode?, into sections: inout [YAMLNode.Entry]) {
        guard let node else { return }
        guard let entries = node.mapping else {
            diagnostics.emit(.includeShape(node))
            return
        }
        merge(entries, into: &sections)
    }

    /// Adds sections to those that there are, member by member.
    private mutating func merge(_ added: [YAMLNode.Entry], into sections: inout [YAMLNode.Entry]) {
        for entry in added {
            guard let index = sections.firstIndex(where: { $0.key == entry.key }) else {
                sections.append(entry)
                continue
            }
            let first = sections[index]
            guard let members = first.value.mapping, let further = entry.value.mapping else {
                diagnostics.emit(.expansionDuplicate(entry, first: first.keySpan))
                continue
            }
            let value = YAMLNode(.mapping(joined(members, further)), span: first.value.span)
            sections[index] = YAMLNode.Entry(key: first.key, keySpan: first.keySpan, value: value)
        }
    }

    /// A section, where more depends on what is included than elsewhere.
    private mutating func including(section: YAMLNode.Entry) -> YAMLNode.Entry {
        let value: YAMLNode
        switch section.key {
        case "Globals": value = including(section.value, remote: .error(levels: .max))
        // Beside resources, and beside their `Type` and `Properties`.
        case "Resources": value = including(section.value, remote: .error(levels: 2))
        default: value = including(section.value, remote: .warning)
        }
        return YAMLNode.Entry(key: section.key, keySpan: section.keySpan, value: value)
    }

    /// What to do about what is included from elsewhere.
    fileprivate enum Remote {
        /// It is an error on so many levels, since routes or what guards them may be missing.
        case error(levels: Int)
        /// The names that it brings to a section are unknown: they are where they are asked for.
        case warning
        /// It stays where it stands, as a value that is unknown.
        case stays

        var below: Remote {
            if case .error(let levels) = self, levels > 1 { .error(levels: levels - 1) } else { .stays }
        }
    }

    private mutating func including(_ node: YAMLNode, remote: Remote) -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            diagnostics.emit(.expansionLimit(at: node.span))
            return YAMLNode(.sequence([]), span: node.span)
        }
        if node.tag == "!Transform" { return included(node.untagged, replacing: node, remote: remote) ?? node }
        switch node.content {
        case .scalar: return node
        case .sequence(let elements):
            let values = elements.map { including($0, remote: remote.below) }
            return YAMLNode(.sequence(values), tag: node.tag, span: node.span)
        case .mapping(let entries):
            guard let call = entries.first(where: { $0.key == "Fn::Transform" }) else {
                return YAMLNode(.mapping(including(entries, remote: remote)), tag: node.tag, span: node.span)
            }
            let others = entries.filter { $0.key != "Fn::Transform" }
            let kept = including(others, remote: remote)
            guard let content = included(call.value, replacing: node, remote: remote) else {
                let all = kept + (remote.isStays ? [call] : [])
                return YAMLNode(.mapping(all), tag: node.tag, span: node.span)
            }
            if others.isEmpty { return content }
            guard let members = content.mapping else {
                diagnostics.emit(.includeShape(content))
                return YAMLNode(.mapping(kept), tag: node.tag, span: node.span)
            }
            return YAMLNode(.mapping(joined(kept, members)), tag: node.tag, span: node.span)
        }
    }

    private mutating func including(_ entries: [YAMLNode.Entry], remote: Remote) -> [YAMLNode.Entry] {
        entries.map { entry in
            YAMLNode.Entry(
                key: entry.key,
                keySpan: entry.keySpan,
                value: including(entry.value, remote: remote.below)
            )
        }
    }

    private mutating func joined(_ entries: [YAMLNode.Entry], _ further: [YAMLNode.Entry]) -> [YAMLNode.Entry] {
        var joined = entries
        let first = Dictionary(entries.map { ($0.key, $0.keySpan) }) { first, _ in first }
        for entry in further {
            if let span = first[entry.key] {
                diagnostics.emit(.expansionDuplicate(entry, first: span))
            } else {
                joined.append(entry)
            }
        }
        return joined
    }

    /// What a call of `Fn::Transform` includes; nil where it stays as it is, or is reported.
    private mutating func included(_ call: YAMLNode, replacing node: YAMLNode, remote: Remote) -> YAMLNode? {
        guard call["Name"]?.string == "AWS::Include" else {
            if !remote.isStays { diagnostics.emit(.macro(call["Name"]?.string, at: call.span, remote.severity)) }
            return nil
        }
        guard let location = location(call, remote: remote) else { return nil }
        return file(location, among: node)
    }

    private typealias Location = (path: String, span: Span)

    /// The path of the file on this machine that is included; nil where it is elsewhere, which is reported.
    private mutating func location(_ call: YAMLNode, remote: Remote = .error(levels: 1)) -> Location? {
        guard let node = call["Parameters"]?["Location"] else {
            diagnostics.emit(.includeLocation(at: call.span))
            return nil
        }
        let value = resolver.resolve(node)
        guard let text = value.text, value.secretSource == nil else {
            if remote.isStays { return nil }
            let reason = value.unknownReason ?? "it is \(value.kind)"
            diagnostics.emit(
                .includeRemote("from a place that cannot be known here (\(reason))", node, remote.severity)
            )
            return nil
        }
        if LocalPath.isRemote(text) {
            if !remote.isStays { diagnostics.emit(.includeRemote("from '\(text)'", node, remote.severity)) }
            return nil
        }
        return (LocalPath.joined(LocalPath.folder(of: node.span.file), text), node.span)
    }

    /// The content of an included file, its own includes done; nil where there is none, which is reported.
    private mutating func file(_ location: Location, among node: YAMLNode) -> YAMLNode? {
        let path = location.path
        guard path != LocalPath.normalized(template), !chain.contains(path) else {
            diagnostics.emit(.includeCycle(path, chain: chain, at: location.span))
            return nil
        }
        guard chain.count < Self.maximumIncludes else {
            diagnostics.emit(.expansionLimit(at: location.span))
            return nil
        }
        // Files are not even read once there is too much.
        guard spent <= Self.maximumNodes else { return nil }
        if cache[path] == nil {
            let bytes = files.read(path, at: location.span, into: &diagnostics)
            let root = bytes.flatMap { YAMLParser.parse($0, file: path, into: &diagnostics) }
            cache[path] = .some(root.map { ($0, $0.count) })
        }
        guard let (root, count) = cache[path] ?? nil, spend(count, at: location.span) else { return nil }
        chain.append(path)
        defer { chain.removeLast() }
        return including(root, remote: .stays)
    }
}

extension Expansion.Remote {
    fileprivate var isStays: Bool { if case .stays = self { true } else { false } }

    fileprivate var severity: Severity { if case .error = self { .error } else { .warning } }
}

extension YAMLNode {
    /// How many nodes it is made of, itself included.
    var count: Int {
        switch content {
        case .scalar: 1
        case .sequence(let elements): elements.reduce(1) { $0 + $1.count }
        case .mapping(let entries): entries.reduce(1) { $0 + $1.value.count + 1 }
        }
    }
}
