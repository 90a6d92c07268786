// HTTP and WebSocket APIs of plain CloudFormation: the API, its routes and its integrations.

internal import Diagnostics
internal import JSON
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::ApiGatewayV2::Api` without its document.
    mutating func lowerVersion2API(_ resource: ResolvedTemplate.Served) {
        let isWebSocket = resource.properties["ProtocolType"]?.text?.uppercased() == "WEBSOCKET"
        let kind: APIKind = isWebSocket ? .webSocket : .http
        var draft = APIDraft(id: resource.id, api: API(kind: kind, stage: "$default"), isImplicit: false)
        draft.source = .resources
        if isWebSocket { draft.api.stage = "default" }
        defer { apis[resource.id] = draft }
        guard let properties = properties(of: resource) else { return }
        if properties["Body"] == nil, properties["BodyS3Location"] == nil {
            _ = properties.required("ProtocolType", into: &diagnostics)?
                .choice(ProtocolType.self, unknown: .valueUnknown, into: &diagnostics)
        }
        if isWebSocket {
            draft.api.routeSelection = properties.required("RouteSelectionExpression", into: &diagnostics)?
                .text(unknown: .settingUnknown, into: &diagnostics)
        }
        lowerSettings(properties, into: &draft)
        lowerCORS(properties, into: &draft)
        if let mode = properties["BasePath"], mode.value.content != .null {
            draft.basePathMode = mode.choice(BasePathMode.self, unknown: .valueUnknown, into: &diagnostics) ?? .ignore
        }
        if let target = properties["Target"], target.value.content != .null {
            draft.isQuickCreated = true
            quickCreate(target, properties, of: draft)
        }
    }

    /// Lowers an `AWS::ApiGatewayV2::Route`.
    mutating func lowerRoute(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let id = properties.required("ApiId", into: &diagnostics).flatMap({
                api($0, isVersion2: true, severity: .error)
            }),
            let property = properties.required("RouteKey", into: &diagnostics), var draft = apis[id],
            let key = routeKey(property, of: draft)
        else { return }
        // There is one draft at a time, so that its authorizers are not copied for each route.
        apis[id] = nil
        let auth = plainAuth(of: resource, properties, of: &draft)
        apis[id] = draft
        guard let lowered = integration(properties, key: key, of: draft) else { return }
        var route = Route(target: lowered.target)
        route.guardBy(auth)
        route.timeoutMilliseconds = lowered.timeoutMilliseconds
        route.requestParameters = lowered.requestParameters
        route.responseParameters = lowered.responseParameters
        if let required = properties["ApiKeyRequired"], required.boolean(into: &diagnostics) == true {
            route.isKeyRequired = true
            diagnostics.emit(.routesRefused(required, of: "'\(key)'"))
        }
        add(route, key, at: property.span, to: draft)
    }

    mutating func add(_ route: Route, _ key: RouteKey, at span: Span, to draft: APIDraft) {
        routes.append(RouteDraft(api: draft.id, key: key, route: route, span: span, sharesPort: draft.kind == .http))
    }

    mutating func routeKey(_ property: Property, of draft: APIDraft) -> RouteKey? {
        guard let text = property.text(into: &diagnostics) else { return nil }
        do throws(PathPatternError) { return try RouteKey(text, kind: draft.kind) } catch {
            diagnostics.emit(.routeKey(text, property, error.description))
            return nil
        }
    }

    /// What a route's `Target` names: `integrations/ID`.
    private mutating func integration(
        _ route: Properties,
        key: RouteKey,
        of draft: APIDraft
    ) -> LoweredIntegration? {
        guard let target = route["Target"], let text = target.text(into: &diagnostics) else {
            if route["Target"] == nil { diagnostics.emit(.routeTarget(key, of: draft.id, at: route.span)) }
            return nil
        }
        let id = String(text.split(separator: "/").last ?? "")
        guard text.hasPrefix("integrations/"), let resource = resources[id], resource.kind == .integration else {
            let known = template.served.filter { $0.kind == .integration }.map(\.id)
            reportDangling(id, target, "integration", known: known)
            return nil
        }
        guard let settings = properties(of: resource),
            let owner = settings.required("ApiId", into: &diagnostics).flatMap({
                api($0, isVersion2: true, severity: .error)
            })
        else { return nil }
        guard owner == draft.id else {
            diagnostics.emit(.integrationOfOther(target, owner, draft.id))
            return nil
        }
        return lower(integration(settings, of: resource), key: key, of: draft)
    }

    private mutating func integration(
        _ settings: Properties,
        of resource: ResolvedTemplate.Served
    ) -> IntegrationDraft {
        var integration = IntegrationDraft(owner: settings.owner, span: resource.idSpan)
        integration.type = settings["IntegrationType"]
        integration.uri = settings["IntegrationUri"]
        integration.method = settings["IntegrationMethod"]
        integration.payload = settings["PayloadFormatVersion"]
        integration.subtype = settings["IntegrationSubtype"]
        integration.connection = settings["ConnectionType"]
        integration.parameters = settings["RequestParameters"]
        integration.templates = settings["RequestTemplates"]
        integration.passthrough = settings["PassthroughBehavior"]
        integration.contentHandling = settings["ContentHandlingStrategy"]
        integration.timeout = settings["TimeoutInMillis"]
        for response in settings["ResponseParameters"]?
            .properties(unknown: .settingUnknown, into: &diagnostics)?.all ?? []
        {
            integration.responses.append(
                IntegrationDraft.Response(
                    pattern: response.name,
                    statusCode: Property(
                        name: response.name,
                        owner: response.owner,
                        nameSpan: response.nameSpan,
                        value: Value(.text(response.name, isPlain: true), at: response.nameSpan)
                    ),
                    parameters: mappings(response)
                )
            )
        }
        return integration
    }

    /// `{ResponseParameters: [{Destination, Source}]}` as a mapping from destinations to sources.
    private func mappings(_ response: Property) -> Property? {
        guard let list = response.value["ResponseParameters"]?.list else { return nil }
        let members = list.compactMap { element -> Value.Member? in
            guard let name = element["Destination"], let text = name.text, let source = element["Source"] else {
                return nil
            }
            return Value.Member(key: text, keySpan: name.span, value: source)
        }
        return Property(
            name: "ResponseParameters",
            owner: response.words,
            nameSpan: response.nameSpan,
            value: Value(.map(members), at: response.span)
        )
    }
}

/// The protocols that an API of the second version has.
private enum ProtocolType: String, CaseIterable {
    case http = "HTTP"
    case webSocket = "WEBSOCKET"
}

extension DiagnosticCode {
    static let routeTarget = DiagnosticCode(
        "route-target",
        .error,
        """
        `Target` of an `AWS::ApiGatewayV2::Route` is `!Sub integrations/${Integration}`, with an integration of the \
        same API. Without it nothing answers the route.
        """
    )
}

extension Diagnostic {
    fileprivate static func routeKey(_ text: String, _ property: Property, _ reason: String) -> Diagnostic {
        Diagnostic(.pathInvalid, "\(property.words): '\(text)' is no route: \(reason)", at: property.span)
    }

    fileprivate static func routeTarget(_ key: RouteKey, of id: String, at span: Span) -> Diagnostic {
        Diagnostic(.routeTarget, "'\(key)' of '\(id)' has no 'Target', so nothing answers it", at: span)
    }

    fileprivate static func integrationOfOther(_ property: Property, _ owner: String, _ api: String) -> Diagnostic {
        Diagnostic(
            .routeTarget,
            "\(property.words) names an integration of '\(owner)', not of '\(api)'",
            at: property.span
        )
    }
}
