// `Auth` of SAM's APIs: authorizers, the default one, and settings that protect.

internal import Diagnostics
internal import Manifest

extension Lowering {
    mutating func lowerAuth(_ properties: Properties, into draft: inout APIDraft) {
        guard let auth = properties["Auth"], auth.value.content != .null else { return }
        let names = draft.kind == .rest ? PropertyNames.restAuth : PropertyNames.httpAuth
        guard let settings = auth.properties(names, severity: .error, into: &diagnostics) else {
            return draft.refuseByDefault()
        }
        checkLiteral(auth)
        if let enabled = settings["EnableIamAuthorizer"]?.boolean(into: &diagnostics) { draft.isIAMEnabled = enabled }
        if let property = settings["Authorizers"], property.value.content != .null,
            let authorizers = property.properties(into: &diagnostics)
        {
            checkLiteral(property)
            for authorizer in authorizers.all { lowerAuthorizer(authorizer, into: &draft) }
        }
        if let property = settings["DefaultAuthorizer"], property.value.content != .null {
            lowerDefaultAuthorizer(property, into: &draft)
        }
        guard draft.kind == .rest else { return }
        if let guards = settings["AddDefaultAuthorizerToCorsPreflight"]?.boolean(into: &diagnostics) {
            draft.guardsPreflight = guards
        }
        if let property = settings["ApiKeyRequired"], property.boolean(into: &diagnostics) == true {
            draft.isKeyRequired = true
        }
        if let requires = settings["AddApiKeyRequiredToCorsPreflight"]?.boolean(into: &diagnostics) {
            draft.requiresPreflightKey = requires
        }
        if let policy = settings["ResourcePolicy"] { lowerResourcePolicy(policy, into: &draft) }
        if let plan = settings["UsagePlan"] { lowerUsagePlan(plan, of: draft) }
    }

    private mutating func lowerDefaultAuthorizer(_ property: Property, into draft: inout APIDraft) {
        guard let name = property.text(into: &diagnostics) else { return draft.refuseByDefault() }
        checkLiteral(property, besides: draft.kind == .rest ? ["Ref"] : [])
        guard name != APIDraft.noneName else { return }
        guard draft.knows(name) else {
            diagnostics.emit(.authorizerUnknown(name, property, of: draft))
            return draft.refuseByDefault()
        }
        draft.defaultAuthorizer = name
        _ = draft.use(name)
    }

    private mutating func lowerAuthorizer(_ property: Property, into draft: inout APIDraft) {
        guard declare(property, in: &draft) else { return }
        guard let settings = property.properties(into: &diagnostics) else { return }
        if draft.kind == .http { checkLiteral(property) }
        if let scopes = settings["AuthorizationScopes"]?.texts(into: &diagnostics) {
            draft.authorizerScopes[property.name] = scopes
        }
        var parts = AuthorizerParts(property: property)
        parts.uri = settings["FunctionArn"]
        parts.userPools = settings["UserPoolArn"]
        parts.jwt = settings["JwtConfiguration"]
        parts.payload = settings["AuthorizerPayloadFormatVersion"]
        parts.simpleResponses = settings["EnableSimpleResponses"]
        parts.identitySource = settings["IdentitySource"]
        guard readIdentity(settings["Identity"], into: &parts, isREST: draft.kind == .rest) else { return }
        guard
            let word = draft.kind == .rest ? restType(settings, parts, of: draft) : httpType(settings, parts, of: draft)
        else { return }
        parts.typeWord = word
        draft.api.authorizers[property.name] = lower(parts, of: draft)
    }

    /// The type of a REST API's authorizer; nil where it has none, which is reported.
    private mutating func restType(_ settings: Properties, _ parts: AuthorizerParts, of draft: APIDraft) -> String? {
        if parts.userPools != nil { return "COGNITO_USER_POOLS" }
        guard parts.uri != nil else {
            let reason = "it has no 'FunctionArn' or 'UserPoolArn'"
            diagnostics.emit(.authorizerUnsupported(parts.property, reason, of: draft))
            return nil
        }
        guard let property = settings["FunctionPayloadType"] else { return "TOKEN" }
        guard let type = property.choice(LambdaInput.self, unknown: .valueUnknown, into: &diagnostics) else {
            return nil
        }
        if type == .request, parts.identitySources.isEmpty, parts.cacheSeconds?.value.text != "0" {
            let places = "'Headers', 'QueryStrings', 'StageVariables' or 'Context'"
            diagnostics.emit(.authorizerIncomplete(parts.property, "needs an 'Identity' with \(places)"))
        }
        return type.rawValue
    }

    /// The type of an HTTP API's authorizer; nil where it has none, which is reported.
    private mutating func httpType(_ settings: Properties, _ parts: AuthorizerParts, of draft: APIDraft) -> String? {
        let foreign: [String]
        if parts.jwt != nil {
            foreign = [
                "AuthorizerPayloadFormatVersion", "EnableSimpleResponses", "FunctionArn", "FunctionInvokeRole",
                "Identity",
            ]
            if parts.identitySource == nil {
                diagnostics.emit(.authorizerIncomplete(parts.property, "needs an 'IdentitySource'"))
            }
        } else {
            foreign = ["AuthorizationScopes", "IdentitySource"]
            guard parts.uri != nil else {
                let reason = "it has no 'FunctionArn' or 'JwtConfiguration'"
                diagnostics.emit(.authorizerUnsupported(parts.property, reason, of: draft))
                return nil
            }
        }
        for name in foreign where settings[name] != nil {
            let kind = parts.jwt != nil ? "JWT" : "Lambda"
            diagnostics.emit(.authorizerIncomplete(parts.property, "is a \(kind) authorizer, which has no '\(name)'"))
        }
        return parts.jwt != nil ? "JWT" : "REQUEST"
    }

    /// `Identity`: where the identity stands, and how long an answer is kept.
    ///
    /// - Returns: false where it is no mapping, which is reported.
    private mutating func readIdentity(_ property: Property?, into parts: inout AuthorizerParts, isREST: Bool) -> Bool {
        guard let property, property.value.content != .null else { return true }
        guard let identity = property.properties(into: &diagnostics) else { return false }
        parts.header = identity["Header"]?.text(into: &diagnostics)
        parts.validation = identity["ValidationExpression"]
        parts.cacheSeconds = identity["ReauthorizeEvery"]
        let places =
            isREST
            ? [
                ("Headers", "method.request.header."), ("QueryStrings", "method.request.querystring."),
                ("StageVariables", "stageVariables."), ("Context", "context."),
            ]
            : [
                ("Headers", "$request.header."), ("QueryStrings", "$request.querystring."),
                ("StageVariables", "$stageVariables."), ("Context", "$context."),
            ]
        for (name, prefix) in places {
            guard let names = identity[name], names.value.content != .null else { continue }
            guard let texts = names.texts(into: &diagnostics) else { return false }
            parts.identitySources += texts.map { prefix + $0 }
        }
        return true
    }
}

/// What `FunctionPayloadType` may be.
private enum LambdaInput: String, CaseIterable {
    case token = "TOKEN"
    case request = "REQUEST"
}
