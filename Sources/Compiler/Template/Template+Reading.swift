// The pass Read: nodes to a template.

internal import Diagnostics

extension Template {
    /// Reads the sections of a template and merges its Globals into its resources.
    ///
    /// - Returns: nil where the node is no template at all; what is wrong is then among the diagnostics.
    init?(_ root: YAMLNode, into diagnostics: inout DiagnosticCollector) {
        guard let sections = root.mapping else {
            diagnostics.emit(.sectionShape(nil, expected: "a mapping with a section 'Resources'", found: root))
            return nil
        }
        file = root.span.file
        func section(_ name: String) -> YAMLNode? { sections.first { $0.key == name }?.value }

        for entry in sections where !PropertyNames.sections.contains(entry.key) {
            diagnostics.emit(.unknownName(entry, in: "the template", known: PropertyNames.sections))
        }
        parameters = Parameter.parameters(section("Parameters"), into: &diagnostics)
        mappings = Self.members(of: section("Mappings"), named: "Mappings", into: &diagnostics)
        conditions = Self.members(of: section("Conditions"), named: "Conditions", into: &diagnostics)
        // No route depends on the shape of what another stack may ask for.
        outputs = section("Outputs")?.mapping ?? []
        let globals = Globals(section("Globals"), into: &diagnostics)

        guard let resources = section("Resources") else {
            diagnostics.emit(.resourcesMissing(root, sections: sections))
            return nil
        }
        guard let entries = resources.mapping else {
            diagnostics.emit(.sectionShape("Resources", expected: "a mapping of resources", found: resources))
            return nil
        }
        self.resources = entries.compactMap { Resource($0, globals: globals, into: &diagnostics) }
        addImplicitAPIs(globals, into: &diagnostics)
        checkTransform(section("Transform"), in: root, into: &diagnostics)
    }

    private static func members(
        of node: YAMLNode?,
        named name: String,
        into diagnostics: inout DiagnosticCollector
    ) -> [YAMLNode.Entry] {
        guard let node else { return [] }
        guard let entries = node.mapping else {
            diagnostics.emit(.sectionShape(name, expected: "a mapping", found: node))
            return []
        }
        return entries
    }

    /// The APIs that events without an id belong to; whether any does is known when they are lowered.
    private mutating func addImplicitAPIs(_ globals: Globals, into diagnostics: inout DiagnosticCollector) {
        let start = Span(startOf: file)
        let implicit: [(String, Resource.Kind)] = [
            (Resource.implicitRestAPI, .restAPI), (Resource.implicitHTTPAPI, .httpAPI),
        ]
        for (id, kind) in implicit where resource(id) == nil {
            resources.append(
                Resource(
                    id: id,
                    idSpan: start,
                    type: kind.rawValue,
                    typeSpan: start,
                    properties: globals.merged(
                        into: nil,
                        of: (id, kind.rawValue),
                        at: start,
                        ignored: nil,
                        into: &diagnostics
                    ),
                    isImplicit: true
                )
            )
        }
    }

    private mutating func checkTransform(
        _ node: YAMLNode?,
        in root: YAMLNode,
        into diagnostics: inout DiagnosticCollector
    ) {
        let transforms: [YAMLNode] = node?.elements ?? node.map { [$0] } ?? []
        var isServerless = false
        for transform in transforms {
            switch transform.string ?? transform["Name"]?.string {
            case "AWS::Serverless-2016-10-31": isServerless = true
            case "AWS::LanguageExtensions": hasLanguageExtensions = true
            case "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2020-07-23",
                "AWS::SecretsManager-2024-09-16":
                break
            case let name: diagnostics.emit(.transformUnknown(name, at: transform))
            }
        }
        if !isServerless, let resource = resources.first(where: { !$0.isImplicit && $0.kind?.isServerless == true }) {
            diagnostics.emit(.transformMissing(resource, addingTo: node == nil ? root : nil))
        }
    }
}

extension Resource {
    /// Reads one resource; nil where it is none that anything can be said about.
    fileprivate init?(_ entry: YAMLNode.Entry, globals: Globals, into diagnostics: inout DiagnosticCollector) {
        guard !entry.key.hasPrefix("Fn::") else {
            diagnostics.emit(.resourceFunction(entry))
            return nil
        }
        guard let attributes = entry.value.mapping else {
            diagnostics.emit(.sectionShape(entry.key, expected: "a mapping with a 'Type'", found: entry.value))
            return nil
        }
        func attribute(_ name: String) -> YAMLNode? { attributes.first { $0.key == name }?.value }
        for attribute in attributes where !PropertyNames.resourceAttributes.contains(attribute.key) {
            diagnostics.emit(
                .unknownName(attribute, in: "the resource '\(entry.key)'", known: PropertyNames.resourceAttributes)
            )
        }
        guard let typeNode = attribute("Type"), let type = typeNode.string else {
            diagnostics.emit(.resourceType(entry, attribute("Type")))
            return nil
        }
        if type.hasPrefix("AWS::Serverless::") && !PropertyNames.serverlessTypes.contains(type) {
            diagnostics.emit(.serverlessType(type, at: typeNode))
            return nil
        }
        var properties = attribute("Properties")
        if let node = properties, node.isNull { properties = nil }
        if let node = properties, node.mapping == nil, Kind(rawValue: type) != nil {
            diagnostics.emit(.sectionShape("Properties", expected: "a mapping", found: node))
            return nil
        }
        let condition = attribute("Condition")
        if let condition, condition.string == nil {
            diagnostics.emit(.sectionShape("Condition", expected: "the name of a condition", found: condition))
        }
        id = entry.key
        idSpan = entry.keySpan
        self.type = type
        typeSpan = typeNode.span
        self.condition = condition
        constructPath = attribute("Metadata")?["aws:cdk:path"]?.string
        self.properties = properties
        self.properties = globals.merged(
            into: properties,
            of: (entry.key, type),
            at: properties?.span ?? entry.keySpan,
            ignored: attribute("IgnoreGlobals"),
            into: &diagnostics
        )
    }
}
