// The Globals section, and how its properties merge into those of resources.

internal import Diagnostics

/// `Globals`, by the kind of resource that its sections are for.
struct Globals: Sendable {
    private var sections: [Resource.Kind: YAMLNode] = [:]

    /// Reads the section; what it may not hold is reported.
    init(_ node: YAMLNode?, into diagnostics: inout DiagnosticCollector) {
        guard let node else { return }
        guard let entries = node.mapping else {
            diagnostics.emit(.sectionShape("Globals", expected: "a mapping", found: node))
            return
        }
        for entry in entries {
            guard PropertyNames.globals.contains(entry.key) else {
                diagnostics.emit(.globalsSection(entry))
                continue
            }
            guard let kind = Self.kinds[entry.key] else { continue }
            guard let properties = entry.value.mapping else {
                diagnostics.emit(.sectionShape("Globals.\(entry.key)", expected: "a mapping", found: entry.value))
                continue
            }
            // What is reported here is not merged, so that it is not reported once more for each resource.
            let valid = properties.filter { Self.isValid($0, of: kind, into: &diagnostics) }
            sections[kind] = YAMLNode(.mapping(valid), span: entry.value.span)
        }
    }

    private static let kinds: [String: Resource.Kind] = ["Function": .function, "Api": .restAPI, "HttpApi": .httpAPI]

    /// What stands in resources only.
    private static func localOnly(_ kind: Resource.Kind) -> [String] {
        switch kind {
        case .function: ["Events", "FunctionName", "Policies", "Role"]
        case .restAPI: ["DefinitionBody", "StageName"]
        case .httpAPI: ["DefinitionBody", "DefinitionUri", "StageName"]
        }
    }

    private static func isValid(
        _ property: YAMLNode.Entry,
        of kind: Resource.Kind,
        into diagnostics: inout DiagnosticCollector
    ) -> Bool {
        if localOnly(kind).contains(property.key) {
            diagnostics.emit(.globalsProperty(property, of: kind))
            return false
        }
        guard PropertyNames.of(kind).contains(property.key) || property.key.hasPrefix("Fn::") else {
            diagnostics.emit(.unknownName(property, in: "'Globals'", known: PropertyNames.of(kind)))
            return false
        }
        return true
    }

    /// The properties of a resource with the global ones under them.
    ///
    /// `ignored` is the attribute `IgnoreGlobals`: `*`, or a list of properties that stay as they are.
    func merged(into properties: YAMLNode?, of kind: Resource.Kind, at span: Span, ignored: YAMLNode?) -> YAMLNode? {
        guard var global = sections[kind] else { return properties }
        if let ignored {
            if ignored.string == "*" { return properties }
            let names = ignored.elements?.compactMap(\.string) ?? []
            global = YAMLNode(
                .mapping((global.mapping ?? []).filter { !names.contains($0.key) }),
                span: global.span
            )
        }
        // The span of the whole stays with the resource: its members know their own places.
        guard let properties, !properties.isNull else { return YAMLNode(global.content, span: span) }
        return Self.merge(global, properties)
    }

    /// The translator's rules: mappings member by member, lists one after the other, anything else the local one.
    private static func merge(_ global: YAMLNode, _ local: YAMLNode) -> YAMLNode {
        guard global.call == nil, local.call == nil else { return local }
        switch (global.content, local.content) {
        case (.mapping(let globalEntries), .mapping(let localEntries)):
            let under = Dictionary(globalEntries.map { ($0.key, $0.value) }) { first, _ in first }
            var entries = localEntries.map { entry in
                guard let value = under[entry.key] else { return entry }
                return YAMLNode.Entry(key: entry.key, keySpan: entry.keySpan, value: merge(value, entry.value))
            }
            let names = Set(localEntries.map(\.key))
            entries += globalEntries.filter { !names.contains($0.key) }
            return YAMLNode(.mapping(entries), span: local.span)
        case (.sequence(let globalElements), .sequence(let localElements)):
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
        `CapacityProvider` and `WebSocketApi`, and not every property may stand there: `FunctionName`, `Events`, \
        `Role` and `Policies` belong to one function, `StageName` and `DefinitionBody` to one API. Move the property \
        to the resource.
        """
    )
}

extension Diagnostic {
    fileprivate static func globalsSection(_ entry: YAMLNode.Entry) -> Diagnostic {
        let hint = didYouMean(entry.key, among: PropertyNames.globals)
        return Diagnostic(.globalsUnsupported, "'Globals' has no section '\(entry.key)'\(hint)", at: entry.keySpan)
    }

    fileprivate static func globalsProperty(_ entry: YAMLNode.Entry, of kind: Resource.Kind) -> Diagnostic {
        Diagnostic(
            .globalsUnsupported,
            "'\(entry.key)' of '\(kind.rawValue)' cannot stand in 'Globals'; set it in each resource",
            at: entry.keySpan
        )
    }
}
