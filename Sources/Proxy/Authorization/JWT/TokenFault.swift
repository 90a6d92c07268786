// What can be wrong with a token.

/// Why a token lets nobody in.
enum TokenFault: Error, Hashable, Sendable, CaseIterable {
    /// There is none.
    case missing
    /// It is no signed JWT of JSON objects.
    case malformed
    /// It is signed in a way that is not accepted, or not at all.
    case algorithm
    /// Its issuer has no key of that id.
    case unknownKey
    /// The issuer's keys cannot be had.
    case keysUnavailable
    case signature
    case issuer
    case audience
    /// It is over, or does not say when it will be.
    case expired
    case notYetValid
    case issuedInFuture
    /// It is an access token where an ID token is needed, or the other way around.
    case use
    /// It has none of the scopes that the route needs.
    case scope

    /// The words of `error_description`. Only those about the audience are documented.
    var description: StaticString {
        switch self {
        case .missing: "the request has no token"
        case .malformed: "unable to decode the token"
        case .algorithm: "signing method is invalid"
        case .unknownKey: "kid not found"
        case .keysUnavailable: "OIDC discovery endpoint communication error"
        case .signature: "signature is invalid"
        case .issuer: "the token does not have a valid issuer"
        case .audience: "the token does not have a valid audience"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .issuedInFuture: "the token is used before it was issued"
        case .use: "the token does not have a valid use"
        case .scope: "the token does not have any of the required scopes"
        }
    }

    /// Why, for log and metrics.
    var detail: StaticString {
        switch self {
        case .missing: "token_missing"
        case .malformed: "token_malformed"
        case .algorithm: "token_algorithm_refused"
        case .unknownKey: "token_key_unknown"
        case .keysUnavailable: "token_keys_unavailable"
        case .signature: "token_signature_invalid"
        case .issuer: "token_issuer_wrong"
        case .audience: "token_audience_wrong"
        case .expired: "token_expired"
        case .notYetValid: "token_not_yet_valid"
        case .issuedInFuture: "token_issued_in_future"
        case .use: "token_use_wrong"
        case .scope: "token_scope_insufficient"
        }
    }
}
