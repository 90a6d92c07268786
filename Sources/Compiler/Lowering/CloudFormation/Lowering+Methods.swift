// Methods of REST APIs: the paths of their resources, and what answers them.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::ApiGateway::Method`.
    mutating func lowerMethod(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let method = properties.required("HttpMethod", into: &diagnostics),
            let place = properties.required("ResourceId", into: &diagnostics),
            let id = properties.required("RestApiId", into: &diagnostics).flatMap({
                api($0, isVersion2: false, severity: .error)
            }),
            let word = method.text(into: &diagnostics), let segments = path(place, of: id), var draft = apis[id]
        else { return }
        let text = "/" + segments.joined(separator: "/")
        guard let key = routeKey(text, place, word, method, kind: .rest) else { return }
        // There is one draft at a time, so that its authorizers are not copied for each method.
        apis[id] = nil
        let auth = plainAuth(of: resource, properties, of: &draft)
        apis[id] = draft
        guard let lowered = lower(integration(properties, owner: "'\(key)' of '\(id)'"), key: key, of: draft) else {
            return
        }
        var route = Route(target: lowered.target)
        route.guardBy(auth)
        route.isStreamed = lowered.isStreamed
        route.timeoutMilliseconds = lowered.timeoutMilliseconds
        route.operationName = properties["OperationName"]?.text(into: &diagnostics)
        if let required = properties["ApiKeyRequired"], required.boolean(into: &diagnostics) == true {
            route.isKeyRequired = true
        }
        route.validation = plainValidation(properties, of: draft)
        addDocumentRoute(RouteDraft(api: id, key: key, route: route, span: method.span))
    }

    /// The segments of the path of a resource, or none for the root of the API; nil where that is not one, which is
    /// reported.
    private mutating func path(_ property: Property, of api: String) -> [String]? {
        guard let id = property.text(into: &diagnostics) else { return nil }
        return path(id, property, of: api, children: [])
    }

    /// The same of the resource of an id; `children` are those whose paths go through it.
    private mutating func path(
        _ id: String,
        _ property: Property,
        of api: String,
        children: [String]
    ) -> [String]? {
        if let root = id.wholeMatch(ofSuffix: ".RootResourceId") {
            if root == api { return [] }
            diagnostics.emit(.pathOfOther(property, root, api))
            return nil
        }
        if let known = index.paths["\(api) \(id)"] { return known }
        guard let resource = resources[id], resource.kind == .restResource else {
            let known = template.served.filter { $0.kind == .restResource }.map(\.id)
            reportDangling(id, property, "resource of a REST API", known: known)
            return nil
        }
        guard !children.contains(id), children.count < Self.maximumSegments else {
            diagnostics.emit(.pathCycle(property))
            return nil
        }
        // Reported once, whoever asks.
        defer { if index.paths["\(api) \(id)"] == nil { index.paths["\(api) \(id)"] = .some(nil) } }
        guard let properties = properties(of: resource),
            let owner = properties.required("RestApiId", into: &diagnostics).flatMap({
                self.api($0, isVersion2: false, severity: .error)
            }
            ),
            let parent = properties.required("ParentId", into: &diagnostics),
            let text = parent.text(into: &diagnostics),
            let part = properties.required("PathPart", into: &diagnostics)?.text(into: &diagnostics)
        else { return nil }
        guard owner == api else {
            diagnostics.emit(.pathOfOther(property, owner, api))
            return nil
        }
        guard let prefix = path(text, parent, of: api, children: children + [id]) else { return nil }
        let segments = prefix + [part]
        index.paths["\(api) \(id)"] = segments
        return segments
    }

    /// A path has at most 1024 bytes, so this many segments are too many.
    private static let maximumSegments = 512

    /// `Integration` of a method.
    private mutating func integration(_ method: Properties, owner: String) -> IntegrationDraft {
        guard let property = method["Integration"],
            let settings = property.properties(PropertyNames.methodIntegration, into: &diagnostics)
        else { return IntegrationDraft(owner: owner, span: method.span) }
        var integration = IntegrationDraft(owner: owner, span: property.nameSpan)
        integration.type = settings["Type"]
        integration.uri = settings["Uri"]
        integration.method = settings["IntegrationHttpMethod"]
        integration.connection = settings["ConnectionType"]
        integration.parameters = settings["RequestParameters"]
        integration.templates = settings["RequestTemplates"]
        integration.passthrough = settings["PassthroughBehavior"]
        integration.contentHandling = settings["ContentHandling"]
        integration.timeout = settings["TimeoutInMillis"]
        integration.transferMode = settings["ResponseTransferMode"]
        for response in settings["IntegrationResponses"]?.elements(unknown: .settingUnknown, into: &diagnostics) ?? [] {
            guard let parts = response.properties(unknown: .settingUnknown, into: &diagnostics) else { continue }
            let pattern = parts["SelectionPattern"]?.text(unknown: .settingUnknown, into: &diagnostics)
            integration.responses.append(
                IntegrationDraft.Response(
                    pattern: pattern ?? "",
                    statusCode: parts["StatusCode"],
                    parameters: parts["ResponseParameters"],
                    templates: parts["ResponseTemplates"],
                    contentHandling: parts["ContentHandling"]
                )
            )
        }
        return integration
    }
}

extension String {
    /// What stands before an ending that the text has; nil where it does not have it.
    fileprivate func wholeMatch(ofSuffix ending: String) -> String? {
        hasSuffix(ending) ? String(dropLast(ending.count)) : nil
    }
}

extension DiagnosticCode {
    static let resourcePath = DiagnosticCode(
        "resource-path",
        .error,
        """
        The path of a method is made of the `PathPart` of its resource, of that of the resource's `ParentId`, and so on \
        up to `!GetAtt Api.RootResourceId`. All of them belong to one API, and none is its own parent.
        """
    )
}

extension Diagnostic {
    fileprivate static func pathOfOther(_ property: Property, _ owner: String, _ api: String) -> Diagnostic {
        Diagnostic(
            .resourcePath,
            "\(property.words) belongs to the API '\(owner)', not to '\(api)'",
            at: property.span
        )
    }

    fileprivate static func pathCycle(_ property: Property) -> Diagnostic {
        Diagnostic(.resourcePath, "\(property.words) leads to itself, so there is no path", at: property.span)
    }
}
