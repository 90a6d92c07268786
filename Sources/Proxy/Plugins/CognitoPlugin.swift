// Cognito authorizers of REST APIs.

internal import JSON
internal import Manifest
internal import NIOCore

/// Lets in whoever has a token of one of the authorizer's user pools: an ID token, or an access token where the route
/// asks for scopes (developer guide, "Control access to REST APIs using Amazon Cognito user pools as an authorizer").
struct CognitoPlugin: GuardPlugin {
    static let name = "cognito"

    private let settings: TokenSettings
    private let verifier: TokenVerifier
    private var source: ParameterSource?
    private var rules: PreparedRules?

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        self.settings = try TokenSettings(settings, member: "userPools", namesIssuers: true)
        verifier = self.settings.makeVerifier(services)
    }

    var checks: GuardedCheck { .authorization }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.api.kind == .rest, let authorizer = scope.authorizer?.authorizer, authorizer.kind == .cognito,
            let route = scope.route
        else { return nil }
        // A route whose authorizer cannot be honoured is not taken on, which closes it.
        guard authorizer.identitySources.count <= 1,
            let source = ParameterSource(
                rest: authorizer.identitySources.first ?? "method.request.header.Authorization",
                key: route.key
            ), case .header = source
        else {
            scope.warnOfClosedRoute("its authorizer names no single field that has the token")
            return nil
        }
        var pattern: TokenRules.AudiencePattern?
        if let expression = authorizer.validationExpression {
            do throws(LinearPattern.Failure) { pattern = try TokenRules.AudiencePattern(expression) } catch {
                scope.warnOfClosedRoute("the validation expression of its authorizer cannot be used: \(error)")
                return nil
            }
        }
        var sources: [String: KeySource] = [:]
        for pool in authorizer.userPools {
            guard let (issuer, keys) = issuer(of: pool) else {
                scope.warnOfClosedRoute(
                    "nothing says who issues the tokens of the user pool '\(pool)', or where its keys are"
                )
                return nil
            }
            sources[issuer] = keys
        }
        let rules = TokenRules(
            product: .cognito,
            issuers: sources.keys.sorted(),
            scopes: route.route.scopes,
            audiencePattern: pattern
        )
        var copy = self
        copy.source = source
        copy.rules = verifier.prepare(rules, sources: sources, cacheSeconds: authorizer.cacheSeconds ?? 300)
        return copy
    }

    /// The issuer of a user pool and where its keys are; nil for a pool of which neither is known.
    private func issuer(of pool: String) -> (String, KeySource)? {
        let setting = settings.issuers[pool]
        guard let issuer = setting?.issuer ?? Self.issuer(ofARN: pool) else { return nil }
        if let source = setting?.source { return (issuer, source) }
        guard KeySource.isAddress(issuer) else { return nil }
        return (issuer, .url("\(issuer)/.well-known/jwks.json"))
    }

    /// `https://cognito-idp.REGION.amazonaws.com/POOL` for `arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL`.
    private static func issuer(ofARN text: String) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "cognito-idp", !parts[3].isEmpty,
            let pool = String(parts[5]).suffix(after: "userpool/"),
            "\(parts[3])\(pool)".utf8.allSatisfy(isNameCharacter)
        else { return nil }
        let domain = parts[1] == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
        return "https://cognito-idp.\(parts[3]).\(domain)/\(pool)"
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict { verdict(exchange, mayWait: true) }

    private func verdict(_ exchange: Exchange, mayWait: Bool) -> Verdict {
        guard let source, let rules, let token = PreparedRules.token(source.value(exchange)) else {
            return .refuse(.unauthorized(.rest, detail: TokenFault.missing.detail))
        }
        let loop = exchange.loop.eventLoop
        switch verifier.verify(token, by: rules, now: exchange.startTime, mayWait: mayWait, on: loop) {
        case .accepted(let context):
            // Together with a resource policy it takes both: the policy has to allow it too (developer guide, "How API
            // Gateway resource policies affect authorization workflow").
            if let decision = exchange.resourcePolicyDecision, decision != .allow {
                return .refuse(.policyDenied(decision, exchange, detail: "resource_policy_denied"))
            }
            exchange.authorizer = context
            return .proceed
        case .refused(.expired): return .refuse(.expiredToken)
        case .refused(let fault): return .refuse(.unauthorized(.rest, detail: fault.detail))
        case .waits(let future):
            let bound = NIOLoopBound(exchange, eventLoop: loop)
            return .wait(future.map { verdict(bound.value, mayWait: false) })
        }
    }
}

extension GatewayError {
    /// A token of a user pool is over. The documented status is 403, the observed one 401.
    fileprivate static var expiredToken: GatewayError {
        GatewayError(
            type: .expiredToken,
            status: 401,
            message: "The incoming token has expired",
            errorType: "UnauthorizedException",
            detail: TokenFault.expired.detail
        )
    }
}
