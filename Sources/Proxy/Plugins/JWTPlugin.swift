// JWT authorizers of HTTP APIs.

internal import JSON
internal import Manifest
internal import NIOCore

/// Lets in whoever has a token that the authorizer's issuer has signed for one of its audiences (developer guide,
/// "Control access to HTTP APIs with JWT authorizers").
struct JWTPlugin: GuardPlugin {
    static let name = "jwt"

    private let settings: TokenSettings
    private let verifier: TokenVerifier
    fileprivate var access: Access?

    /// What a route asks for, made ready.
    fileprivate struct Access: Sendable {
        let source: ParameterSource
        let rules: PreparedRules
        /// The route's scopes, as challenges name them.
        let scopes: String
    }

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        self.settings = try TokenSettings(settings, member: "issuers", namesIssuers: false)
        verifier = self.settings.makeVerifier(services)
    }

    var checks: GuardedCheck { .authorization }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.api.kind == .http, let authorizer = scope.authorizer?.authorizer, authorizer.kind == .jwt,
            let route = scope.route
        else { return nil }
        // A route whose authorizer cannot be honoured is not taken on, which closes it.
        guard let issuer = authorizer.issuer, authorizer.identitySources.count <= 1,
            let source = ParameterSource(
                http: authorizer.identitySources.first ?? "$request.header.Authorization",
                key: route.key
            ), source.isFieldOrQuery
        else {
            scope.warnOfClosedRoute(
                "its authorizer names no issuer, or no single field or parameter that has the token"
            )
            return nil
        }
        let setting = settings.issuers[issuer]?.source
        guard let keys = setting ?? (KeySource.isAddress(issuer) ? .discovery(issuer: issuer) : nil) else {
            scope.warnOfClosedRoute("'\(issuer)' is no address that keys can be fetched from")
            return nil
        }
        let rules = TokenRules(
            product: .jwt,
            issuers: [issuer],
            audiences: authorizer.audiences,
            scopes: route.route.scopes
        )
        var copy = self
        copy.access = Access(
            source: source,
            // No time is documented for which a token is remembered; it is as long as for the keys.
            rules: verifier.prepare(rules, sources: [issuer: keys], cacheSeconds: 7200),
            scopes: route.route.scopes.joined(separator: " ")
        )
        return copy
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict { verdict(exchange, mayWait: true) }

    private func verdict(_ exchange: Exchange, mayWait: Bool) -> Verdict {
        guard let access else { return .refuse(.unauthorized(.http, detail: TokenFault.missing.detail)) }
        guard let token = PreparedRules.token(access.source.value(exchange)) else {
            return .refuse(access.error(.missing))
        }
        let loop = exchange.loop.eventLoop
        switch verifier.verify(token, by: access.rules, now: exchange.startTime, mayWait: mayWait, on: loop) {
        case .accepted(let context):
            exchange.authorizer = context
            return .proceed
        case .refused(let fault): return .refuse(access.error(fault))
        case .waits(let future):
            let bound = NIOLoopBound(exchange, eventLoop: loop)
            return .wait(future.map { verdict(bound.value, mayWait: false) })
        }
    }
}

extension JWTPlugin.Access {
    /// What a client gets for a token that lets nobody in, with the challenge of RFC 6750 section 3 as API Gateway
    /// spells it: without commas.
    fileprivate func error(_ fault: TokenFault) -> GatewayError {
        var error: GatewayError
        switch fault {
        case .missing: error = .unauthorized(.http, detail: fault.detail, challenge: "Bearer")
        case .scope: error = .forbidden(detail: fault.detail, challenge: challenge("insufficient_scope", fault))
        default: error = .unauthorized(.http, detail: fault.detail, challenge: challenge("invalid_token", fault))
        }
        error.hasContentType = false
        return error
    }

    private func challenge(_ error: StaticString, _ fault: TokenFault) -> String {
        #"Bearer scope="\#(scopes)" error="\#(error)" error_description="\#(fault.description)""#
    }
}

extension ParameterSource {
    /// Whether it is a field or a parameter of the query: where tokens may stand.
    fileprivate var isFieldOrQuery: Bool {
        switch self {
        case .header, .query: true
        default: false
        }
    }
}
