// Tokens for tests, and the keys that sign them.

import Foundation
import JSON
import JWTKit

/// Whoever signs tokens in a test. The keys were made for tests and are used nowhere else.
struct TestIssuer {
    let key: Insecure.RSA.PrivateKey
    let keyID: String

    static let first = TestIssuer(
        """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDI4RagJRisrguf
        Ik9SpkF6S1AI3xl8GSs8Y35r4vODtwV4yoOS5HxJY3dzJLRd07y1XbGqhvv/w6TT
        J09dZ9dQyqdHjr+FYzflEHhJgV6OuOJx5biQyGI14DJN/4uFKNTkn+AseoJSBE+P
        da+jpziL2ixLUUaOhTVhtKZ3PSoZ1lRL9SnEU5Bxaz4seUyCUiHopapb4NAQ3BeU
        6kGN4h6T01FO763F27KIxdyDXJGlWyYFvNDoEFDd5cLlAvZj4NE2s7u5y+Y1XWe7
        m/7kjg2uCA8yERSonlpThFB7VvB7CrWAtc+fexdM+1YJhlUAsHrirIT/VPjjDURa
        dzivujsdAgMBAAECggEADcmnTiglrKqIiSxnceaP7XcwX9+CRgqLNWql0X1jFfoQ
        sdUCmWk936KoXvqYt6zyEafD6063CrvQux6CW8imFnlGaIqzehIQktQh0XfD9/tY
        LZWlKKjcVtLT2Rcuah4emK+hiSQCgGMj29apzsuKPc0kh6nlNCCQBKwL1fjYhCva
        /VvS+Q740zC/KBc+r1SQ64XUKfDnKNhZ7JfYSG1RWMqxsEpd7vHkQiLz/vHlF0XK
        5qhOj4sKG0fqmecgH5hgr1oaf1UzJZLxKvBrWMkFpS60sUBrtIvIGBiCn2kSIWfV
        ATPF8uZKlJz8HPyNSbqubZEsPSWMlEpeZX39pPl0aQKBgQDkQc8GgH+wCxfAIqC2
        dzaj8kRJ+yriuqAzaXunA5tjLWCyJ5MGW7/5pp6hAlKkT0YeeYIi+6c1iJyTKfcA
        tHpTNHBu+Yw3+JsrJTFdbW5riyZynH6wTwFC5HWZSBwCkSE+7tY1J2B3JNTzEqhM
        gmyf34zGoc/ZUoc4wcGnk7DcyQKBgQDhS2wa7yWtthGR0wSTrWOczZqMFZWU6VWH
        Uo6qdbJ934YLL5xhrkTqCehlJ41rAB/rBiKQrgQjWoU4VaHyfE71Mia9MlDP3tJx
        Sz8QM9kU9PLHBzAxyVhOfOxxWKqoV2Hn/dUCZKBz+IpH7ueUH2Vo64AMULLaSNU5
        8bl4wOqZtQKBgQC1NPlhtAmqfGPyiIsF0EZ0iRRllxxIutgLeKZNxLNLXO7zAC/c
        UGJrkzdDo1BwWO7VqqkBlL795OJIgnww9xZVj7/imgITPS4SZoh2HzYV8nYnbs20
        skPSEwS5F2IFN6opB/rOX+BZNchI4HrzomcR1Ksx1avoX3gyOr++haVW4QKBgEPj
        +4a+TCdltzOvWDC8TklBN/JAytud2NU3jqBVaV0/D2Ctjz1sS34PUEWzPo1g8z1a
        ku3wUnTo4T5Rp8Svqwd+fmgDEpEhf17+otlaFm+XRNWvF9nY59B3GrUpV/v0oR9M
        wXTAKA3qdpkoqAZd06xjUyni45Kd4gtdCVwXHlsFAoGBANSuQfFbXbEHjZunI6ba
        wLqbPlnEdP7nRUcObNrNt3mSnAGtBOlzsa8Gn6Qotr3yDank5/dmDjcCFjHPFuBT
        Q7J1S0UH/TqJpc7emcUm350NdutTcgpSWKFyeLnOaUr2EmjvVEElk3TvgQ1hSgPH
        D4jS7/PAlMku0p5Qt7xsTj/A
        -----END PRIVATE KEY-----
        """,
        "first"
    )
    static let second = TestIssuer(
        """
        -----BEGIN PRIVATE KEY-----
        MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDp0xUCXArZYy50
        /t8UJAiRNEwQfd7afcp+Uer1W6QcfWd3uZpOC7O3SdO8JUMj9gMLKDBqXABZ9rIl
        y61kOjpisqzcZynhL6/4ZZudE83JgXQvROWyb4kjuviEfdajoWlNl8xA/7qSyr3F
        tuNGHer4CqS9+bQO0HQt27P1LDf9jbhf6hUcND58UNV9u+E1YMRDjtVFQyFBBfiG
        zkWXnyMTFGf3sOdlwM/tElWzrm1fe+gEC8bTBvxkdfHRVRt5hHjqO5V6a9kAOukG
        AI97N9nCM6bulXlgsdTZtOuraB58cr6ozyaBld/ZYVqOO84OGU5lGdniIs6cM0eT
        Y+bY7RPBAgMBAAECggEAJJRBgqN8jQKPl3zx0BhNAM5CIghW7y5jmbxd+fFSrKRP
        pfKyuYfqHv/dMF9R8BPB6SJp5JGs+mX1+6Sv5PCZBqy2DyrSaeiIal8W541cEax/
        TQ/FsVLyjNTooO2AwQt0yk83hGmdOe6enoocZvEyO4iKui+QpAqnSi9HKVE4FyGi
        fQpa6UVDixqZSoZUO9+qMmqezOYmzwj7ol/7QFpaMnLtCD9HXZowGRiG+8XKpZPH
        w9c6U3lOe35JE2qqejguhJNqlmhS11JG0ne2oMZRd4YReGSRzuIqT1lOZ1jICdrX
        YKhFoDG5InqbqMzZPqMuQLvbZFCJPA0z3ugXmu1dWwKBgQD+breqxSqFMIA8U/1K
        n1Qzrdh2PY1i8hMAYYot/eyMd2B/9gLyHRFsVdiY+n/0jpD8hZSKeUQOkW0Cs9+9
        mqNg0Rqv1AaAoaatQtpHhdDQJVog5gLA8bI4CnEpB1uS7Cs2ZX198KBABU5GqLIz
        0JmrsAAMusSKrCoHZ+BhooSOowKBgQDrQ9zIm/l1+BnZWBjvGRd2U8wjo77juHaH
        jI/fHGkTqRiIrlxnpbUtTMaZy8bmf3s8NHgBcUeH3ccQDquj/OaxoRoGwGD+ibky
        fhU8rDSnz5/U5pN9TpODwJrMOayaR5vPo2xE1r2VosQiFORaZL1zSt1/MdUOgCyc
        BIMlQRIuSwKBgC5KzrgPb5EUJgDT9z3gh11vv/ajdFoQWUy0coOzs5pLDg+6HwcW
        KtlfNS2ARk+ksNSBKWmYbr2H0CGxwH+q5xbydLyRAy3cO4tCopxoyHlWknNx5gZc
        82Qm4jfo0syEk8gt5wtHAKElVfydLO8ogQ0v1JJ8WM4yTONUDws0mpGpAoGAXYdf
        EImhhNqbPCKf1v38q9foggqo6tL8nCqvT5110JEa5cubhMEF4/pvwdiXPC9WCLs7
        MiecrlDmwGV0qv7xn5BSTnjQlqCd9YrWWoaDcGtEOVlpLRm931UEtUgAbF0nfkaT
        1lIgkIpiusHffmgqQNl0cQqYjuk50tSgZoEV/z0CgYBya4GD0JmsTv6Ywh8uI4hE
        jEEQWSxCf2xufQs72wJrZlwTk8GGxe8kLuy3OhEYMubNP8VZndR74tdPz0y7I2t8
        x40IN88cHyHBLHhzQhJqemE2bZRlVBclBvZSPAgmQNdvJDkxb7QT11OrOjR2NIM4
        SKHBJI3gpRRx/sxPZw4GZQ==
        -----END PRIVATE KEY-----
        """,
        "second"
    )

    private init(_ pem: String, _ keyID: String) {
        do { key = try Insecure.RSA.PrivateKey(pem: pem) } catch { fatalError("the key of a test is none: \(error)") }
        self.keyID = keyID
    }

    /// The key as a member of a key set.
    func jwk(_ more: String = #","alg":"RS256","use":"sig""#, keyID: String? = nil) throws -> String {
        let (modulus, exponent) = try key.publicKey.getKeyPrimitives()
        let numbers = #""n":"\#(Self.base64URL(modulus))","e":"\#(Self.base64URL(exponent))""#
        return #"{"kty":"RSA","kid":"\#(keyID ?? self.keyID)",\#(numbers)\#(more)}"#
    }

    static func keySet(_ keys: String...) -> String { #"{"keys":[\#(keys.joined(separator: ","))]}"# }

    /// A token with any header and claims, signed with the key.
    ///
    /// - Parameters:
    ///   - claims: the JSON text of the claims.
    ///   - header: the JSON text of the header; the usual one where nil.
    ///   - digest: what the signature is made with, whatever the header says.
    /// - Returns: the token.
    /// - Throws: what jwt-kit throws.
    func token(_ claims: String, header: String? = nil, digest: DigestAlgorithm = .sha256) async throws -> String {
        let header = header ?? #"{"alg":"RS256","typ":"JWT","kid":"\#(keyID)"}"#
        let signed = "\(Self.base64URL(Data(header.utf8))).\(Self.base64URL(Data(claims.utf8)))"
        let collection = JWTKeyCollection()
        await collection.add(rsa: key, digestAlgorithm: digest, kid: "key")
        let signature = try await collection.getKey(for: "key").sign(Data(signed.utf8))
        return "\(signed).\(Self.base64URL(Data(signature)))"
    }

    static func base64URL(_ bytes: some DataProtocol) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    /// Seconds since 1970.
    static var now: Int { Int(Date().timeIntervalSince1970) }

    /// Claims of a good token, with those of `changes` in place of them; an empty text takes a claim away.
    static func claims(_ changes: [String: String] = [:]) -> String {
        var claims = [
            "iss": #""https://issuer.test""#, "aud": #""app""#, "sub": #""me""#, "exp": "\(now + 600)",
            "iat": "\(now - 10)",
        ]
        claims.merge(changes) { $1 }
        return
            "{\(claims.filter { !$1.isEmpty }.sorted { $0.key < $1.key }.map { #""\#($0)":\#($1)"# }.joined(separator: ","))}"
    }
}
