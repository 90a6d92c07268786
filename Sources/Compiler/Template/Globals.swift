// The Globals section, and how its properties merge into those of resources.

internal import Diagnostics

/// `Globals`, by the type of resource that its sections are for.
struct Globals: Sendable {
    private var sections: [String: YAMLNode] = [:]

    /// Reads the section; what it may not hold is reported.
    init(_ node: YAMLNode?, into diagnostics: inout DiagnosticCollector) {
        guard let node else { return }
        guard let entries = node.mapping else {
            diagnostics.emit(.sectionShape("Globals", expected: "a mapping", found: node))
            return
        }
        for entry in entries {
            guard let names = GlobalNames.properties[entry.key] else {
                diagnostics.emit(.globalsSection(entry))
                continue
            }
            guard let properties = entry.value.mapping else {
                diagnostics.emit(.sectionShape("Globals.\(entry.key)", expected: "a mapping", found: entry.value))
                continue
            }
            // What is reported here is not merged, so that it is not reported once more for each resource.
            let valid = properties.filter { property in
                if names.contains(property.key) { return true }
                diagnostics.emit(.globalsProperty(property, of: entry.key, known: names))
                return false
            }
            sections["AWS::Serverless::\(entry.key)"] = YAMLNode(.mapping(valid), span: entry.value.span)
        }
    }

    /// The properties of a resource with the global ones under them.
    ///
    /// - Parameters:
    ///   - properties: the resource's own.
    ///   - resource: its logical id and type.
    ///   - span: the place of the result where the resource has no properties.
    ///   - ignored: the attribute `IgnoreGlobals`: `*`, or a list of global properties that are left out.
    ///   - diagnostics: takes what is wrong with `ignored`.
    /// - Returns: the properties; nil where neither the resource nor `Globals` have any.
    func merged(
        into properties: YAMLNode?,
        of resource: (id: String, type: String),
        at span: Span,
        ignored: YAMLNode?,
        into diagnostics: inout DiagnosticCollector
    ) -> YAMLNode? {
        guard var global = sections[resource.type] else { return properties }
        if let ignored, !ignored.isNull {
            if ignored.string == "*" { return properties }
            let known = global.mapping?.map(\.key) ?? []
            if ignored.elements == nil { diagnostics.emit(.ignoredShape(ignored, of: resource.id)) }
            let elements = ignored.elements ?? []
            for element in elements where element.string.map({ known.contains($0) }) != true {
                diagnostics.emit(.ignoredUnknown(element, of: resource.id, known: known))
            }
            let names = elements.compactMap(\.string)
            let kept = (global.mapping ?? []).filter { !names.contains($0.key) }
            global = YAMLNode(.mapping(kept), span: global.span)
        }
        // The span of the whole stays with the resource: its members know their own places.
        guard let properties, !properties.isNull else { return YAMLNode(global.content, span: span) }
        let section = String(resource.type.dropFirst("AWS::Serverless::".count))
        return Self.merge(global, properties, path: section)
    }

    /// The translator's rules: mappings member by member, lists one after the other, anything else the local one.
    /// A function is no mapping. `path` is that of the property from its section, with dots.
    private static func merge(_ global: YAMLNode, _ local: YAMLNode, path: String) -> YAMLNode {
        guard global.call == nil, local.call == nil else { return local }
        switch (global.content, local.content) {
        case (.mapping(let globalEntries), .mapping(let localEntries)):
            let under = Dictionary(globalEntries.map { ($0.key, $0.value) }) { first, _ in first }
            var entries = localEntries.map { entry in
                guard let value = under[entry.key] else { return entry }
                let merged = merge(value, entry.value, path: "\(path).\(entry.key)")
                return YAMLNode.Entry(key: entry.key, keySpan: entry.keySpan, value: merged)
            }
            let names = Set(localEntries.map(\.key))
            entries += globalEntries.filter { !names.contains($0.key) }
            return YAMLNode(.mapping(entries), span: local.span)
        case (.sequence(let globalElements), .sequence(let localElements)) where !GlobalNames.replaced.contains(path):
            return YAMLNode(.sequence(globalElements + localElements), span: local.span)
        default: return local
        }
    }
}

extension DiagnosticCode {
    static let globalsUnsupported = DiagnosticCode(
        "globals-unsupported",
        .error,
        """
        `Globals` has the sections `Function`, `Api`, `HttpApi`, `SimpleTable`, `StateMachine`, `LayerVersion`, \
        `CapacityProvider`, `WebSocketApi`, `MicrovmImage` and `NetworkConnector`, and not every property may stand \
        there: `FunctionName`, `Events`, `Role` and `Policies` belong to one function, `StageName` and \
        `DefinitionBody` to one API. SAM refuses others. Move the property to the resource.
        """
    )
    static let globalsIgnored = DiagnosticCode(
        "globals-ignored",
        .error,
        """
        `IgnoreGlobals` is `"*"`, or a list of properties that `Globals` has for this type of resource. SAM refuses \
        others.
        """
    )
}

extension Diagnostic {
    fileprivate static func globalsSection(_ entry: YAMLNode.Entry) -> Diagnostic {
        let hint = didYouMean(entry.key, among: GlobalNames.sections)
        return Diagnostic(.globalsUnsupported, "'Globals' has no section '\(entry.key)'\(hint)", at: entry.keySpan)
    }

    fileprivate static func globalsProperty(
        _ entry: YAMLNode.Entry,
        of section: String,
        known: [String]
    ) -> Diagnostic {
        let closest = closestName(to: entry.key, among: known)
        let hint = closest.map { "; did you mean '\($0)'?" } ?? "; set it in each resource"
        return Diagnostic(
            .globalsUnsupported,
            "'\(entry.key)' cannot stand in 'Globals.\(section)'\(hint)",
            at: entry.keySpan,
            fixIts: certainName(to: entry.key, among: known).map {
                [FixIt("write '\($0)'", at: entry.keySpan, replacement: $0)]
            } ?? []
        )
    }

    fileprivate static func ignoredShape(_ node: YAMLNode, of id: String) -> Diagnostic {
        Diagnostic(
            .globalsIgnored,
            "'IgnoreGlobals' of '\(id)' is '*' or a list of properties, found \(node.kind)",
            at: node.span
        )
    }

    fileprivate static func ignoredUnknown(_ node: YAMLNode, of id: String, known: [String]) -> Diagnostic {
        guard let name = node.string else { return ignoredShape(node, of: id) }
        let hint = didYouMean(name, among: known)
        return Diagnostic(
            .globalsIgnored,
            "'IgnoreGlobals' of '\(id)' names '\(name)', which 'Globals' does not set\(hint)",
            at: node.span
        )
    }
}
