// What a token must say, as the two kinds of authorizers ask it.

internal import JSON

/// What an authorizer demands of a token, together with the scopes of a route.
struct TokenRules: Hashable, Sendable {
    /// Which kind of authorizer asks.
    enum Product: Hashable, Sendable {
        /// A JWT authorizer of an HTTP API.
        case jwt
        /// A Cognito authorizer of a REST API.
        case cognito
    }

    let product: Product
    /// Who may have issued it: the exact texts.
    var issuers: [String]
    /// For whom it may be; a Cognito authorizer takes all clients of its pools.
    var audiences: [String] = []
    /// Of these it must have one; none for a route that names none.
    var scopes: [String] = []
    /// What its audience must match as a whole (`cognito`).
    var audiencePattern: AudiencePattern?

    /// An expression together with its text, by which it is told from others.
    struct AudiencePattern: Hashable, Sendable {
        let text: String
        let pattern: LinearPattern

        /// - Throws: `LinearPattern.Failure` for what is no expression.
        init(_ text: String) throws(LinearPattern.Failure) {
            self.text = text
            pattern = try LinearPattern(text)
        }

        static func == (left: Self, right: Self) -> Bool { left.text == right.text }
        func hash(into hasher: inout Hasher) { hasher.combine(text) }
    }

    /// Checks the claims of a token whose signature is good.
    ///
    /// - Parameters:
    ///   - claims: those of the token.
    ///   - now: seconds since 1970. No difference between clocks is made up for: none is documented.
    /// - Throws: `TokenFault` that says what is wrong.
    func check(_ claims: TokenClaims, now: Double) throws(TokenFault) {
        try checkIssuer(claims)
        switch product {
        case .jwt:
            // `client_id` counts only where there is no audience.
            let audiences = claims.object["aud"] == nil ? claims["client_id"].map { [$0] } ?? [] : claims.texts("aud")
            guard audiences.contains(where: self.audiences.contains) else { throw .audience }
        case .cognito:
            guard claims["token_use"] == (scopes.isEmpty ? "id" : "access") else { throw .use }
            try checkExpression(claims)
        }
        guard let expiry = claims.moment("exp"), expiry > now else { throw .expired }
        guard claims.hasCome("nbf", now: now) else { throw .notYetValid }
        guard claims.hasCome("iat", now: now) else { throw .issuedInFuture }
        guard scopes.isEmpty || claims.scopes.contains(where: scopes.contains) else { throw .scope }
    }

    /// Checks who has issued a token, before any key is looked for.
    ///
    /// - Throws: `TokenFault.issuer` where it is somebody else.
    func checkIssuer(_ claims: TokenClaims) throws(TokenFault) {
        guard let issuer = claims["iss"], issuers.contains(issuer) else { throw .issuer }
    }

    /// `identityValidationExpression` is matched against the audience (API reference, `CreateAuthorizer`); an access
    /// token has its client in `client_id`.
    private func checkExpression(_ claims: TokenClaims) throws(TokenFault) {
        guard let audiencePattern else { return }
        guard let audience = claims["aud"] ?? claims["client_id"], audience.utf8.count <= 1024,
            audiencePattern.pattern.matchesWhole(audience)
        else { throw .audience }
    }
}
