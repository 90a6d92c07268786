// Authorizers: how they decide, from the settings that say so.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Makes room for an authorizer: whatever is wrong with it, it exists, so that routes that name it are not open.
    ///
    /// - Returns: false for a name that no authorizer can have, which is reported.
    mutating func declare(_ authorizer: Property, in draft: inout APIDraft) -> Bool {
        guard authorizer.name != "none" else {
            diagnostics.emit(.authorizerName(authorizer))
            return false
        }
        draft.api.authorizers[authorizer.name] = Authorizer(kind: .unsupported)
        draft.authorizerSpans[authorizer.name] = authorizer.nameSpan
        return true
    }

    /// Lowers an authorizer; one that cannot be told from the template is of the kind `unsupported`.
    mutating func lower(_ parts: AuthorizerParts, of draft: APIDraft) -> Authorizer {
        let word = parts.typeWord ?? parts.type?.text(into: &diagnostics)
        switch word?.uppercased() {
        case "TOKEN"? where draft.kind == .rest: return lambda(parts, input: .token, of: draft)
        case "REQUEST"?: return lambda(parts, input: draft.kind == .rest ? .request : nil, of: draft)
        case "COGNITO_USER_POOLS"? where draft.kind == .rest: return cognito(parts, of: draft)
        case "JWT"? where draft.kind == .http: return jwt(parts, of: draft)
        case let word?:
            let known = draft.kind == .rest ? "'token', 'request', 'cognito_user_pools'" : "'request', 'jwt'"
            let reason = "the type '\(word)' is none of \(known)"
            diagnostics.emit(.authorizerUnsupported(parts.property, reason, of: draft))
        case nil:
            diagnostics.emit(.authorizerUnsupported(parts.property, "it has no type", of: draft))
        }
        return Authorizer(kind: .unsupported)
    }

    private mutating func lambda(
        _ parts: AuthorizerParts,
        input: Authorizer.Input?,
        of draft: APIDraft
    ) -> Authorizer {
        let unsupported = Authorizer(kind: .unsupported)
        guard let uri = parts.uri else {
            diagnostics.emit(.authorizerUnsupported(parts.property, "it names no function", of: draft))
            return unsupported
        }
        guard isKnown(uri.value, for: parts, of: draft), let text = uri.text(into: &diagnostics),
            let function = function(ofURI: text, uri, of: draft)
        else { return unsupported }
        var authorizer = Authorizer(kind: .lambda)
        authorizer.function = function
        authorizer.input = input
        authorizer.identitySources = identitySources(parts, isToken: input == .token)
        if input == .token {
            authorizer.validationExpression = parts.validation?.text(unknown: .settingUnknown, into: &diagnostics)
        }
        authorizer.cacheSeconds = parts.cacheSeconds?.integer(in: 0...3600, into: &diagnostics)
        if draft.kind == .http {
            guard let payload = authorizerPayload(parts) else { return unsupported }
            authorizer.payload = payload
            authorizer.hasSimpleResponses = parts.simpleResponses?.boolean(into: &diagnostics) ?? false
            if authorizer.hasSimpleResponses, payload == .v1, let property = parts.simpleResponses {
                diagnostics.emit(.simpleResponses(property))
            }
        }
        return authorizer
    }

    /// The payload format; a number will do here, as the translator passes it on and API Gateway takes it.
    private mutating func authorizerPayload(_ parts: AuthorizerParts) -> PayloadFormat? {
        guard let property = parts.payload else {
            diagnostics.emit(.authorizerPayload(parts.property))
            return nil
        }
        guard let text = property.text(into: &diagnostics) else { return nil }
        let format = PayloadFormat(rawValue: text) ?? (text == "2" ? .v2 : text == "1" ? .v1 : nil)
        if format == nil { diagnostics.emit(.payloadFormat(text, property)) }
        return format
    }

    private mutating func identitySources(_ parts: AuthorizerParts, isToken: Bool) -> [String] {
        var sources = parts.identitySources
        if let property = parts.identitySource {
            if property.value.list != nil {
                sources += property.texts(unknown: .settingUnknown, into: &diagnostics) ?? []
            } else if let text = property.text(unknown: .settingUnknown, into: &diagnostics) {
                sources += text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
            }
        }
        if sources.isEmpty, isToken { sources = ["method.request.header.\(parts.header ?? "Authorization")"] }
        return sources
    }

    private mutating func cognito(_ parts: AuthorizerParts, of draft: APIDraft) -> Authorizer {
        var authorizer = Authorizer(kind: .cognito)
        authorizer.identitySources = identitySources(parts, isToken: true)
        authorizer.validationExpression = parts.validation?.text(unknown: .settingUnknown, into: &diagnostics)
        authorizer.cacheSeconds = parts.cacheSeconds?.integer(in: 0...3600, into: &diagnostics)
        guard let property = parts.userPools else {
            diagnostics.emit(.authorizerUnsupported(parts.property, "it names no user pool", of: draft))
            return Authorizer(kind: .unsupported)
        }
        for pool in property.value.list ?? [property.value] {
            // A pool of the same template has no ARN yet: its logical id tells which one it is.
            if let id = pool.standIn {
                authorizer.userPools.append(id)
            } else {
                let element = Property(name: property.name, owner: property.owner, nameSpan: pool.span, value: pool)
                guard isKnown(pool, for: parts, of: draft), let text = element.text(into: &diagnostics) else {
                    return Authorizer(kind: .unsupported)
                }
                authorizer.userPools.append(text)
            }
        }
        return authorizer
    }

    private mutating func jwt(_ parts: AuthorizerParts, of draft: APIDraft) -> Authorizer {
        let unsupported = Authorizer(kind: .unsupported)
        guard let settings = parts.jwt?.properties(into: &diagnostics) else {
            diagnostics.emit(.authorizerUnsupported(parts.property, "it has no 'jwtConfiguration'", of: draft))
            return unsupported
        }
        let issuer = settings["issuer"] ?? settings["Issuer"]
        let audience = settings["audience"] ?? settings["Audience"]
        for value in [issuer?.value, audience?.value] {
            for part in [value].compactMap({ $0 }) + (value?.list ?? []) {
                guard isKnown(part, for: parts, of: draft) else { return unsupported }
            }
        }
        guard let issuer else {
            _ = settings.required("issuer", into: &diagnostics)
            return unsupported
        }
        for property in [issuer, audience].compactMap({ $0 }) {
            let standIns = [property.value.standIn] + (property.value.list ?? []).map(\.standIn)
            if let id = standIns.lazy.compactMap({ $0 }).first { diagnostics.emit(.authorizerStandIn(property, id)) }
        }
        var authorizer = Authorizer(kind: .jwt)
        authorizer.issuer = issuer.text(into: &diagnostics)
        if let audience {
            authorizer.audiences =
                audience.value.text == nil
                ? audience.texts(into: &diagnostics) ?? [] : audience.text(into: &diagnostics).map { [$0] } ?? []
        }
        let sources = identitySources(parts, isToken: false)
        if sources != ["$request.header.Authorization"] { authorizer.identitySources = sources }
        return authorizer
    }

    /// Whether a value that the authorizer decides by is known; what is not is reported.
    private mutating func isKnown(_ value: Value, for parts: AuthorizerParts, of draft: APIDraft) -> Bool {
        guard let reason = value.unknownReason else { return true }
        if let pending = value.pending { diagnostics.emit(pending) }
        diagnostics.emit(.authorizerUnsupported(parts.property, reason, of: draft))
        return false
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
    static let authorizerStandIn = DiagnosticCode(
        "authorizer-stand-in",
        .warning,
        """
        The issuer or the audience of a JWT authorizer is made of the id of a user pool or client of the same template, \
        which exists only once it is deployed. The logical id stands in for it, so no real token is accepted. Take a \
        parameter in its place, and give it the deployed value with `--parameter-overrides Name=Value`.
        """
    )
    static let authorizerIncomplete = DiagnosticCode(
        "authorizer-incomplete",
        .error,
        """
        An authorizer lacks a setting without which it cannot be deployed, or has one that does not go with the others.
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

    static func authorizerUnsupported(
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

    fileprivate static func authorizerStandIn(_ property: Property, _ id: String) -> Diagnostic {
        Diagnostic(
            .authorizerStandIn,
            "\(property.words) needs the deployed id of '\(id)', for which its logical id stands in",
            at: property.span
        )
    }

    static func authorizerIncomplete(_ property: Property, _ problem: String) -> Diagnostic {
        Diagnostic(.authorizerIncomplete, "the authorizer '\(property.name)' \(problem)", at: property.nameSpan)
    }

    fileprivate static func simpleResponses(_ property: Property) -> Diagnostic {
        Diagnostic(
            .authorizerIncomplete,
            "\(property.words) needs the payload format '2.0'",
            at: property.span
        )
    }

    fileprivate static func authorizerPayload(_ property: Property) -> Diagnostic {
        Diagnostic(
            .authorizerIncomplete,
            "the authorizer '\(property.name)' needs 'AuthorizerPayloadFormatVersion', '1.0' or '2.0'",
            at: property.nameSpan
        )
    }
}
