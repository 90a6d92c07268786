// Tokens taken apart, and what is asked of their claims.

import Foundation
import JSON
import Testing

@testable import Proxy

@Suite("Tokens")
struct JSONWebTokenTests {
    private static let now = 1_700_000_000.0

    private static func text(_ header: String, _ claims: String = "{}", signature: String = "AAAA") -> [UInt8] {
        let parts = [header, claims].map { TestIssuer.base64URL(Data($0.utf8)) }
        return Array("\(parts[0]).\(parts[1]).\(signature)".utf8)
    }

    static let malformedTokens: [(token: [UInt8], fault: TokenFault)] = [
        ([], .malformed), (Array("a".utf8), .malformed), (Array("..".utf8), .malformed),
        (Array("a.b.c.d".utf8), .malformed), (Array(repeating: UInt8(ascii: "."), count: 10_000), .malformed),
        (Array(repeating: UInt8(ascii: "a"), count: 20_000), .malformed),
        (text(#"{"alg":"none","kid":"k"}"#), .algorithm), (text(#"{"alg":"None","kid":"k"}"#), .algorithm),
        (text(#"{"alg":"HS256","kid":"k"}"#), .algorithm), (text(#"{"alg":"ES256","kid":"k"}"#), .algorithm),
        (text(#"{"alg":"PS256","kid":"k"}"#), .algorithm), (text(#"{"alg":"rs256","kid":"k"}"#), .algorithm),
        (text(#"{"alg":null,"kid":"k"}"#), .malformed), (text(#"{"kid":"k"}"#), .malformed),
        (text(#"{"alg":"RS256"}"#), .unknownKey), (text(#"{"alg":"RS256","kid":7}"#), .unknownKey),
        (text(#"{"alg":"RS256","alg":"none","kid":"k"}"#), .malformed),
        (text(#"{"alg":"RS256","kid":"k","crit":["x"]}"#), .malformed),
        (text(#"{"alg":"RS256","kid":"k","b64":false}"#), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, "[]"), .malformed), (text("[]"), .malformed),
        (text("nothing"), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, #"{"a":1,"a":2}"#), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, String(repeating: "[", count: 9000)), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, #"{"exp":1e999}"#), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, signature: "AAA="), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, signature: "A+/A"), .malformed),
        (text(#"{"alg":"RS256","kid":"k"}"#, signature: "AB"), .malformed),
    ]

    @Test("5.3: what is no token signed with RSA is refused before anything in it is used", arguments: malformedTokens)
    func malformed(token: [UInt8], fault: TokenFault) {
        #expect(throws: fault) { _ = try JSONWebToken(token) }
    }

    @Test("5.3: RS256, RS384 and RS512 are taken", arguments: SigningAlgorithm.allCases)
    func algorithms(algorithm: SigningAlgorithm) throws {
        let header = #"{"alg":"\#(algorithm.rawValue)","kid":"k"}"#
        let token = try JSONWebToken(Self.text(header, #"{"sub":"me"}"#))
        #expect(token.algorithm == algorithm)
        #expect(token.keyID == "k")
        #expect(token.claims["sub"] == "me")
        #expect(token.signature == [0, 0, 0])
    }

    private static func fault(_ rules: TokenRules, _ claims: String) throws -> TokenFault? {
        guard let object = try JSONParser.parse(claims).object else { throw TestFailure("no object") }
        do throws(TokenFault) {
            try rules.check(TokenClaims(object: object), now: now)
            return nil
        } catch { return error }
    }

    private static let jwt = TokenRules(product: .jwt, issuers: ["https://i.test"], audiences: ["app", "other"])

    static let claimSets: [(claims: String, fault: TokenFault?)] = [
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001}"#, nil),
        (#"{"iss":"https://i.test","aud":["x","other"],"exp":1700000000.5}"#, nil),
        (#"{"iss":"https://i.test/","aud":"app","exp":1700000001}"#, .issuer),
        (#"{"iss":"https://I.test","aud":"app","exp":1700000001}"#, .issuer),
        (#"{"iss":["https://i.test"],"aud":"app","exp":1700000001}"#, .issuer),
        (#"{"aud":"app","exp":1700000001}"#, .issuer),
        (#"{"iss":"https://i.test","aud":"App","exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","aud":[],"exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","aud":["app",1],"exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","aud":null,"client_id":"app","exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","client_id":"app","exp":1700000001}"#, nil),
        (#"{"iss":"https://i.test","client_id":"x","exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","client_id":"app","aud":"x","exp":1700000001}"#, .audience),
        (#"{"iss":"https://i.test","aud":"app"}"#, .expired),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000000}"#, .expired),
        (#"{"iss":"https://i.test","aud":"app","exp":"1700000001"}"#, .expired),
        (#"{"iss":"https://i.test","aud":"app","exp":null}"#, .expired),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001,"nbf":1700000000}"#, nil),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001,"nbf":1700000001}"#, .notYetValid),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001,"nbf":"0"}"#, .notYetValid),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001,"iat":1700000000}"#, nil),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001,"iat":1700000001}"#, .issuedInFuture),
        (#"{"iss":"https://i.test","aud":"app","exp":1700000001,"iat":null}"#, .issuedInFuture),
    ]

    @Test(
        "5.3: the claims of a JWT are checked strictly, no difference between clocks is allowed",
        arguments: claimSets
    )
    func claims(claims: String, fault: TokenFault?) throws {
        #expect(try Self.fault(Self.jwt, claims) == fault)
    }

    static let scopeClaims: [(claims: String, fault: TokenFault?)] = [
        (#""scope":"a read""#, nil), (#""scope":"readmore""#, .scope), (#""scope":"""#, .scope),
        (#""scp":["a","write"]"#, nil), (#""scp":"write""#, nil), (#""scope":7"#, .scope), (#""x":"read""#, .scope),
        (#""scope":"a","scp":["read"]"#, nil), (#""scope":"READ""#, .scope),
    ]

    @Test("5.3: a route with scopes takes a token with at least one of them in scope or scp", arguments: scopeClaims)
    func scopes(claims: String, fault: TokenFault?) throws {
        var rules = Self.jwt
        rules.scopes = ["read", "write"]
        let text = #"{"iss":"https://i.test","aud":"app","exp":1700000001,\#(claims)}"#
        #expect(try Self.fault(rules, text) == fault)
    }

    static let cognitoClaims: [(claims: String, scopes: [String], fault: TokenFault?)] = [
        (#""token_use":"id","aud":"client""#, [], nil), (#""token_use":"access","client_id":"client""#, [], .use),
        (#""aud":"client""#, [], .use), (#""token_use":"id","aud":"client","scope":"a""#, ["a"], .use),
        (#""token_use":"access","scope":"b a""#, ["a"], nil), (#""token_use":"access","scope":"b""#, ["a"], .scope),
        (#""token_use":["id"]"#, [], .use),
    ]

    @Test("5.4: an ID token without scopes, an access token with one of the scopes", arguments: cognitoClaims)
    func cognito(claims: String, scopes: [String], fault: TokenFault?) throws {
        let rules = TokenRules(product: .cognito, issuers: ["https://i.test", "https://j.test"], scopes: scopes)
        #expect(try Self.fault(rules, #"{"iss":"https://j.test","exp":1700000001,\#(claims)}"#) == fault)
    }

    @Test("5.4: a validation expression is matched against the audience as a whole")
    func audiencePattern() throws {
        var rules = TokenRules(product: .cognito, issuers: ["https://i.test"])
        rules.audiencePattern = try TokenRules.AudiencePattern("[a-z]+")
        let rest = #""iss":"https://i.test","token_use":"id","exp":1700000001"#
        #expect(try Self.fault(rules, #"{"aud":"client",\#(rest)}"#) == nil)
        #expect(try Self.fault(rules, #"{"aud":"client7",\#(rest)}"#) == .audience)
        #expect(try Self.fault(rules, "{\(rest)}") == .audience)
        #expect(try Self.fault(rules, #"{"aud":"\#(String(repeating: "a", count: 2000))",\#(rest)}"#) == .audience)
    }

    private static let mixed = """
        {"sub":"me","n":7,"big":1700000000.0,"half":0.5,"yes":true,"none":null,"list":["a","b",3],
        "nested":{"b":["x","y"],"a":null},"exp":1700000000,"cognito:groups":["g","h"],"quote":"a\\"b"}
        """

    private static func mixedClaims() throws -> TokenClaims {
        TokenClaims(object: try JSONParser.parse(mixed).object ?? JSONObject())
    }

    @Test("E27: claims are strings in events of HTTP APIs, arrays as [a b], and scopes are null or a list")
    func httpContext() throws {
        let context = AuthorizerContext.jwt(try Self.mixedClaims(), routeScopes: [])
        let version2 = try JSONParser.parse(context.version2)
        let expected: JSONValue = [
            "sub": "me", "n": "7", "big": "1700000000", "half": "0.5", "yes": "true", "list": "[a b 3]",
            "nested": "map[a:<nil> b:[x y]]", "exp": "1700000000", "cognito:groups": "[g h]", "quote": "a\"b",
        ]
        #expect(version2 == ["jwt": ["claims": expected, "scopes": .null]])
        #expect(try JSONParser.parse(context.version1) == ["claims": expected, "scopes": .null])
        #expect(context.properties["claims.sub"] == "me")
        #expect(context.properties["claims.none"] == nil)
        let scoped = TokenClaims(object: JSONObject([("scope", "x b a")]))
        #expect(
            try JSONParser.parse(AuthorizerContext.jwt(scoped, routeScopes: ["a", "b", "c"]).version1)["scopes"]
                == ["a", "b"]
        )
        #expect(
            try JSONParser.parse(AuthorizerContext.jwt(TokenClaims(object: JSONObject()), routeScopes: []).version1)
                == ["claims": [:], "scopes": .null]
        )
    }

    @Test("2.4, 5.4: claims are strings in events of REST APIs, groups joined by commas, moments as dates")
    func restContext() throws {
        let claims = try JSONParser.parse(AuthorizerContext.cognito(try Self.mixedClaims()).version1)["claims"]
        #expect(claims?["cognito:groups"] == "g,h")
        #expect(claims?["exp"] == "Tue Nov 14 22:13:20 UTC 2023")
        #expect(claims?["n"] == "7")
        #expect(claims?["yes"] == "true")
        #expect(claims?["none"] == nil)
        #expect(claims?["nested"]?.string != nil)
    }
}
