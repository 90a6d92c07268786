// APIs of SAM: stage, variables, binary types, the document, and the settings that all routes share.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an API, and the routes of its document where it has one; others are events of functions.
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
        if let stage = stage(of: resource, properties, kind: kind) { draft.api.stage = stage }
        if let variables = properties[kind == .rest ? "Variables" : "StageVariables"] {
            draft.api.stageVariables = stageVariables(of: variables)
        }
        if let types = properties["BinaryMediaTypes"]?.texts(unknown: .settingUnknown, into: &diagnostics) {
            // OpenAPI writes the slash as a JSON pointer does; templates may do so too.
            draft.api.binaryTypes = types.map { $0.replacing("~1", with: "/") }
        }
        lowerAuth(properties, into: &draft)
        lowerSettings(properties, into: &draft)
        lowerDefinition(properties, into: &draft)
        lowerCORS(properties, into: &draft)
        apis[resource.id] = draft
    }

    /// `DefinitionBody`, or what is left of `DefinitionUri`: a place that is not on this machine.
    private mutating func lowerDefinition(_ properties: Properties, into draft: inout APIDraft) {
        let body = properties["DefinitionBody"].flatMap { $0.value.content == .null ? nil : $0 }
        if let location = properties["DefinitionUri"], location.value.content != .null {
            if body != nil { diagnostics.emit(.definitionTwice(location, of: draft.id)) }
            draft.source = .remote
            // Why a file of this machine could not be read is said already.
            if !Template.isLocal(location.value.text) {
                diagnostics.emit(.definitionRemote(location, of: draft.id))
            }
            for name in ["Auth", "Cors", "CorsConfiguration", "DisableExecuteApiEndpoint", "MergeDefinitions"] {
                guard let property = properties[name], property.value.content != .null else { continue }
                diagnostics.emit(.definitionOutside(property))
            }
        }
        guard let body else { return }
        let merges = properties["MergeDefinitions"]?.boolean(into: &diagnostics) ?? false
        draft.source = .document(isMerged: merges)
        lowerDocument(body, into: &draft)
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
        guard Self.isStageName(name, kind) else {
            diagnostics.emit(.stageName(name, property, kind))
            return nil
        }
        return name
    }

    /// Whether a stage can have the name (API Gateway API reference, `CreateStage`).
    static func isStageName(_ name: String, _ kind: APIKind) -> Bool {
        if name == "$default" { return kind == .http }
        return name.utf8.count <= 128 && name.isMadeOfNameCharacters
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
    static let definitionRemote = DiagnosticCode(
        "definition-remote",
        .error,
        """
        `DefinitionUri` or `BodyS3Location` names a document that is not on this machine, such as one in S3: its \
        routes, and who may call them, cannot be told. Name a local file, which SAM uploads when it deploys, or bring \
        the document into the template with `DefinitionBody` and an `AWS::Include` of a local file.
        """
    )
    static let definitionConflict = DiagnosticCode(
        "definition-conflict",
        .error,
        """
        An API has a document in two places, or settings that SAM can only write into a document that stands in the \
        template. Use `DefinitionBody`, for a file together with `Fn::Transform` and `AWS::Include`.
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
    static func stageName(_ name: String, _ property: Property, _ kind: APIKind) -> Diagnostic {
        let exception = kind == .http ? ", or '$default'" : ""
        return Diagnostic(
            .stageName,
            "'\(name)' cannot be the name of a stage: letters, digits, '-' and '_' are allowed\(exception)",
            at: property.span
        )
    }

    static func definitionRemote(_ property: Property, of id: String) -> Diagnostic {
        var address = property.value.openText
        if let bucket = property.value["Bucket"]?.openText, let key = property.value["Key"]?.openText {
            address = "s3://\(bucket)/\(key)"
        }
        let place = address.map { ": '\($0)'" } ?? ""
        return Diagnostic(
            .definitionRemote,
            "the routes of '\(id)' cannot be told: their document is not on this machine\(place); name a local file",
            at: property.span
        )
    }

    fileprivate static func definitionTwice(_ property: Property, of id: String) -> Diagnostic {
        Diagnostic(
            .definitionConflict,
            "'\(id)' has both 'DefinitionBody' and 'DefinitionUri'; SAM takes one of them",
            at: property.nameSpan
        )
    }

    fileprivate static func definitionOutside(_ property: Property) -> Diagnostic {
        Diagnostic(
            .definitionConflict,
            "\(property.words) works only with a document in the template, as 'DefinitionBody'",
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
