// The operations of an OpenAPI document: each with an integration is a route.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// What stands beside the operations of a path.
    private static let besideOperations = ["$ref", "description", "parameters", "servers", "summary"]
    private static let operations = [
        "delete", "get", "head", "options", "patch", "post", "put", "x-amazon-apigateway-any-method",
    ]

    /// Lowers a path with its operations.
    mutating func lowerPath(
        _ path: Property,
        _ references: DocumentReferences,
        _ validators: RequestValidators,
        into draft: inout APIDraft
    ) {
        guard path.value.content != .null else {
            // A REST API is not imported with such a path; an HTTP API ignores it.
            if draft.kind == .rest { diagnostics.emit(.propertyType(path, expected: "a mapping of operations")) }
            return
        }
        guard let target = references.target(of: path.value) else {
            diagnostics.emit(.documentReference(path.value, path))
            return
        }
        let resolved = Property(name: path.name, owner: path.owner, nameSpan: path.nameSpan, value: target)
        guard let item = resolved.properties(into: &diagnostics) else { return }
        for operation in item.all where !Self.besideOperations.contains(operation.name) {
            guard Self.operations.contains(operation.name.lowercased()) else {
                if !operation.name.hasPrefix("x-") || operation.name.hasPrefix("x-amazon-apigateway-any") {
                    diagnostics.emit(.operationUnknown(operation, known: Self.operations))
                }
                continue
            }
            lowerOperation(operation, of: path, item, references, validators, into: &draft)
        }
    }

    private mutating func lowerOperation(
        _ operation: Property,
        of path: Property,
        _ item: Properties,
        _ references: DocumentReferences,
        _ validators: RequestValidators,
        into draft: inout APIDraft
    ) {
        guard let key = routeKey(path: path, operation: operation, of: draft) else { return }
        guard operation.value.content != .null else {
            diagnostics.emit(.propertyType(operation, expected: "a mapping"))
            return
        }
        guard let read = operation.properties(into: &diagnostics) else { return }
        let owner = "'\(key)' of '\(draft.id)'"
        let settings = Properties(members: read.members, owner: owner, span: operation.nameSpan)
        settings.check(["responses": .mapping], into: &diagnostics)
        guard let property = settings["x-amazon-apigateway-integration"], property.value.content != .null else {
            let auth = settings["security"] == nil ? nil : documentAuth(settings, key: key, of: &draft)
            leave(key, operation, auth: auth, in: draft)
            return
        }
        guard let target = references.target(of: property.value) else {
            diagnostics.emit(.documentReference(property.value, property))
            return
        }
        let resolved = Property(name: property.name, owner: owner, nameSpan: property.nameSpan, value: target)
        guard let integration = integration(resolved),
            let auth = documentAuth(settings, key: key, of: &draft),
            let lowered = lower(integration, key: key, of: draft)
        else { return }
        var route = Route(target: lowered.target)
        route.guardBy(auth)
        route.requestParameters = lowered.requestParameters
        route.responseParameters = lowered.responseParameters
        route.isStreamed = lowered.isStreamed
        route.timeoutMilliseconds = lowered.timeoutMilliseconds
        if draft.kind == .rest {
            route.operationName = settings["operationId"]?.text(into: &diagnostics)
            route.validation = validation(settings, item, key: key, references, validators, of: &draft)
        }
        var routeDraft = RouteDraft(api: draft.id, key: key, route: route, span: operation.nameSpan)
        routeDraft.documentAuth = auth
        routeDraft.authSpan = settings["security"]?.nameSpan
        addDocumentRoute(routeDraft)
    }

    /// Remembers an operation that nothing answers: an event may have a function for it.
    private mutating func leave(_ key: RouteKey, _ operation: Property, auth: LoweredAuth?, in draft: APIDraft) {
        emptyOperations["\(draft.id) \(key.shape)"] = EmptyOperation(
            auth: auth,
            diagnostic: .operationEmpty(key, operation)
        )
    }

    /// The key of an operation, whose names are in lower case.
    private mutating func routeKey(path: Property, operation: Property, of draft: APIDraft) -> RouteKey? {
        let method = operation.name.lowercased()
        // The route without a method may carry any operation; the document marks it with `isDefaultRoute`.
        if draft.kind == .http, path.name == "$default" || path.name == "/$default" { return .fallback }
        return routeKey(draft.documentPrefix + path.name, path.asName, method, operation.asName, kind: draft.kind)
    }

    /// `x-amazon-apigateway-integration`.
    private mutating func integration(_ property: Property) -> IntegrationDraft? {
        guard let settings = property.properties(into: &diagnostics) else { return nil }
        var integration = IntegrationDraft(owner: property.owner, span: property.nameSpan)
        integration.type = settings["type"]
        integration.uri = settings["uri"]
        integration.method = settings["httpMethod"]
        integration.payload = settings["payloadFormatVersion"]
        integration.subtype = settings["integrationSubtype"]
        integration.connection = settings["connectionType"]
        integration.parameters = settings["requestParameters"]
        integration.templates = settings["requestTemplates"]
        integration.passthrough = settings["passthroughBehavior"]
        integration.contentHandling = settings["contentHandling"]
        integration.timeout = settings["timeoutInMillis"]
        integration.transferMode = settings["responseTransferMode"]
        let responses = settings["responses"].flatMap { responses -> Properties? in
            guard responses.value.content != .null else { return nil }
            return responses.properties(unknown: .settingUnknown, into: &diagnostics)
        }
        for response in responses?.all ?? [] {
            let parts = response.properties(unknown: .settingUnknown, into: &diagnostics)
            integration.responses.append(
                IntegrationDraft.Response(
                    pattern: response.name,
                    statusCode: parts?["statusCode"],
                    parameters: parts?["responseParameters"],
                    templates: parts?["responseTemplates"],
                    contentHandling: parts?["contentHandling"]
                )
            )
        }
        // HTTP APIs say by status how answers are changed.
        let changes = settings["responseParameters"]?.properties(unknown: .settingUnknown, into: &diagnostics)
        for status in changes?.all ?? [] {
            integration.responses.append(
                IntegrationDraft.Response(pattern: status.name, statusCode: status.asName, parameters: status)
            )
        }
        return integration
    }
}

extension Property {
    /// A property whose value is its own name: in documents the names of members say what is meant.
    fileprivate var asName: Property {
        Property(name: name, owner: owner, nameSpan: nameSpan, value: Value(.text(name, isPlain: true), at: nameSpan))
    }
}

extension DiagnosticCode {
    static let documentReference = DiagnosticCode(
        "document-reference",
        .error,
        """
        A `$ref` leads nowhere, or to itself. References are JSON pointers within the document, such as \
        `#/components/schemas/Pet`; other files cannot be referred to.
        """
    )
    static let operationUnknown = DiagnosticCode(
        "operation-unknown",
        .error,
        """
        The operations of a path are `get`, `head`, `post`, `put`, `patch`, `delete`, `options`, and \
        `x-amazon-apigateway-any-method` for all of them.
        """
    )
    static let operationEmpty = DiagnosticCode(
        "operation-empty",
        .warning,
        """
        The operation has no `x-amazon-apigateway-integration`, so nothing answers it: a REST API with such a method \
        cannot be deployed. It is left out.
        """
    )
}

extension Diagnostic {
    static func documentReference(_ value: Value, _ property: Property) -> Diagnostic {
        Diagnostic(
            .documentReference,
            "the '$ref' of \(property.words) leads nowhere: '\(value["$ref"]?.openText ?? "…")'",
            at: value.span
        )
    }

    fileprivate static func operationUnknown(_ operation: Property, known: [String]) -> Diagnostic {
        let hint = didYouMean(operation.name, among: known)
        return Diagnostic(
            .operationUnknown,
            "\(operation.words) is no operation\(hint)",
            at: operation.nameSpan
        )
    }

    fileprivate static func operationEmpty(_ key: RouteKey, _ operation: Property) -> Diagnostic {
        Diagnostic(
            .operationEmpty,
            "nothing answers '\(key)': it has no 'x-amazon-apigateway-integration'",
            at: operation.nameSpan
        )
    }
}
