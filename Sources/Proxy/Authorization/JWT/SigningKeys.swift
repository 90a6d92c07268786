// The keys that an issuer signs with, ready to check signatures.

internal import Crypto
internal import JSON
internal import JWTKit

/// The RSA keys of a JSON Web Key Set by their ids (RFC 7517 section 5).
struct SigningKeys: Sendable {
    /// Why a text is no key set.
    struct Failure: Error {
        let reason: String
    }

    /// The longest modulus that is taken: 8192 bits in base64url. A longer one would hold an event loop up.
    private static let modulusLimit = 1366

    private let keys: [String: SigningKey]

    /// Reads a key set. Keys that are not for RSA signatures, and keys of less than 2048 bits, are passed over.
    ///
    /// - Throws: `Failure` where the text is no key set.
    init(parsing bytes: [UInt8]) async throws(Failure) {
        let value: JSONValue
        do throws(JSONSyntaxError) { value = try JSONParser.parse(bytes) } catch {
            throw Failure(reason: "the key set is not JSON: \(error)")
        }
        guard let elements = value["keys"]?.array else { throw Failure(reason: "the key set has no list 'keys'") }
        var keys: [String: SigningKey] = [:]
        for element in elements {
            guard let id = element["kid"]?.string, keys[id] == nil, let key = await Self.key(element) else { continue }
            keys[id] = key
        }
        self.keys = keys
    }

    /// The key of an id; nil where there is none.
    subscript(id: String) -> SigningKey? { keys[id] }

    private static func key(_ element: JSONValue) async -> SigningKey? {
        guard element["kty"]?.string == "RSA", let modulus = element["n"]?.string,
            let exponent = element["e"]?.string, modulus.utf8.count <= modulusLimit
        else { return nil }
        if let use = element["use"], use.string != "sig" { return nil }
        if let operations = element["key_ops"], operations.array?.contains("verify") != true { return nil }
        var algorithms = SigningAlgorithm.allCases
        if let name = element["alg"] { algorithms = algorithms.filter { $0.rawValue == name.string } }
        return await SigningKey(modulus: modulus, exponent: exponent, algorithms: algorithms)
    }
}

/// One public key.
struct SigningKey: Sendable {
    private let verifiers: [SigningAlgorithm: any JWTAlgorithm]

    /// - Returns: nil for what is no key, or one that is good for no algorithm.
    fileprivate init?(modulus: String, exponent: String, algorithms: [SigningAlgorithm]) async {
        guard let key = try? Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent) else { return nil }
        // The collection is jwt-kit's way from a key to what checks signatures, and is not needed any more after that.
        var verifiers: [SigningAlgorithm: any JWTAlgorithm] = [:]
        for algorithm in algorithms {
            let collection = JWTKeyCollection()
            await collection.add(rsa: key, digestAlgorithm: algorithm.digest, kid: JWKIdentifier(string: "key"))
            verifiers[algorithm] = try? await collection.getKey(for: JWKIdentifier(string: "key"))
        }
        guard !verifiers.isEmpty else { return nil }
        self.verifiers = verifiers
    }

    /// Whether the key has signed the token, with the algorithm that the token names.
    func hasSigned(_ token: JSONWebToken) -> Bool {
        guard let verifier = verifiers[token.algorithm] else { return false }
        return (try? verifier.verify(token.signature, signs: token.signed)) ?? false
    }
}

extension SigningAlgorithm {
    fileprivate var digest: DigestAlgorithm {
        switch self {
        case .rs256: .sha256
        case .rs384: .sha384
        case .rs512: .sha512
        }
    }
}
