// Loops: Fn::ForEach in mappings at every level, and the identifiers that it sets.

internal import Diagnostics

extension Expansion {
    /// The template with its loops written out.
    mutating func repeatingSections(_ root: YAMLNode) -> YAMLNode {
        guard let entries = root.mapping else { return root }
        let sections = entries.map { entry in
            let section = repeating(entry.value, bindings: [:], place: Place(section: entry.key))
            return YAMLNode.Entry(key: entry.key, keySpan: entry.keySpan, value: section)
        }
        return YAMLNode(.mapping(sections), tag: root.tag, span: root.span)
    }

    /// Where in the template a loop stands.
    private struct Place {
        let section: String
        /// Whether it is a member of the section itself, not of a value within.
        var isTop = true

        var within: Place { Place(section: section, isTop: false) }
    }

    private mutating func repeating(_ node: YAMLNode, bindings: [String: String], place: Place) -> YAMLNode {
        if !bindings.isEmpty, !spend(1, at: node.span) { return node }
        if !bindings.isEmpty, let call = node.call, call.name == "Ref", let name = call.argument.string,
            let value = bindings[name]
        {
            return YAMLNode(.scalar(YAMLNode.Scalar(text: value, isPlain: false)), span: node.span)
        }
        switch node.content {
        case .scalar(let scalar):
            if bindings.isEmpty { return node }
            let text = substituted(scalar.text, bindings, at: node.span)
            if text == scalar.text { return node }
            return YAMLNode(
                .scalar(YAMLNode.Scalar(text: text, isPlain: scalar.isPlain)),
                tag: node.tag,
                span: node.span
            )
        case .sequence(let elements):
            let values = elements.map { repeating($0, bindings: bindings, place: place.within) }
            return YAMLNode(.sequence(values), tag: node.tag, span: node.span)
        case .mapping(let entries):
            var members: [YAMLNode.Entry] = []
            var places: [String: Span] = [:]
            for entry in entries {
                for member in repeating(entry, bindings: bindings, place: place) {
                    if let first = places[member.key] {
                        diagnostics.emit(.expansionDuplicate(member, first: first))
                    } else {
                        places[member.key] = member.keySpan
                        members.append(member)
                    }
                }
            }
            return YAMLNode(.mapping(members), tag: node.tag, span: node.span)
        }
    }

    /// A member of a mapping, or all those that it stands for.
    private mutating func repeating(
        _ entry: YAMLNode.Entry,
        bindings: [String: String],
        place: Place
    ) -> [YAMLNode.Entry] {
        guard Needs.isLoop(entry.key) else {
            let key = bindings.isEmpty ? entry.key : substituted(entry.key, bindings, at: entry.keySpan)
            let value = repeating(entry.value, bindings: bindings, place: place.within)
            return [YAMLNode.Entry(key: key, keySpan: entry.keySpan, value: value)]
        }
        guard let parts = entry.value.elements, parts.count == 3, let identifier = parts[0].string,
            let fragment = parts[2].mapping
        else {
            diagnostics.emit(.loopShape(entry))
            return []
        }
        guard let values = collection(parts[1], of: entry, fragment: parts[2], bindings: bindings, place: place) else {
            // Within a value it stays, so that the value is unknown; among names there is nothing to keep.
            return place.isTop ? [] : [entry]
        }
        var members: [YAMLNode.Entry] = []
        for value in values {
            var inner = bindings
            inner[identifier] = value
            guard spend(1, at: entry.keySpan) else { break }
            for member in fragment { members += repeating(member, bindings: inner, place: place) }
        }
        return members
    }

    /// What a loop runs over; nil where it cannot be known, which is reported.
    private mutating func collection(
        _ node: YAMLNode,
        of entry: YAMLNode.Entry,
        fragment: YAMLNode,
        bindings: [String: String],
        place: Place
    ) -> [String]? {
        let value = resolver.resolve(repeating(node, bindings: bindings, place: place.within))
        var reason = value.firstUnknown
        if reason == nil, let source = value.firstSecret { reason = "it holds a secret (\(source))" }
        if reason == nil {
            if let elements = value.list, case let texts = elements.compactMap(\.text), texts.count == elements.count {
                return texts
            }
            reason = "it is \(value.list == nil ? value.kind : "a list of other things than texts")"
        }
        let makesRoutes = place.isTop && place.section == "Resources" && fragment.mayMakeRoutes
        let isError = makesRoutes || place.section == "Globals"
        diagnostics.emit(.loopUnknown(entry, reason ?? "", at: node.span, isError ? .error : .warning))
        return nil
    }

    /// A text with `${Identifier}` and `&{Identifier}` replaced; the latter by the letters and digits of the value.
    private mutating func substituted(_ text: String, _ bindings: [String: String], at span: Span) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result = ""
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            guard let end = rest[brace...].firstIndex(of: "}") else { break }
            let next = rest.index(after: brace)
            let mark = brace > rest.startIndex ? rest[rest.index(before: brace)] : " "
            if mark == "$" || mark == "&", let value = bindings[String(rest[next..<end]).trimmed] {
                result += rest[..<brace].dropLast()
                result += mark == "$" ? value : value.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
                rest = rest[rest.index(after: end)...]
                guard spend(1 + value.utf8.count / 64, at: span) else { break }
            } else {
                result += rest[..<next]
                rest = rest[next...]
            }
        }
        return result + rest
    }
}

extension YAMLNode {
    /// Whether a fragment of resources may hold such as make routes, or functions behind them.
    fileprivate var mayMakeRoutes: Bool {
        switch content {
        case .scalar: return false
        case .sequence(let elements): return elements.contains { $0.mayMakeRoutes }
        case .mapping(let entries):
            return entries.contains { entry in
                guard entry.key == "Type", let type = entry.value.string else { return entry.value.mayMakeRoutes }
                let services = ["Serverless", "ApiGateway", "Lambda", "CloudFormation"]
                return services.contains { type.hasPrefix("AWS::\($0)") } || type.contains("${")
            }
        }
    }
}
