// Who may call a route that stands in a resource, and the authorizers that stand in resources.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::ApiGateway::Authorizer` or `AWS::ApiGatewayV2::Authorizer`.
    mutating func lowerAuthorizer(_ resource: ResolvedTemplate.Served) {
        let isVersion2 = resource.kind == .authorizer
        guard let properties = properties(of: resource),
            let id = properties.required(isVersion2 ? "ApiId" : "RestApiId", into: &diagnostics)
                .flatMap({ api($0, isVersion2: isVersion2) }),
            var draft = apis[id]
        else { return }
        let chosen = properties["Name"]?.text(unknown: .settingUnknown, into: &diagnostics) ?? resource.id
        let property = Property(
            // Names are unique in an API; where one is not, the template cannot be deployed anyway.
            name: draft.api.authorizers[chosen] == nil ? chosen : resource.id,
            owner: "'\(id)'",
            nameSpan: resource.idSpan,
            value: resource.properties
        )
        guard declare(property, in: &draft) else { return }
        index.authorizers[resource.id] = (id, property.name)
        var parts = AuthorizerParts(property: property)
        parts.type = properties.required(isVersion2 ? "AuthorizerType" : "Type", into: &diagnostics)
        parts.uri = properties["AuthorizerUri"]
        parts.identitySource = properties["IdentitySource"]
        parts.validation = properties["IdentityValidationExpression"]
        parts.cacheSeconds = properties["AuthorizerResultTtlInSeconds"]
        parts.payload = properties["AuthorizerPayloadFormatVersion"]
        parts.simpleResponses = properties["EnableSimpleResponses"]
        parts.userPools = properties["ProviderARNs"]
        parts.jwt = properties["JwtConfiguration"]
        if parts.type != nil { draft.api.authorizers[property.name] = lower(parts, of: draft) }
        apis[id] = draft
    }

    /// The authorizer and the scopes of a method or route; where they cannot be known it is refused, never open.
    mutating func plainAuth(
        of resource: ResolvedTemplate.Served,
        _ properties: Properties,
        of draft: inout APIDraft
    ) -> LoweredAuth {
        let authorizer = properties["AuthorizerId"].flatMap { $0.value.content == .null ? nil : $0 }
        var type = "NONE"
        if let property = properties["AuthorizationType"] {
            guard let text = property.text(unknown: .authorizationUnknown, into: &diagnostics) else {
                return refused(resource, property, of: &draft)
            }
            type = text.uppercased()
        }
        let scopes = properties["AuthorizationScopes"]?.texts(into: &diagnostics) ?? []
        switch type {
        case "NONE":
            guard let authorizer else { return LoweredAuth(auth: .none) }
            diagnostics.emit(.authorizationType(authorizer, "has no effect without an 'AuthorizationType'"))
            return refused(resource, authorizer, of: &draft)
        case "AWS_IAM": return LoweredAuth(auth: draft.use(APIDraft.iamName), scopes: scopes)
        case "CUSTOM", "COGNITO_USER_POOLS", "JWT":
            guard let authorizer else {
                let property = properties["AuthorizationType"]
                if let property { diagnostics.emit(.authorizationType(property, "needs an 'AuthorizerId'")) }
                return refused(resource, property, of: &draft)
            }
            guard let name = authorizerName(authorizer, of: draft) else {
                return refused(resource, authorizer, of: &draft)
            }
            return LoweredAuth(auth: .authorizer(name), scopes: scopes)
        default:
            let property = properties["AuthorizationType"]
            let known = ["AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM", "JWT", "NONE"]
            let problem = "is none of AWS's: '\(type)'\(didYouMean(type, among: known))"
            if let property { diagnostics.emit(.authorizationType(property, problem)) }
            return refused(resource, property, of: &draft)
        }
    }

    /// The name of the authorizer that a property names; nil where it cannot be known, which is reported.
    private mutating func authorizerName(_ property: Property, of draft: APIDraft) -> String? {
        guard let id = property.text(unknown: .authorizationUnknown, into: &diagnostics) else { return nil }
        if let (api, name) = index.authorizers[id] {
            if api == draft.id { return name }
            diagnostics.emit(.authorizationType(property, "names an authorizer of '\(api)', not of '\(draft.id)'"))
            return nil
        }
        // What is wrong with it has been said already.
        if let kind = resources[id]?.kind, kind == .authorizer || kind == .restAuthorizer { return nil }
        let known = index.authorizers.filter { $0.value.api == draft.id }.map(\.key).sorted()
        if property.value.standIn != nil || resources[id] != nil {
            reportDangling(id, property, "authorizer", known: known)
        } else {
            // The id of one that was made elsewhere, perhaps by hand.
            diagnostics.emit(.authorizerElsewhere(id, property, known: known))
        }
        return nil
    }

    /// An authorizer that lets nobody in, in the place of one that is not known.
    private mutating func refused(
        _ resource: ResolvedTemplate.Served,
        _ property: Property?,
        of draft: inout APIDraft
    ) -> LoweredAuth {
        let name = "\(resource.id)Authorizer"
        draft.api.authorizers[name] = Authorizer(kind: .unsupported)
        draft.authorizerSpans[name] = property?.nameSpan ?? resource.idSpan
        return LoweredAuth(auth: .authorizer(name))
    }
}

extension DiagnosticCode {
    static let authorizationType = DiagnosticCode(
        "authorization-type",
        .error,
        """
        `AuthorizationType` of a method or route is `NONE`, `AWS_IAM`, or, together with an `AuthorizerId` of the same \
        API, `CUSTOM` for a Lambda authorizer, `COGNITO_USER_POOLS` (REST) or `JWT` (HTTP).
        """
    )
    static let authorizationUnknown = DiagnosticCode(
        "authorization-unknown",
        .warning,
        """
        The authorizer of a method or route, or its type, is known only once the stack is deployed. The route is not \
        opened by that: the proxy refuses requests to it. Give the parameter a value with `--parameter-overrides`.
        """
    )
}

extension Diagnostic {
    fileprivate static func authorizerElsewhere(_ id: String, _ property: Property, known: [String]) -> Diagnostic {
        Diagnostic(
            .authorizationUnknown,
            "\(property.words) names no authorizer of the template: '\(id)'\(didYouMean(id, among: known)); the route is refused",
            at: property.span
        )
    }

    fileprivate static func authorizationType(_ property: Property, _ problem: String) -> Diagnostic {
        Diagnostic(.authorizationType, "\(property.words) \(problem)", at: property.span)
    }
}
