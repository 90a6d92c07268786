// What can be wrong with the signature of a request.

/// Why a request is not taken for one that its sender has signed. Texts are what a REST API tells the client.
enum SignatureError: Error, Hashable, Sendable {
    /// It is not signed at all.
    case missing
    /// The `Authorization` field is there, and is no signature of version 4.
    case incomplete(String)
    /// A part of the signature is not as it has to be.
    case invalid(String)
    /// It is for another region, service or day.
    case scope(String)
    /// It is too old, or from the future.
    case expired(String)
    /// Nobody has this access key, or not with this session token.
    case unknownKey
    /// The session of the access key is over.
    case expiredToken
    /// The signature is not that of the request.
    case mismatch(String)

    /// For log and metrics.
    var detail: StaticString {
        switch self {
        case .missing: "signature_missing"
        case .incomplete: "signature_incomplete"
        case .invalid: "signature_invalid"
        case .scope: "signature_scope"
        case .expired: "signature_expired"
        case .unknownKey: "access_key_unknown"
        case .expiredToken: "session_expired"
        case .mismatch: "signature_mismatch"
        }
    }
}
