// The security schemes of an OpenAPI document, and what the operations make of them.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers one of `securityDefinitions` or `components.securitySchemes`.
    mutating func lowerScheme(_ scheme: Property, _ references: DocumentReferences, into draft: inout APIDraft) {
        guard let target = references.target(of: scheme.value) else {
            diagnostics.emit(.documentReference(scheme.value, scheme))
            return
        }
        let resolved = Property(name: scheme.name, owner: scheme.owner, nameSpan: scheme.nameSpan, value: target)
        guard let settings = resolved.properties(into: &diagnostics) else { return }
        // An authorizer that SAM declares under the same name replaces the scheme.
        guard draft.api.authorizers[scheme.name] == nil else { return }
        guard let extended = settings["x-amazon-apigateway-authorizer"], extended.value.content != .null else {
            let word = settings["x-amazon-apigateway-authtype"]?.value.text?.lowercased()
            if word == "awssigv4" {
                draft.api.authorizers[scheme.name] = Authorizer(kind: .iam)
            } else if settings["type"]?.value.text == "apiKey" {
                draft.keySchemes.insert(scheme.name)
            }
            return
        }
        guard declare(scheme, in: &draft) else { return }
        guard let authorizer = extended.properties(into: &diagnostics) else { return }
        var parts = AuthorizerParts(property: scheme)
        parts.type = authorizer["type"]
        parts.uri = authorizer["authorizerUri"]
        parts.identitySource = authorizer["identitySource"]
        parts.validation = authorizer["identityValidationExpression"]
        parts.cacheSeconds = authorizer["authorizerResultTtlInSeconds"]
        parts.payload = authorizer["authorizerPayloadFormatVersion"]
        parts.simpleResponses = authorizer["enableSimpleResponses"]
        parts.userPools = authorizer["providerARNs"]
        parts.jwt = authorizer["jwtConfiguration"]
        if settings["in"]?.value.text == "header" { parts.header = settings["name"]?.text(into: &diagnostics) }
        draft.api.authorizers[scheme.name] = lower(parts, of: draft)
    }

    /// Who may call an operation: its own `security`, else what the API has for all.
    ///
    /// - Parameters:
    ///   - operation: the operation.
    ///   - key: its route.
    ///   - draft: the API.
    /// - Returns: nil where it cannot be told, which is reported.
    mutating func documentAuth(
        _ operation: Properties,
        key: RouteKey,
        of draft: inout APIDraft
    ) -> LoweredAuth? {
        var names: [(name: String, scopes: [String])] = []
        var isOpen = false
        var isKeyRequired: Bool?
        if let security = operation["security"], security.value.content != .null {
            guard let requirements = security.elements(into: &diagnostics) else { return nil }
            for requirement in requirements {
                guard let schemes = requirement.properties(into: &diagnostics) else { return nil }
                for scheme in schemes.all {
                    switch scheme.name {
                    case APIDraft.noneName: isOpen = true
                    case "api_key_false": isKeyRequired = false
                    case _ where draft.keySchemes.contains(scheme.name) || scheme.name == "api_key":
                        isKeyRequired = true
                        if draft.kind != .rest { diagnostics.emit(.routesRefused(security, of: "'\(key)'")) }
                    default:
                        guard let scopes = scheme.texts(into: &diagnostics) else { return nil }
                        names.append((scheme.name, scopes))
                    }
                }
            }
        }
        if names.isEmpty, operation["x-amazon-apigateway-auth"]?.value["type"]?.text?.uppercased() == APIDraft.iamName {
            names = [(APIDraft.iamName, [])]
        }
        let isKeyed = isKeyRequired ?? inheritsKey(key, of: draft)
        if let first = names.first {
            if !draft.knows(first.name), first.name != APIDraft.iamName {
                draft.api.authorizers[first.name] = Authorizer(kind: .unsupported)
                diagnostics.emit(.schemeUnknown(first.name, operation, of: draft))
            }
            return LoweredAuth(
                auth: draft.use(first.name),
                scopes: first.scopes,
                isKeyRequired: isKeyed,
                saysAuthorizer: true,
                saysKey: isKeyRequired != nil
            )
        }
        guard !isOpen, let inherited = defaultAuthorizer(for: key, of: draft) else {
            return LoweredAuth(
                auth: .none,
                isKeyRequired: isKeyed,
                saysAuthorizer: isOpen,
                saysKey: isKeyRequired != nil
            )
        }
        let scopes = draft.authorizerScopes[inherited] ?? []
        return LoweredAuth(
            auth: draft.use(inherited),
            scopes: scopes,
            isKeyRequired: isKeyed,
            saysKey: isKeyRequired != nil
        )
    }

    /// The authorizer of routes that name none.
    ///
    /// `OPTIONS` of a REST API is excepted on request, that of an HTTP API always, as the translator does
    /// (samtranslator, `set_path_default_authorizer`).
    func defaultAuthorizer(for key: RouteKey, of draft: APIDraft) -> String? {
        guard key.method == .options else { return draft.defaultAuthorizer }
        return draft.kind == .rest && draft.guardsPreflight ? draft.defaultAuthorizer : nil
    }

    /// Whether routes that do not say so need an API key.
    func inheritsKey(_ key: RouteKey, of draft: APIDraft) -> Bool {
        draft.isKeyRequired && (key.method != .options || draft.requiresPreflightKey)
    }
}

extension DiagnosticCode {
    static let schemeUnknown = DiagnosticCode(
        "scheme-unknown",
        .warning,
        """
        An operation asks for a security scheme that is no authorizer: it is not declared, or it has no \
        `x-amazon-apigateway-authorizer`. API Gateway would ignore it and serve the operation to everyone. Here the \
        proxy refuses it.
        """
    )
}

extension Diagnostic {
    fileprivate static func schemeUnknown(_ name: String, _ operation: Properties, of draft: APIDraft) -> Diagnostic {
        let known = draft.api.authorizers.keys.filter { $0 != name }
        return Diagnostic(
            .schemeUnknown,
            "\(operation.owner) asks for '\(name)', which is no authorizer; it is refused\(didYouMean(name, among: known))",
            at: operation["security"]?.span ?? operation.span
        )
    }
}
