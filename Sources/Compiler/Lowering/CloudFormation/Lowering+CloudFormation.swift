// APIs of plain CloudFormation: which resources are lowered, and in which order.

internal import Diagnostics
internal import Manifest

/// What the resources of an API refer to each other by: logical ids, and what became of them.
struct ResourceIndex {
    /// The API and the name of each authorizer.
    var authorizers: [String: (api: String, name: String)] = [:]
    /// What each request validator checks.
    var validators: [String: RequestValidators.Scope] = [:]
    /// The name of each model.
    var models: [String: String] = [:]
    /// The paths of resources of REST APIs; nil for one whose path is reported as wrong already.
    var paths: [String: [String]?] = [:]
}

extension Lowering {
    /// Lowers the APIs that stand in resources of their own, without their routes.
    ///
    /// Stages come before authorizers: both may use the stage's variables.
    mutating func lowerPlainAPIs() {
        for resource in template.served {
            switch resource.kind {
            case .plainRestAPI: lowerRestAPI(resource)
            case .plainAPI: lowerVersion2API(resource)
            default: break
            }
        }
        lowerStages()
        for resource in template.served {
            switch resource.kind {
            case .restAuthorizer, .authorizer: lowerAuthorizer(resource)
            case .restModel: lowerModel(resource)
            case .restValidator: lowerValidator(resource)
            case .restGatewayResponse: lowerGatewayResponse(resource)
            case .restMapping, .privateMapping, .mapping: lowerMapping(resource)
            default: break
            }
        }
        for resource in template.served {
            switch resource.kind {
            case .plainRestAPI, .plainAPI: lowerBody(resource)
            default: break
            }
        }
    }

    /// Lowers the routes that stand in resources, and who has keys for them.
    mutating func lowerPlainRoutes() {
        for resource in template.served {
            switch resource.kind {
            case .restMethod: lowerMethod(resource)
            case .route: lowerRoute(resource)
            case .functionURL: lowerURL(resource)
            case .stateMachine: lowerStateMachine(resource)
            case .webSocketAPI: lowerWebSocketAPI(resource)
            case .apiKey: lowerAPIKey(resource)
            default: break
            }
        }
        for resource in template.served where resource.kind == .overrides { lowerOverrides(resource) }
        for resource in template.served where resource.kind == .usagePlan { lowerUsagePlan(resource) }
        for resource in template.served where resource.kind == .usagePlanKey { lowerUsagePlanKey(resource) }
    }

    /// The API that a property names.
    ///
    /// - Parameters:
    ///   - property: where it is named.
    ///   - isVersion2: whether it is an HTTP or WebSocket API.
    ///   - severity: an error where routes would be missing, a warning where only a setting is.
    /// - Returns: nil where there is none of that kind, which is reported.
    mutating func api(_ property: Property, isVersion2: Bool, severity: Severity = .warning) -> String? {
        let unknown: DiagnosticCode = severity == .error ? .valueUnknown : .settingUnknown
        guard let id = property.text(unknown: unknown, into: &diagnostics) else { return nil }
        if let draft = apis[id], draft.kind != .functionURL, (draft.kind != .rest) == isVersion2 { return id }
        let known = apis.values.filter { $0.kind != .functionURL && ($0.kind != .rest) == isVersion2 }.map(\.id)
        let words = isVersion2 ? "HTTP or WebSocket API" : "REST API"
        reportDangling(id, property, words, known: known, severity: severity)
        return nil
    }

    /// The resource of one kind that a property names; nil where there is none, which is reported.
    mutating func resource(
        _ property: Property,
        _ kind: Resource.Kind,
        _ words: String,
        severity: Severity = .error
    ) -> ResolvedTemplate.Served? {
        let unknown: DiagnosticCode = severity == .error ? .valueUnknown : .settingUnknown
        guard let id = property.text(unknown: unknown, into: &diagnostics) else { return nil }
        if let resource = resources[id], resource.kind == kind { return resource }
        let known = template.served.filter { $0.kind == kind }.map(\.id)
        reportDangling(id, property, words, known: known, severity: severity)
        return nil
    }

    /// Says that a property names nothing that there is.
    mutating func reportDangling(
        _ id: String,
        _ property: Property,
        _ words: String,
        known: [String],
        severity: Severity = .error
    ) {
        let end =
            template.absent[id].map { "; it depends on '\($0)', which does not hold" } ?? didYouMean(id, among: known)
        var diagnostic = Diagnostic(
            .resourceUnknown,
            "\(property.words) names no \(words) of the template: '\(id)'\(end)",
            at: property.span
        )
        diagnostic.severity = severity
        diagnostics.emit(diagnostic)
    }
}

extension DiagnosticCode {
    static let resourceUnknown = DiagnosticCode(
        "resource-unknown",
        .error,
        """
        Routes of plain CloudFormation are made of several resources that name each other: methods their API and \
        their path, routes their integration, both their authorizer. One of these names is none of a resource of the \
        right type in this template, or of one whose condition does not hold. Where no route depends on it, that is a \
        warning.
        """
    )
}
