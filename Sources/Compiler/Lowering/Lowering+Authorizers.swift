// Auth of APIs: authorizers, the default one, and settings that protect.

internal import Diagnostics
internal import Manifest

extension Lowering {
    mutating func lowerAuth(_ properties: Properties, into draft: inout APIDraft) {
        guard let auth = properties["Auth"] else { return }
        let names = draft.kind == .rest ? PropertyNames.restAuth : PropertyNames.httpAuth
        guard let settings = auth.properties(names, severity: .error, into: &diagnostics) else { return }
        if let enabled = settings["EnableIamAuthorizer"]?.boolean(into: &diagnostics) { draft.isIAMEnabled = enabled }
        if let authorizers = settings["Authorizers"]?.properties(into: &diagnostics) {
            for authorizer in authorizers.all { lowerAuthorizer(authorizer, into: &draft) }
        }
        if let property = settings["DefaultAuthorizer"], let name = property.text(into: &diagnostics) {
            if name == APIDraft.noneName {
                draft.defaultAuthorizer = nil
            } else if draft.knows(name) {
                draft.defaultAuthorizer = name
                _ = draft.use(name)
            } else {
                diagnostics.emit(.authorizerUnknown(name, property, of: draft))
            }
        }
        guard draft.kind == .rest else { return }
        if let guards = settings["AddDefaultAuthorizerToCorsPreflight"]?.boolean(into: &diagnostics) {
            draft.guardsPreflight = guards
        }
        if let property = settings["ApiKeyRequired"], property.boolean(into: &diagnostics) == true {
            draft.isKeyRequired = true
            diagnostics.emit(.routesRefused(property, of: "the routes of '\(draft.id)'"))
        }
        if let requires = settings["AddApiKeyRequiredToCorsPreflight"]?.boolean(into: &diagnostics) {
            draft.requiresPreflightKey = requires
        }
        if let policy = settings["ResourcePolicy"] { lowerResourcePolicy(policy, into: &draft) }
        if let plan = settings["UsagePlan"] { lowerUsagePlan(plan, of: draft) }
    }

    private mutating func lowerAuthorizer(_ property: Property, into draft: inout APIDraft) {
        guard property.name != "none" else {
            diagnostics.emit(.authorizerName(property))
            return
        }
        // Whatever is wrong with it, it exists: routes that name it must not be open.
        draft.api.authorizers[property.name] = Authorizer(kind: .unsupported)
        guard let settings = property.properties(into: &diagnostics) else { return }
        if let scopes = settings["AuthorizationScopes"]?.texts(into: &diagnostics) {
            draft.authorizerScopes[property.name] = scopes
        }
        if let function = settings["FunctionArn"] {
            draft.api.authorizers[property.name] = lambdaAuthorizer(function, named: property, of: draft)
        } else if draft.kind == .rest, settings["UserPoolArn"] != nil {
            draft.api.authorizers[property.name] = Authorizer(kind: .cognito)
        } else if draft.kind == .http, let configuration = settings["JwtConfiguration"] {
            draft.api.authorizers[property.name] = jwtAuthorizer(configuration, named: property, of: draft)
        } else {
            let known = draft.kind == .rest ? "'FunctionArn' or 'UserPoolArn'" : "'FunctionArn' or 'JwtConfiguration'"
            diagnostics.emit(.authorizerUnsupported(property, "it has no \(known)", of: draft))
        }
    }

    private mutating func lambdaAuthorizer(
        _ property: Property,
        named name: Property,
        of draft: APIDraft
    ) -> Authorizer {
        var authorizer = Authorizer(kind: .unsupported)
        if let reason = property.value.unknownReason {
            if let pending = property.value.pending { diagnostics.emit(pending) }
            diagnostics.emit(.authorizerUnsupported(name, reason, of: draft))
        } else if let arn = property.text(into: &diagnostics) {
            if let function = functionsByName[Self.functionName(ofARN: arn)] {
                authorizer = Authorizer(kind: .lambda)
                authorizer.function = function
            } else {
                diagnostics.emit(.authorizerUnsupported(name, "'\(arn)' is no function of the template", of: draft))
            }
        }
        return authorizer
    }

    private mutating func jwtAuthorizer(
        _ property: Property,
        named name: Property,
        of draft: APIDraft
    ) -> Authorizer {
        let unsupported = Authorizer(kind: .unsupported)
        guard let settings = property.properties(into: &diagnostics) else { return unsupported }
        let issuerProperty = settings["issuer"] ?? settings["Issuer"]
        let audienceProperty = settings["audience"] ?? settings["Audience"]
        let parts = [issuerProperty?.value, audienceProperty?.value].compactMap { $0 }.flatMap {
            [$0] + ($0.list ?? [])
        }
        if let unknown = parts.first(where: { $0.unknownReason != nil }) {
            if let pending = unknown.pending { diagnostics.emit(pending) }
            diagnostics.emit(.authorizerUnsupported(name, unknown.unknownReason ?? "", of: draft))
            return unsupported
        }
        guard let issuerProperty else {
            _ = settings.required("issuer", into: &diagnostics)
            return unsupported
        }
        var authorizer = Authorizer(kind: .jwt)
        authorizer.issuer = issuerProperty.text(into: &diagnostics)
        if let audienceProperty {
            let isText = audienceProperty.value.text != nil
            authorizer.audiences =
                isText
                ? audienceProperty.text(into: &diagnostics).map { [$0] } ?? []
                : audienceProperty.texts(into: &diagnostics) ?? []
        }
        return authorizer
    }
}

extension DiagnosticCode {
    static let authorizerUnknown = DiagnosticCode(
        "authorizer-unknown",
        .error,
        """
        A route or `DefaultAuthorizer` names an authorizer that the API does not declare under `Auth.Authorizers`. \
        `AWS_IAM` needs no declaration, but in an HTTP API it needs `EnableIamAuthorizer: true`; `NONE` opens one route.
        """
    )
    static let authorizerName = DiagnosticCode(
        "authorizer-name",
        .error,
        "The name `none` stands for no authorizer in manifests, so it cannot name one. Choose another."
    )
    static let authorizerUnsupported = DiagnosticCode(
        "authorizer-unsupported",
        .warning,
        """
        What the authorizer decides by cannot be told from the template. Its routes are not opened by that: the proxy \
        refuses requests to them.
        """
    )
}

extension Diagnostic {
    static func authorizerUnknown(_ name: String, _ property: Property, of draft: APIDraft) -> Diagnostic {
        var known = Array(draft.api.authorizers.keys)
        if draft.kind == .rest || draft.isIAMEnabled { known.append(APIDraft.iamName) }
        let hint =
            name == APIDraft.iamName
            ? "; set 'EnableIamAuthorizer' in its 'Auth'" : didYouMean(name, among: known + [APIDraft.noneName])
        return Diagnostic(
            .authorizerUnknown,
            "the API '\(draft.id)' has no authorizer '\(name)'\(hint)",
            at: property.span
        )
    }

    fileprivate static func authorizerName(_ property: Property) -> Diagnostic {
        Diagnostic(.authorizerName, "'none' cannot be the name of an authorizer", at: property.nameSpan)
    }

    fileprivate static func authorizerUnsupported(
        _ property: Property,
        _ reason: String,
        of draft: APIDraft
    ) -> Diagnostic {
        let cause = reason.isEmpty ? "" : ": \(reason)"
        return Diagnostic(
            .authorizerUnsupported,
            "the authorizer '\(property.name)' of '\(draft.id)' cannot be used\(cause); its routes are refused",
            at: property.nameSpan
        )
    }
}
