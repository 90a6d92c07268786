// WebSocket APIs of SAM, whose routes stand in the API itself.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::Serverless::WebSocketApi` with its routes.
    mutating func lowerWebSocketAPI(_ resource: ResolvedTemplate.Served) {
        var draft = APIDraft(id: resource.id, api: API(kind: .webSocket, stage: "default"), isImplicit: false)
        defer { apis[resource.id] = draft }
        guard let properties = properties(of: resource) else { return }
        draft.api.routeSelection = properties.required("RouteSelectionExpression", into: &diagnostics)?
            .text(into: &diagnostics)
        if let property = properties["StageName"], let name = property.text(into: &diagnostics) {
            // `$default` is the name of a route here.
            if name == "$default" {
                diagnostics.emit(.stageName(name, property, .webSocket))
            } else {
                draft.api.stage = name
            }
        }
        if let variables = properties["StageVariables"] { draft.api.stageVariables = stageVariables(of: variables) }
        _ = properties["IpAddressType"]?.choice(AddressType.self, into: &diagnostics)
        lowerSettings(properties, into: &draft)

        guard let property = properties.required("Routes", into: &diagnostics),
            let routes = property.properties(into: &diagnostics)
        else { return }
        if routes.members.isEmpty { diagnostics.emit(.webSocketRoutes(property)) }
        let auth = webSocketAuth(properties, routes: routes, of: &draft)
        for route in routes.all { lowerRoute(route, connectAuth: auth, of: draft) }
    }

    private mutating func lowerRoute(_ property: Property, connectAuth: RouteAuth, of draft: APIDraft) {
        let isSpecial = ["$connect", "$disconnect", "$default"].contains(property.name)
        guard isSpecial || property.name.allSatisfy({ $0.isLetter || $0.isNumber }) else {
            diagnostics.emit(.webSocketKey(property))
            return
        }
        guard let settings = property.properties(PropertyNames.webSocketRoute, into: &diagnostics),
            let arn = settings.required("FunctionArn", into: &diagnostics), let text = arn.text(into: &diagnostics),
            let function = function(ofURI: text, arn, of: draft)
        else { return }
        if let parameters = settings["RequestParameters"], property.name != "$connect" {
            diagnostics.emit(.webSocketParameters(parameters))
        }
        var route = Route(function: function, payload: .v1)
        if property.name == "$connect" { route.auth = connectAuth }
        route.isKeyRequired = settings["ApiKeyRequired"]?.boolean(into: &diagnostics) ?? false
        route.timeoutMilliseconds = settings["IntegrationTimeout"]?.integer(in: 50...29000, into: &diagnostics)
        let key: RouteKey = property.name == "$default" ? .fallback : .message(property.name)
        routes.append(RouteDraft(api: draft.id, key: key, route: route, span: property.nameSpan, sharesPort: false))
    }

    /// Who may connect: `Auth`, which holds for `$connect` alone.
    private mutating func webSocketAuth(
        _ properties: Properties,
        routes: Properties,
        of draft: inout APIDraft
    ) -> RouteAuth {
        guard let property = properties["Auth"], property.value.content != .null else { return .none }
        // Whatever is wrong with it, it guards.
        let name = "\(draft.id)ConnectAuthorizer"
        draft.api.authorizers[name] = Authorizer(kind: .unsupported)
        guard let settings = property.properties(PropertyNames.webSocketAuth, severity: .error, into: &diagnostics),
            let type = settings.required("AuthType", into: &diagnostics)?
                .choice(WebSocketAuthorization.self, unknown: .valueUnknown, into: &diagnostics)
        else { return .authorizer(name) }
        if routes["$connect"] == nil {
            diagnostics.emit(.webSocketAuth(property, "guards '$connect', which is no route"))
        }
        guard type == .custom else {
            draft.api.authorizers[name] = nil
            if settings.members.count > 1 {
                diagnostics.emit(.webSocketAuth(property, "has settings that '\(type.rawValue)' does not take"))
            }
            return type == .signatures ? draft.use(APIDraft.iamName) : .none
        }
        guard let arn = settings.required("AuthArn", into: &diagnostics), let text = arn.text(into: &diagnostics),
            let function = function(ofURI: text, arn, of: draft)
        else { return .authorizer(name) }
        var authorizer = Authorizer(kind: .lambda)
        authorizer.function = function
        authorizer.input = .request
        authorizer.identitySources = settings["IdentitySource"]?.texts(into: &diagnostics) ?? []
        let chosen = settings["Name"]?.text(unknown: .settingUnknown, into: &diagnostics) ?? name
        draft.api.authorizers[name] = nil
        draft.api.authorizers[chosen] = authorizer
        return .authorizer(chosen)
    }
}

/// Who may connect to a WebSocket API of SAM's.
private enum WebSocketAuthorization: String, CaseIterable {
    case none = "NONE"
    case signatures = "AWS_IAM"
    case custom = "CUSTOM"
}

/// The addresses under which an API is reached.
private enum AddressType: String, CaseIterable {
    case version4 = "ipv4"
    case both = "dualstack"
}

extension DiagnosticCode {
    static let webSocketRoute = DiagnosticCode(
        "websocket-route",
        .error,
        """
        `Routes` of an `AWS::Serverless::WebSocketApi` has at least one route; its name is `$connect`, `$disconnect`, \
        `$default`, or of letters and digits. `Auth` guards `$connect`, so there must be such a route; only the \
        `AuthType` `CUSTOM` takes further settings, and only `$connect` takes `RequestParameters`.
        """
    )
}

extension Diagnostic {
    fileprivate static func webSocketRoutes(_ property: Property) -> Diagnostic {
        Diagnostic(.webSocketRoute, "\(property.words) has no route", at: property.span)
    }

    fileprivate static func webSocketKey(_ property: Property) -> Diagnostic {
        Diagnostic(
            .webSocketRoute,
            "'\(property.name)' is no route: '$connect', '$disconnect', '$default', or letters and digits",
            at: property.nameSpan
        )
    }

    fileprivate static func webSocketParameters(_ property: Property) -> Diagnostic {
        Diagnostic(
            .webSocketRoute,
            "\(property.words) has no meaning: only '$connect' has parameters",
            at: property.nameSpan
        )
    }

    fileprivate static func webSocketAuth(_ property: Property, _ reason: String) -> Diagnostic {
        Diagnostic(.webSocketRoute, "\(property.words) \(reason)", at: property.nameSpan)
    }
}
