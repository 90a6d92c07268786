// An authorizer of an API as data.

/// Who decides whether a request may pass, and by what.
package struct Authorizer: Hashable, Sendable {
    /// How it decides.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case lambda, jwt, cognito, iam
        /// One that the compiler cannot describe; its routes are refused.
        case unsupported
    }

    /// What a Lambda authorizer of a REST API is given.
    package enum Input: String, CaseIterable, Hashable, Sendable {
        /// One field of the request.
        case token
        /// The request without its body.
        case request
    }

    package var kind: Kind
    /// The logical id of the function that decides (`lambda`).
    package var function: String?
    /// What the function is given (`lambda`, REST).
    package var input: Input?
    /// The format of its event (`lambda`, HTTP).
    package var payload: PayloadFormat?
    /// Whether it answers `isAuthorized` in place of a policy (`lambda`, HTTP, 2.0).
    package var hasSimpleResponses = false
    /// Where the identity stands, in order: `method.request.header.Authorization`, `$request.querystring.key`, …
    ///
    /// A request without one of them is refused at once; together they are the key of the cache.
    package var identitySources: [String] = []
    /// What a token must match before the function is asked (`token`).
    package var validationExpression: String?
    /// How long an answer is kept, in seconds; nil for the product's own default, 0 for not at all.
    package var cacheSeconds: Int?
    /// Who must have issued the token (`jwt`).
    package var issuer: String?
    /// For whom the token must be (`jwt`).
    package var audiences: [String] = []
    /// The user pools that issue the tokens (`cognito`): their ARNs, or logical ids.
    package var userPools: [String] = []

    package init(kind: Kind) { self.kind = kind }
}
