// Settings of whole APIs besides authorizers and CORS: limits, logs, domains, the answers to errors.

internal import Diagnostics
internal import JSON
internal import Manifest

extension Lowering {
    /// Lowers what `AWS::Serverless::Api` and `AWS::Serverless::HttpApi` say of the whole API.
    mutating func lowerSettings(_ properties: Properties, into draft: inout APIDraft) {
        reportLeftOut(properties)
        if let property = properties["DisableExecuteApiEndpoint"],
            let isDisabled = property.boolean(unknown: .settingUnknown, into: &diagnostics)
        {
            draft.api.hasDefaultEndpoint = !isDisabled
        }
        if let property = properties["Domain"] { lowerDomain(property, into: &draft) }
        if let log = properties["AccessLogSetting"] ?? properties["AccessLogSettings"] {
            draft.api.accessLogFormat = accessLogFormat(log)
        }
        if draft.kind == .rest {
            if let property = properties["MinimumCompressionSize"] {
                draft.api.minimumCompressionBytes = property.integer(in: 0...10_485_760, into: &diagnostics)
            }
            if let source = properties["ApiKeySourceType"]?.text(unknown: .settingUnknown, into: &diagnostics) {
                draft.api.takesKeysFromAuthorizer = source == "AUTHORIZER"
            }
            if let models = properties["Models"]?.properties(into: &diagnostics) {
                draft.models = Set(models.all.map(\.name))
                for model in models.all {
                    draft.api.models[model.name] = document(of: model).map(Self.withModelReferences)
                }
            }
            if let responses = properties["GatewayResponses"]?.properties(into: &diagnostics) {
                for response in responses.all {
                    draft.api.gatewayResponses[response.name] = samGatewayResponse(response)
                }
            }
            if let canary = properties["CanarySetting"] { draft.api.canary = self.canary(canary) }
            if let policy = properties["Policy"] { lowerPolicy(policy, into: &draft) }
            if let settings = properties["MethodSettings"] { lowerMethodSettings(settings, into: &draft) }
        } else {
            if let settings = properties["DefaultRouteSettings"] { draft.api.throttle = throttle(settings) }
            if let settings = properties["RouteSettings"]?.properties(unknown: .settingUnknown, into: &diagnostics) {
                for route in settings.all { draft.routeThrottles[route.name] = throttle(route) }
            }
        }
    }

    /// A document that the manifest keeps as it is; nil where a part of it is unknown, which is reported.
    mutating func document(of property: Property, unknown code: DiagnosticCode = .settingUnknown) -> JSONValue? {
        if let part = property.value.unwritablePart {
            report(part, of: property, code)
            return nil
        }
        // Policies and schemas may stand as texts.
        guard let text = property.value.text else { return property.value.jsonValue }
        if let parsed = try? JSONParser.parse(Array(text.utf8)) { return parsed }
        diagnostics.emit(.documentInvalid(property))
        return nil
    }

    /// Reports a value within a property that is unknown or a secret.
    mutating func report(_ value: Value, of property: Property, _ code: DiagnosticCode) {
        let part = Property(name: property.name, owner: property.owner, nameSpan: property.nameSpan, value: value)
        _ = part.text(unknown: code, into: &diagnostics)
    }

    /// The policy closes routes, so one that cannot be read is an error.
    mutating func lowerPolicy(_ property: Property, into draft: inout APIDraft) {
        guard property.value.content != .null else { return }
        draft.api.policy = document(of: property, unknown: .valueUnknown) ?? .object(JSONObject())
    }

    /// The token bucket of `ThrottlingRateLimit` and `ThrottlingBurstLimit`, or of `RateLimit` and `BurstLimit`.
    mutating func throttle(_ property: Property) -> Throttle? {
        guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        let rate = settings["ThrottlingRateLimit"] ?? settings["RateLimit"]
        let burst = settings["ThrottlingBurstLimit"] ?? settings["BurstLimit"]
        let throttle = Throttle(
            requestsPerSecond: rate?.number(in: 0...1_000_000_000, into: &diagnostics),
            burst: burst?.integer(in: 0...1_000_000_000, into: &diagnostics)
        )
        return throttle == Throttle() ? nil : throttle
    }

    /// `MethodSettings`: limits of the stage (`/*`, `*`) or of single methods, slashes perhaps as `~1`.
    mutating func lowerMethodSettings(_ property: Property, into draft: inout APIDraft) {
        for setting in property.elements(unknown: .settingUnknown, into: &diagnostics) ?? [] {
            guard let throttle = throttle(setting),
                let settings = setting.properties(unknown: .settingUnknown, into: &diagnostics)
            else { continue }
            let path = settings["ResourcePath"]?.text(unknown: .settingUnknown, into: &diagnostics) ?? "/*"
            let method = settings["HttpMethod"]?.text(unknown: .settingUnknown, into: &diagnostics) ?? "*"
            if path == "/*", method == "*" {
                draft.api.throttle = throttle
            } else {
                let spelled = path.replacing("~1", with: "/").replacing("//", with: "/")
                draft.routeThrottles["\(method.uppercased()) \(spelled)"] = throttle
            }
        }
    }

    /// The canary of `CanarySetting`.
    mutating func canary(_ property: Property) -> Canary? {
        guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        var canary = Canary()
        canary.percent = settings["PercentTraffic"]?.number(in: 0...100, into: &diagnostics) ?? 0
        if let variables = settings["StageVariableOverrides"] { canary.stageVariables = stageVariables(of: variables) }
        return canary
    }

    private mutating func lowerDomain(_ property: Property, into draft: inout APIDraft) {
        guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return }
        settings.check(PropertyShape.domain, into: &diagnostics)
        var domain = Domain()
        if let paths = settings["BasePath"]?.texts(unknown: .settingUnknown, into: &diagnostics) {
            domain.basePaths = paths.map(\.withoutSlashes).filter { !$0.isEmpty }
        }
        if let mutualTLS = settings["MutualTlsAuthentication"], mutualTLS.value.content != .null {
            domain.isMutualTLS = true
            _ = mutualTLS.properties(["TruststoreUri", "TruststoreVersion"], severity: .error, into: &diagnostics)
            diagnostics.emit(.routesRefused(mutualTLS, of: "every route of '\(draft.id)'"))
        }
        let name = settings["DomainName"]?.text(unknown: .settingUnknown, into: &diagnostics)
        // A domain whose name is not known still demands its certificates.
        if let name = name ?? (domain.isMutualTLS ? draft.id : nil) { draft.api.domains[name] = domain }
    }

    private mutating func samGatewayResponse(_ property: Property) -> GatewayResponse? {
        let known = ["ResponseParameters", "ResponseTemplates", "StatusCode"]
        guard let settings = property.properties(known, unknown: .settingUnknown, into: &diagnostics) else {
            return nil
        }
        var response = GatewayResponse()
        response.statusCode = settings["StatusCode"]?.integer(in: 100...599, into: &diagnostics)
        if let templates = settings["ResponseTemplates"] { response.templates = texts(of: templates) }
        let places = ["Headers": "header", "Paths": "path", "QueryStrings": "querystring"]
        let parameters = settings["ResponseParameters"]?.properties(unknown: .settingUnknown, into: &diagnostics)
        for place in parameters?.all ?? [] {
            guard let word = places[place.name] else { continue }
            for (name, text) in texts(of: place) { response.parameters["gatewayresponse.\(word).\(name)"] = text }
        }
        return response
    }

    /// The texts of a mapping; what is unknown is left out and reported.
    mutating func texts(of property: Property) -> [String: String] {
        guard let members = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return [:] }
        var texts: [String: String] = [:]
        for member in members.all { texts[member.name] = member.text(unknown: .settingUnknown, into: &diagnostics) }
        return texts
    }
}

extension String {
    /// The text without slashes at its ends.
    var withoutSlashes: String {
        var text = self[...]
        while text.hasPrefix("/") { text = text.dropFirst() }
        while text.hasSuffix("/") { text = text.dropLast() }
        return String(text)
    }
}

extension DiagnosticCode {
    static let documentInvalid = DiagnosticCode(
        "document-invalid",
        .error,
        "A policy or a schema stands as a text that is no JSON. Write it as a mapping, or mend its JSON."
    )
}

extension Diagnostic {
    fileprivate static func documentInvalid(_ property: Property) -> Diagnostic {
        Diagnostic(.documentInvalid, "\(property.words) is a text that is no JSON", at: property.span)
    }
}
