// A token taken apart: nothing in it is believed yet.

internal import JSON

/// How a token is signed. API Gateway takes the RSA family only (developer guide, "Control access to HTTP APIs with JWT
/// authorizers").
enum SigningAlgorithm: String, CaseIterable, Hashable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
}

/// A JSON Web Token in its compact form (RFC 7519; RFC 7515 section 7.1).
struct JSONWebToken: Sendable {
    /// The longest token that is looked at, in bytes: what fits into the fields of a request by default, and more.
    private static let sizeLimit = 16_384

    let algorithm: SigningAlgorithm
    /// The key that it is said to be signed with.
    let keyID: String
    let claims: TokenClaims
    /// What the signature is of.
    let signed: [UInt8]
    let signature: [UInt8]

    /// Takes a token apart. The algorithm is looked at before anything else in it.
    ///
    /// - Throws: `TokenFault` for what is no token, and for one whose header asks for what is not accepted.
    init(_ token: [UInt8]) throws(TokenFault) {
        guard token.count <= Self.sizeLimit else { throw .malformed }
        let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed }
        let header = try Self.object(parts[0])
        guard let name = header["alg"]?.string else { throw .malformed }
        guard let algorithm = SigningAlgorithm(rawValue: name) else { throw .algorithm }
        // Extensions that must be understood are not (RFC 7515 section 4.1.11).
        guard header["crit"] == nil, header["b64"] == nil else { throw .malformed }
        guard let keyID = header["kid"]?.string else { throw .unknownKey }
        guard let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        self.algorithm = algorithm
        self.keyID = keyID
        self.signature = signature
        claims = TokenClaims(object: try Self.object(parts[1]))
        signed = Array(token[..<parts[1].endIndex])
    }

    private static func object(_ part: ArraySlice<UInt8>) throws(TokenFault) -> JSONObject {
        guard let bytes = Base64URL.decode(part), let object = try? JSONParser.parse(bytes).object else {
            throw .malformed
        }
        return object
    }
}

/// What a token says of its bearer (RFC 7519 section 4).
struct TokenClaims: Sendable {
    let object: JSONObject

    subscript(name: String) -> String? { object[name]?.string }

    /// A moment in seconds since 1970; nil where there is none, or where it is no finite number.
    func moment(_ name: String) -> Double? {
        switch object[name] {
        case .integer(let seconds): Double(seconds)
        case .real(let seconds) where seconds.isFinite: seconds
        default: nil
        }
    }

    /// Whether a moment, if the claim is there, has come by `now`; what is no moment never has.
    func hasCome(_ name: String, now: Double) -> Bool {
        object[name] == nil || moment(name).map { $0 <= now } ?? false
    }

    /// Texts in an array, or a single one; none where there are others in it.
    func texts(_ name: String) -> [String] {
        switch object[name] {
        case .string(let text): [text]
        case .array(let elements):
            elements.allSatisfy { $0.string != nil } ? elements.compactMap(\.string) : []
        default: []
        }
    }

    /// The scopes: words of `scope`, or of `scp`.
    var scopes: [String] {
        (texts("scope") + texts("scp")).flatMap { $0.split(separator: " ").map(String.init) }
    }
}
