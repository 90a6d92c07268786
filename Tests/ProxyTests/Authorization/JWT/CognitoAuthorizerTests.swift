// Cognito authorizers of REST APIs, through sockets.

import Foundation
import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Cognito authorizers")
struct CognitoAuthorizerTests {
    private static let arn = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Pool"
    private static let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"

    private static func serve(
        pools: String = #"["\#(arn)"]"#,
        setting: String = #""\#(arn)":{"jwksFile":"FILE"}"#,
        more: String = "",
        route: String = "",
        api: String = "",
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "jwt-\(UUID().uuidString).json")
        try Data(TestIssuer.keySet(try TestIssuer.first.jwk()).utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let apis = """
            {"A":{"kind":"rest","stage":"Prod",\(api)"authorizers":{"C":{"kind":"cognito","userPools":\(pools)\(more)}},
            "routes":{"GET /a":{"function":"F","auth":"C"\(route)}}}}
            """
        let settings = setting.replacingOccurrences(of: "FILE", with: file.path())
        try await TestGateway.serve(
            apis,
            configure: { configuration in
                let text = #"{"cognito":{"userPools":{\#(settings)}},"accessLog":{"destination":"off"}}"#
                configuration.plugins = (try? JSONParser.parse(text)).map { JSONReader($0, pointer: "/plugins") }
            },
            body
        )
    }

    private static func token(_ changes: [String: String] = [:], issuer: String = issuer) async throws -> String {
        var claims = ["iss": #""\#(issuer)""#, "token_use": #""id""#]
        claims.merge(changes) { $1 }
        return try await TestIssuer.first.token(TestIssuer.claims(claims))
    }

    private static func send(_ gateway: TestGateway, _ token: String) async throws -> ClientResponse {
        try await gateway.send("GET", "/Prod/a", ["Authorization: \(token)"])
    }

    @Test("5.4, 2.4: an ID token of the pool lets the request in, and the event has its claims as strings")
    func accepted() async throws {
        try await Self.serve { gateway async throws in
            let token = try await Self.token(["cognito:groups": #"["a","b"]"#])
            #expect(try await Self.send(gateway, token).status == 200)
            #expect(try await Self.send(gateway, "Bearer \(token)").status == 200)
            let authorizer = try gateway.event().at("requestContext/authorizer")
            #expect(authorizer?.object?.keys == ["claims"])
            #expect(authorizer?["claims"]?["cognito:groups"] == "a,b")
            #expect(authorizer?["claims"]?["token_use"] == "id")
        }
    }

    @Test(
        "5.7: beside a token it takes an Allow of the resource policy, which is asked after the token",
        arguments: [
            ("Allow", "*", nil), ("Allow", "*/POST/*", ""), ("Deny", "*", " with an explicit deny"),
        ] as [(String, String, String?)]
    )
    func resourcePolicy(effect: String, resource: String, refusal: String?) async throws {
        let policy = """
            "policy":{"Statement":{"Effect":"\(effect)","Principal":"*","Action":"*","Resource":"\(resource)"}},
            """
        try await Self.serve(api: policy) { gateway async throws in
            let response = try await Self.send(gateway, try await Self.token())
            #expect(response.status == (refusal == nil ? 200 : 403))
            if let refusal {
                #expect(response.body.hasPrefix(#"{"Message":"User: anonymous is not authorized to perform: "#))
                #expect(response.body.hasSuffix(#"/Prod/GET/a\#(refusal)"}"#))
            }
            // What is denied for everyone is denied before anybody is asked for a token.
            let unknown = try await Self.send(gateway, "nonsense")
            #expect(unknown.status == (effect == "Deny" ? 403 : 401))
        }
    }

    @Test("5.4: a token that is missing or wrong gives 401, one that is over says so")
    func refused() async throws {
        try await Self.serve { gateway async throws in
            let expired = try await Self.send(gateway, try await Self.token(["exp": "\(TestIssuer.now - 1)"]))
            #expect(expired.status == 401)
            #expect(expired.body == #"{"message":"The incoming token has expired"}"#)
            let access = try await Self.token(["token_use": #""access""#, "scope": #""a""#])
            let other = try await Self.token(issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other")
            let stranger = try await TestIssuer.second.token(
                TestIssuer.claims(["iss": #""\#(Self.issuer)""#, "token_use": #""id""#]),
                header: #"{"alg":"RS256","kid":"first"}"#
            )
            for token in ["", "nonsense", "Bearer", access, other, stranger] {
                let response = try await Self.send(gateway, token)
                #expect(response.status == 401)
                #expect(response.body == #"{"message":"Unauthorized"}"#)
                #expect(response["x-amzn-errortype"] == "UnauthorizedException")
                #expect(response["www-authenticate"] == nil)
            }
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("5.4: a route with scopes needs an access token with one of them")
    func scopes() async throws {
        try await Self.serve(route: #","scopes":["shop/read"]"#) { gateway async throws in
            let good = try await Self.token(["token_use": #""access""#, "scope": #""x shop/read""#])
            #expect(try await Self.send(gateway, good).status == 200)
            let poor = try await Self.token(["token_use": #""access""#, "scope": #""shop""#])
            #expect(try await Self.send(gateway, poor).status == 401)
            #expect(try await Self.send(gateway, try await Self.token()).status == 401)
        }
    }

    @Test("5.4: a validation expression has to match the audience")
    func validationExpression() async throws {
        try await Self.serve(more: #","validationExpression":"ap+""#) { gateway async throws in
            #expect(try await Self.send(gateway, try await Self.token()).status == 200)
            #expect(try await Self.send(gateway, try await Self.token(["aud": #""apx""#])).status == 401)
        }
    }

    @Test("5.4: a pool that is known by its logical id needs a setting, else its routes are closed")
    func logicalID() async throws {
        try await Self.serve(pools: #"["Pool"]"#) { gateway async throws in
            #expect(try await Self.send(gateway, try await Self.token()).status == 501)
        }
        let issuer = "http://localhost:9229/local"
        let setting = #""Pool":{"issuer":"\#(issuer)","jwksFile":"FILE"}"#
        try await Self.serve(pools: #"["Pool"]"#, setting: setting) { gateway async throws in
            #expect(try await Self.send(gateway, try await Self.token(issuer: issuer)).status == 200)
            #expect(try await Self.send(gateway, try await Self.token()).status == 401)
        }
        for arn in ["arn:aws:cognito-idp:eu-west-1:1:userpool/a/../b", "arn:aws:s3:eu-west-1:1:userpool/a", "arn:x"] {
            try await Self.serve(pools: #"["\#(arn)"]"#) { gateway async throws in
                #expect(try await Self.send(gateway, try await Self.token()).status == 501)
            }
        }
    }
}
