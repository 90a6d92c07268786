// JWT authorizers of HTTP APIs, through sockets.

import Foundation
import JSON
import Manifest
import NIOConcurrencyHelpers
import Testing

@testable import Proxy

@Suite("JWT authorizers")
struct JWTAuthorizerTests {
    /// Serves an API whose routes need a token of `https://issuer.test`, whose keys are in a file.
    private static func serve(
        scopes: String = "",
        more: String = "",
        payload: String = "2.0",
        issuer: String = "https://issuer.test",
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "jwt-\(UUID().uuidString).json")
        try Data(TestIssuer.keySet(try TestIssuer.first.jwk()).utf8).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let route = #"{"function":"F","auth":"J","payload":"\#(payload)"\#(scopes)}"#
        let apis = """
            {"A":{"kind":"http","stage":"$default","authorizers":{"J":{"kind":"jwt","issuer":"\(issuer)",
            "audiences":["app"]\(more)}},"routes":{"GET /a":\(route),"GET /open":{"function":"F","auth":"none"}}}}
            """
        try await TestGateway.serve(
            apis,
            configure: { configuration in
                let settings = """
                    {"jwt":{"issuers":{"https://issuer.test":{"jwksFile":"\(folder.path())"}}},
                    "accessLog":{"destination":"off"}}
                    """
                configuration.plugins = (try? JSONParser.parse(settings)).map { JSONReader($0, pointer: "/plugins") }
            },
            body
        )
    }

    private static func bearer(_ token: String) -> [String] { ["Authorization: Bearer \(token)"] }

    @Test("5.3, E27: a good token lets the request in, and the event has its claims")
    func accepted() async throws {
        try await Self.serve { gateway async throws in
            let token = try await TestIssuer.first.token(TestIssuer.claims(["groups": #"["a","b"]"#]))
            for fields in [
                Self.bearer(token), ["authorization: \(token)"], ["Authorization: bearer \(token)"],
                ["Authorization: BEARER   \(token) "],
            ] {
                #expect(try await gateway.send("GET", "/a", fields).status == 200)
            }
            let authorizer = try gateway.event().at("requestContext/authorizer/jwt")
            #expect(authorizer?["claims"]?["groups"] == "[a b]")
            #expect(authorizer?["claims"]?["sub"] == "me")
            #expect(authorizer?["scopes"] == .null)
            #expect(try await gateway.send("GET", "/open").status == 200)
            #expect(try gateway.event().at("requestContext/authorizer") == nil)
        }
    }

    @Test("E27: in format 1.0 the claims stand in the authorizer itself")
    func version1() async throws {
        try await Self.serve(payload: "1.0") { gateway async throws in
            let token = try await TestIssuer.first.token(TestIssuer.claims())
            #expect(try await gateway.send("GET", "/a", Self.bearer(token)).status == 200)
            #expect(try gateway.event().at("requestContext/authorizer/claims/sub") == "me")
            #expect(try gateway.event().at("requestContext/authorizer/scopes") == .null)
        }
    }

    /// What is wrong with a token, and the words of the challenge.
    enum Wrong: String, CaseIterable {
        case expired = "the token has expired"
        case notYetValid = "the token is not valid yet"
        case issuedInFuture = "the token is used before it was issued"
        case audience = "the token does not have a valid audience"
        case issuer = "the token does not have a valid issuer"
        case key = "signature is invalid"
        case keyID = "kid not found"
        case algorithm = "signing method is invalid"
        case nonsense = "unable to decode the token"

        func token() async throws -> String {
            let now = TestIssuer.now
            let first = TestIssuer.first
            switch self {
            case .expired: return try await first.token(TestIssuer.claims(["exp": "\(now - 1)"]))
            case .notYetValid: return try await first.token(TestIssuer.claims(["nbf": "\(now + 60)"]))
            case .issuedInFuture: return try await first.token(TestIssuer.claims(["iat": "\(now + 60)"]))
            case .audience: return try await first.token(TestIssuer.claims(["aud": #""other""#]))
            case .issuer: return try await first.token(TestIssuer.claims(["iss": #""https://issuer.test/""#]))
            case .key:
                return try await TestIssuer.second.token(
                    TestIssuer.claims(),
                    header: #"{"alg":"RS256","kid":"first"}"#
                )
            case .keyID: return try await TestIssuer.second.token(TestIssuer.claims())
            case .algorithm:
                return try await first.token(TestIssuer.claims(), header: #"{"alg":"none","kid":"first"}"#)
            case .nonsense: return "not.a.token"
            }
        }
    }

    @Test("5.3: a token that is wrong gives 401 and says why, without a content type", arguments: Wrong.allCases)
    func refused(wrong: Wrong) async throws {
        try await Self.serve { gateway async throws in
            let token = try await wrong.token()
            let response = try await gateway.send("GET", "/a", Self.bearer(token))
            #expect(response.status == 401)
            #expect(response.body == #"{"message":"Unauthorized"}"#)
            #expect(response["content-length"] == "26")
            #expect(response["content-type"] == nil)
            #expect(
                response["www-authenticate"]
                    == #"Bearer scope="" error="invalid_token" error_description="\#(wrong.rawValue)""#
            )
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("5.3: without a token the challenge says no more than Bearer")
    func missing() async throws {
        try await Self.serve { gateway async throws in
            for fields in [[], ["Authorization:"], ["Authorization: Bearer"], ["Authorization: Bearer  "]] {
                let response = try await gateway.send("GET", "/a", fields)
                #expect(response.status == 401)
                #expect(response.body == #"{"message":"Unauthorized"}"#)
                #expect(response["www-authenticate"] == "Bearer")
            }
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("5.3: a token whose bytes were changed, and two tokens at a time, let nobody in")
    func tampered() async throws {
        try await Self.serve { gateway async throws in
            let token = try await TestIssuer.first.token(TestIssuer.claims())
            #expect(try await gateway.send("GET", "/a", Self.bearer(token)).status == 200)
            let parts = token.split(separator: ".").map(String.init)
            let claims = TestIssuer.base64URL(Data(TestIssuer.claims(["sub": #""root""#]).utf8))
            for changed in [
                "\(parts[0]).\(claims).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
                "\(token)A", "\(token)=", "\(token).\(parts[2])", "\(token) x",
            ] {
                #expect(try await gateway.send("GET", "/a", Self.bearer(changed)).status == 401, "\(changed)")
            }
            #expect(try await gateway.send("GET", "/a", Self.bearer(token) + Self.bearer(token)).status == 401)
            #expect(gateway.endpoint.requests.count == 1)
        }
    }

    @Test("5.3: a route with scopes needs one of them, and refuses with 403 and their names")
    func scopes() async throws {
        try await Self.serve(scopes: #","scopes":["read","write"]"#) { gateway async throws in
            let good = try await TestIssuer.first.token(TestIssuer.claims(["scope": #""email write""#]))
            #expect(try await gateway.send("GET", "/a", Self.bearer(good)).status == 200)
            #expect(try gateway.event().at("requestContext/authorizer/jwt/scopes") == ["write"])
            let poor = try await TestIssuer.first.token(TestIssuer.claims(["scope": #""email""#]))
            let response = try await gateway.send("GET", "/a", Self.bearer(poor))
            #expect(response.status == 403)
            #expect(response.body == #"{"message":"Forbidden"}"#)
            let challenge = response["www-authenticate"] ?? ""
            #expect(challenge.hasPrefix(#"Bearer scope="read write" error="insufficient_scope" error_description=""#))
            let wrong = try await gateway.send("GET", "/a", Self.bearer("x"))
            #expect(wrong["www-authenticate"]?.hasPrefix(#"Bearer scope="read write" error="invalid_token""#) == true)
        }
    }

    @Test("5.3: the token comes from the one identity source that is configured")
    func identitySource() async throws {
        let more = #","identitySources":["$request.querystring.token"]"#
        try await Self.serve(more: more) { gateway async throws in
            let token = try await TestIssuer.first.token(TestIssuer.claims())
            #expect(try await gateway.send("GET", "/a?token=\(token)").status == 200)
            #expect(try await gateway.send("GET", "/a", Self.bearer(token)).status == 401)
        }
    }

    static let unusable = [
        #","identitySources":["$context.identity.sourceIp"]"#, #","identitySources":["nonsense"]"#,
        #","identitySources":["$request.header.A","$request.header.B"]"#,
    ]

    @Test("5.3: an authorizer that cannot be honoured closes its routes", arguments: unusable)
    func closed(more: String) async throws {
        try await Self.serve(more: more) { gateway async throws in
            let token = try await TestIssuer.first.token(TestIssuer.claims())
            #expect(try await gateway.send("GET", "/a", Self.bearer(token)).status == 501)
        }
        try await Self.serve(issuer: "UserPool") { gateway async throws in
            #expect(try await gateway.send("GET", "/a").status == 501)
        }
    }

    @Test("5.3: the keys of an issuer are found by its metadata, and requests wait for them")
    func discovery() async throws {
        let port = NIOLockedValueBox(0)
        let keys = TestIssuer.keySet(try TestIssuer.first.jwk())
        let issuer = try await TestEndpoint.start { request in
            let base = "http://127.0.0.1:\(port.withLockedValue { $0 })"
            if request.requestLine.hasPrefix("GET /.well-known/openid-configuration ") {
                return .response(200, #"{"issuer":"\#(base)","jwks_uri":"\#(base)/keys"}"#.utf8)
            }
            return request.requestLine.hasPrefix("GET /keys ") ? .response(200, keys.utf8) : .response(404, [])
        }
        port.withLockedValue { $0 = issuer.port }
        let base = "http://127.0.0.1:\(issuer.port)"
        let token = try await TestIssuer.first.token(TestIssuer.claims(["iss": #""\#(base)""#]))
        try await Self.serve(issuer: base) { gateway async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await gateway.send("GET", "/a", Self.bearer(token)).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 8))
            #expect(issuer.requests.count == 2)
        }
        await issuer.stop()
    }

    @Test("5.3: an issuer that is down, or sends too much, or redirects, lets nobody in")
    func issuerFaults() async throws {
        for reply in [
            EndpointReply.response(500, []), .response(200, Array(repeating: 0x20, count: 200_000)),
            .response(302, [], fields: ["Location: http://127.0.0.1:1/"]), .response(200, "{}".utf8), .last([]),
        ] {
            let issuer = try await TestEndpoint.start { _ in reply }
            let base = "http://127.0.0.1:\(issuer.port)"
            let token = try await TestIssuer.first.token(TestIssuer.claims(["iss": #""\#(base)""#]))
            try await Self.serve(issuer: base) { gateway async throws in
                let response = try await gateway.send("GET", "/a", Self.bearer(token))
                #expect(response.status == 401)
                #expect(response["www-authenticate"]?.contains("communication error") == true)
                #expect(gateway.endpoint.requests.isEmpty)
            }
            await issuer.stop()
        }
    }
}
