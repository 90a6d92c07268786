// APIs: stage, variables, binary types, and the settings that all routes share.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an API without its routes, which are events of functions.
    mutating func lowerAPI(_ resource: ResolvedTemplate.Served) {
        let kind: APIKind = resource.kind == .restAPI ? .rest : .http
        let standardStage = kind == .rest ? "Prod" : "$default"
        var draft = APIDraft(
            id: resource.id,
            api: API(kind: kind, stage: standardStage),
            isImplicit: resource.isImplicit
        )
        guard let properties = properties(of: resource) else {
            apis[resource.id] = draft
            return
        }
        for name in ["DefinitionBody", "DefinitionUri"] {
            if let property = properties[name] { diagnostics.emit(.definitionUnread(property, of: resource.id)) }
        }
        if let stage = stage(of: resource, properties, kind: kind) { draft.api.stage = stage }
        if let variables = properties[kind == .rest ? "Variables" : "StageVariables"] {
            draft.api.stageVariables = texts(of: variables)
        }
        if let types = properties["BinaryMediaTypes"]?.texts(unknown: .settingUnknown, into: &diagnostics) {
            // OpenAPI writes the slash as a JSON pointer does; templates may do so too.
            draft.api.binaryTypes = types.map { $0.replacing("~1", with: "/") }
        }
        lowerAuth(properties, into: &draft)
        lowerCORS(properties, into: &draft)
        lowerSettings(properties, into: &draft)
        apis[resource.id] = draft
    }

    private mutating func stage(
        of resource: ResolvedTemplate.Served,
        _ properties: Properties,
        kind: APIKind
    ) -> String? {
        if resource.isImplicit { return nil }
        let property =
            kind == .rest ? properties.required("StageName", into: &diagnostics) : properties["StageName"]
        guard let property, let name = property.text(into: &diagnostics) else { return nil }
        let allowed = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (kind == .http && name == "$default") || (allowed && (1...128).contains(name.utf8.count)) else {
            diagnostics.emit(.stageName(name, property, kind))
            return nil
        }
        return name
    }
}

extension DiagnosticCode {
    static let stageName = DiagnosticCode(
        "stage-name",
        .error,
        """
        The name of a stage is of letters, digits, hyphens and underscores, at most 128 of them; an HTTP API may also \
        have the stage `$default`, whose name does not stand in addresses.
        """
    )
    static let routeUnsupported = DiagnosticCode(
        "route-unsupported",
        .warning,
        """
        The setting guards a route, or changes what its function receives, in a way that the proxy does not have yet. \
        So that nothing is served unprotected, the proxy answers such a route with 501 Not Implemented.
        """
    )
}

extension Diagnostic {
    fileprivate static func stageName(_ name: String, _ property: Property, _ kind: APIKind) -> Diagnostic {
        let exception = kind == .http ? ", or '$default'" : ""
        return Diagnostic(
            .stageName,
            "'\(name)' cannot be the name of a stage: letters, digits, '-' and '_' are allowed\(exception)",
            at: property.span
        )
    }

    fileprivate static func definitionUnread(_ property: Property, of id: String) -> Diagnostic {
        Diagnostic(
            .routesUnread,
            "the routes of '\(id)' are not read: '\(property.name)' is not supported yet",
            at: property.nameSpan
        )
    }

    static func routesRefused(_ property: Property, of routes: String) -> Diagnostic {
        Diagnostic(
            .routeUnsupported,
            "\(property.words) is not supported yet: the proxy answers \(routes) with 501",
            at: property.nameSpan
        )
    }
}
