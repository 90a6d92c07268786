// Routes with the authorizer AWS_IAM, through sockets.

import Foundation
import JSON
import Manifest
import NIOCore
import Operations
import Testing

@testable import Proxy

@Suite("Signed requests")
struct IAMTests {
    private static let user = "arn:aws:iam::123456789012:user/alice"

    /// A request signed now, line by line. That the signature is the one of other programs is proved by
    /// `SignatureTests`.
    private static func signed(
        _ method: String,
        _ target: String,
        _ fields: [String] = [],
        content: String = "",
        key: String = "AKALICE",
        secret: String = "secret",
        token: String? = nil,
        age: Int = 0,
        service: String = "execute-api"
    ) throws -> [String] {
        let date = SignatureDate.text(WallTime.now().seconds - age)
        var lines = ["Host: gateway.test:8080", "X-Amz-Date: \(date)"] + fields
        if let token { lines.append("X-Amz-Security-Token: \(token)") }
        let names = lines.map { $0.prefix { $0 != ":" }.lowercased() }.sorted().joined(separator: ";")
        let scope = "\(date.prefix(8))/us-east-1/\(service)/aws4_request"
        func authorization(_ digest: String) -> String {
            "Authorization: AWS4-HMAC-SHA256 Credential=\(key)/\(scope), SignedHeaders=\(names), Signature=\(digest)"
        }
        let text = (["\(method) \(target) HTTP/1.1"] + lines + [authorization("")]).joined(separator: "\r\n")
        let head = try RequestHead(parsing: ByteBuffer(string: text + "\r\n\r\n"), limits: MessageLimits())
        let signature = try RequestSignature(head)
        let hash = signature.contentHash ?? SignatureVerifier.hash(ByteBuffer(string: content))
        let request = CanonicalRequest.bytes(head, signature: signature, contentHash: hash)
        let digest = SignatureVerifier.digest(
            of: SignatureVerifier.text(signature, request: request),
            scope: signature.scope,
            secret: Array(secret.utf8)
        )
        return lines + [authorization(digest)]
    }

    private static func api(
        _ kind: APIKind,
        _ routes: [String] = ["GET /a", "POST /a", "GET /b"],
        policy: String? = nil,
        payload: String = ""
    ) -> String {
        let routes = routes.map { #""\#($0)":{"function":"F","auth":"AWS_IAM"\#(payload)}"# }.joined(separator: ",")
        let stage = kind == .rest ? "Prod" : "$default"
        let policy = policy.map { #""policy":{"Version":"2012-10-17","Statement":[\#($0)]},"# } ?? ""
        return """
            {"A":{"kind":"\(kind.rawValue)","stage":"\(stage)",\(policy)"authorizers":{"AWS_IAM":{"kind":"iam"}},
            "routes":{\(routes)}}}
            """
    }

    private static let key = #""AKALICE":{"secretKey":"secret","arn":"\#(user)","userId":"AIDAALICE"}"#

    private static func serve(
        _ apis: String,
        keys: String = key,
        settings: String = "",
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        let plugins = try JSONParser.parse(
            #"{"accessLog":{"destination":"off"},"iam":{"keys":{\#(keys)}\#(settings)}}"#.utf8
        )
        try await TestGateway.serve(
            apis,
            configure: { $0.plugins = JSONReader(plugins, pointer: "/plugins") },
            body
        )
    }

    // MARK: Signatures

    @Test("5.6: a signed request passes, one that is not signed misses the token", arguments: [APIKind.rest, .http])
    func signature(kind: APIKind) async throws {
        try await Self.serve(Self.api(kind)) { gateway async throws in
            let fields = try Self.signed("GET", "/a?b=2&a=%20")
            #expect(try await gateway.send("GET", "/a?b=2&a=%20", fields).status == 200)
            let content = #"{"a":1}"#
            let post = try Self.signed("POST", "/a", ["Content-Type: application/json"], content: content)
            #expect(try await gateway.send("POST", "/a", post, content: Array(content.utf8)).status == 200)
            #expect(try gateway.event()["body"]?.string == content)
            let unsigned = try await gateway.send("GET", "/a")
            #expect(unsigned.status == 403)
            let isREST = kind == .rest
            #expect(
                unsigned.body
                    == (isREST ? #"{"message":"Missing Authentication Token"}"# : #"{"message":"Forbidden"}"#)
            )
            #expect(unsigned["x-amzn-errortype"] == (isREST ? "MissingAuthenticationTokenException" : nil))
            #expect(gateway.endpoint.requests.count == 2)
        }
    }

    private static let failures: [(fields: @Sendable () throws -> [String], type: String, message: String)] = [
        (
            { try signed("GET", "/b") }, "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided."
        ),
        (
            { try signed("GET", "/a", secret: "other") }, "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided."
        ),
        (
            { try signed("GET", "/a", key: "AKNOBODY") }, "UnrecognizedClientException",
            "The security token included in the request is invalid."
        ),
        (
            { try signed("GET", "/a", token: "t") }, "UnrecognizedClientException",
            "The security token included in the request is invalid."
        ),
        (
            { try signed("GET", "/a", key: "ASSESSION") }, "UnrecognizedClientException",
            "The security token included in the request is invalid."
        ),
        (
            { try signed("GET", "/a", key: "ASSESSION", token: "wrong") }, "UnrecognizedClientException",
            "The security token included in the request is invalid."
        ),
        (
            { try signed("GET", "/a", key: "ASOLD", token: "t") }, "ExpiredTokenException",
            "The security token included in the request is expired"
        ),
        ({ try signed("GET", "/a", age: 400) }, "InvalidSignatureException", "Signature expired: "),
        ({ try signed("GET", "/a", age: -400) }, "InvalidSignatureException", "Signature not yet current: "),
        (
            { ["Authorization: Bearer abc"] }, "IncompleteSignatureException",
            "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'."
        ),
    ]

    @Test("5.6: each failure has its type and its text; an HTTP API says Forbidden", arguments: failures.indices)
    func failure(number: Int) async throws {
        let failure = Self.failures[number]
        let keys = """
            \(Self.key),"ASSESSION":{"secretKey":"secret","arn":"\(Self.user)","sessionToken":"token"},
            "ASOLD":{"secretKey":"secret","arn":"\(Self.user)","sessionToken":"t","expires":"2020-01-01T00:00:00Z"}
            """
        try await Self.serve(Self.api(.rest), keys: keys) { gateway async throws in
            let response = try await gateway.send("GET", "/a", failure.fields())
            #expect(response.status == 403)
            #expect(response["x-amzn-errortype"] == failure.type)
            let message = try JSONParser.parse(response.content)["message"]?.string ?? ""
            #expect(message.hasPrefix(failure.message), "\(message)")
            #expect(gateway.endpoint.requests.isEmpty)
        }
        try await Self.serve(Self.api(.http), keys: keys) { gateway async throws in
            let response = try await gateway.send("GET", "/a", failure.fields())
            #expect(response.status == 403)
            #expect(response.body == #"{"message":"Forbidden"}"#)
        }
    }

    @Test("5.6: a semicolon within a value is not one between parameters for the same signature")
    func semicolon() async throws {
        try await Self.serve(Self.api(.rest)) { gateway async throws in
            let fields = try Self.signed("GET", "/a?x=1%3By%3D2")
            #expect(try await gateway.send("GET", "/a?x=1%3By%3D2", fields).status == 200)
            #expect(try gateway.event().at("queryStringParameters/x") == "1;y=2")
            #expect(try await gateway.send("GET", "/a?x=1;y=2", fields).status == 403)
            #expect(try await gateway.send("GET", "/a?x=1%3By=2", fields).status == 200)
        }
    }

    @Test("5.6: requests to the URL of a function are signed for Lambda, and policies name the function")
    func functionURL() async throws {
        let api = #"""
            {"Url":{"kind":"function-url","stage":"$default","authorizers":{"AWS_IAM":{"kind":"iam"}},
            "routes":{"$default":{"function":"F","auth":"AWS_IAM"}}}}
            """#
        func key(_ action: String, _ function: String) -> String {
            #""AKALICE":{"secretKey":"secret","arn":"\#(Self.user)","policies":[{"Statement":{"Effect":"Allow","#
                + #""Action":"\#(action)","Resource":"arn:aws:lambda:us-east-1:123456789012:function:\#(function)"}}]}"#
        }
        for (keys, status) in [
            (Self.key, 200), (key("lambda:InvokeFunctionUrl", "F"), 200), (key("lambda:InvokeFunctionUrl", "G"), 403),
            (key("execute-api:Invoke", "F"), 403),
        ] {
            try await Self.serve(api, keys: keys) { gateway async throws in
                #expect(try await gateway.send("GET", "/a", Self.signed("GET", "/a")).status == 403)
                let fields = try Self.signed("GET", "/a", service: "lambda")
                #expect(try await gateway.send("GET", "/a", fields).status == status)
            }
        }
        try await Self.serve(Self.api(.http)) { gateway async throws in
            #expect(try await gateway.send("GET", "/a", Self.signed("GET", "/a", service: "lambda")).status == 403)
        }
    }

    @Test("5.6: a field that is named many times is not spelled as often")
    func repeatedNames() async throws {
        try await Self.serve(Self.api(.rest)) { gateway async throws in
            let long = "X-Long: " + String(repeating: "x", count: 4000)
            let fields = try Self.signed("GET", "/a", [long]).map {
                $0.replacing("SignedHeaders=", with: "SignedHeaders=" + String(repeating: "x-long;", count: 200))
            }
            let response = try await gateway.send("GET", "/a", fields)
            #expect(response.status == 403)
            #expect(response["x-amzn-errortype"] == "InvalidSignatureException")
            #expect(response.content.count < 1000)
        }
    }

    @Test("5.6: content that was not signed is refused, also where the signature itself is right")
    func content() async throws {
        try await Self.serve(Self.api(.rest)) { gateway async throws in
            let fields = try Self.signed("POST", "/a", content: "one")
            #expect(try await gateway.send("POST", "/a", fields, content: Array("two".utf8)).status == 403)
            let hash = SignatureVerifier.hash(ByteBuffer(string: "one"))
            let hashed = try Self.signed("POST", "/a", ["X-Amz-Content-Sha256: \(hash)"])
            #expect(try await gateway.send("POST", "/a", hashed, content: Array("one".utf8)).status == 200)
            #expect(try await gateway.send("POST", "/a", hashed, content: Array("two".utf8)).status == 403)
            #expect(try await gateway.send("POST", "/a", hashed).status == 403)
            let open = try Self.signed("POST", "/a", ["X-Amz-Content-Sha256: UNSIGNED-PAYLOAD"])
            #expect(try await gateway.send("POST", "/a", open, content: Array("two".utf8)).status == 200)
        }
    }

    @Test("5.6: content that comes in chunks is hashed whole, and a client that leaves before its end leaves no trace")
    func chunks() async throws {
        try await Self.serve(Self.api(.rest)) { gateway async throws in
            for (last, status) in [("ef", 200), ("eg", 403)] {
                let client = try await gateway.connect()
                let fields = try Self.signed("POST", "/a", content: "abcdef")
                let lines = ["POST /a HTTP/1.1"] + fields + ["Transfer-Encoding: chunked"]
                try await client.send(lines.joined(separator: "\r\n") + "\r\n\r\n4\r\nabcd\r\n")
                try await client.send("2\r\n\(last)\r\n0\r\n\r\n")
                #expect(try await client.response().status == status)
                await client.close()
            }
            let leaving = try await gateway.connect()
            let fields = try Self.signed("POST", "/a", content: "abcdef")
            try await leaving.send(
                (["POST /a HTTP/1.1"] + fields + ["Content-Length: 6"]).joined(separator: "\r\n") + "\r\n\r\nabc"
            )
            try await leaving.reset()
            #expect(try await gateway.send("GET", "/a", Self.signed("GET", "/a")).status == 200)
            #expect(gateway.endpoint.requests.count == 2)
        }
    }

    @Test("5.6: a client that is refused by its key is not asked for its content")
    func contentIsNotRead() async throws {
        try await Self.serve(Self.api(.rest)) { gateway async throws in
            let client = try await gateway.connect()
            let fields = try Self.signed("POST", "/a", key: "AKNOBODY")
            let lines = ["POST /a HTTP/1.1"] + fields + ["Content-Length: 1000000", "Expect: 100-continue"]
            try await client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
            #expect(try await client.response().status == 403)
            await client.close()
        }
    }

    @Test("5.6: two signed requests on one connection, the second behind the first")
    func pipelined() async throws {
        try await Self.serve(Self.api(.rest)) { gateway async throws in
            let client = try await gateway.connect()
            let post = try ["POST /a HTTP/1.1"] + Self.signed("POST", "/a", content: "abc") + ["Content-Length: 3"]
            let get = try ["GET /b HTTP/1.1"] + Self.signed("GET", "/b")
            try await client.send(
                post.joined(separator: "\r\n") + "\r\n\r\nabc" + get.joined(separator: "\r\n") + "\r\n\r\n"
            )
            #expect(try await client.response().status == 200)
            #expect(try await client.response().status == 200)
            await client.close()
        }
    }

    @Test("5.6: where signatures are trusted, a request has to look signed and its caller is the key's")
    func trust() async throws {
        try await Self.serve(Self.api(.rest), settings: #","mode":"trust""#) { gateway async throws in
            #expect(try await gateway.send("GET", "/a").status == 403)
            #expect(try await gateway.send("GET", "/a", ["Authorization: Bearer x"]).status == 403)
            let wrong = try Self.signed("GET", "/b", secret: "wrong", age: 4000)
            #expect(try await gateway.send("GET", "/a", wrong).status == 200)
            #expect(try gateway.event().at("requestContext/identity/userArn")?.string == Self.user)
            let nobody = try Self.signed("GET", "/a", key: "AKNOBODY")
            #expect(try await gateway.send("GET", "/a", nobody).status == 200)
            #expect(try gateway.event().at("requestContext/identity/accessKey") == "AKNOBODY")
        }
    }

    // MARK: Events

    @Test("2.4, E3: the identity of a REST API's event has the caller, and the signature is dropped")
    func identity() async throws {
        let key = #"""
            "AKALICE":{"secretKey":"secret","arn":"\#(Self.user)","userId":"AIDAALICE","organizationId":"o-1",
            "cognitoIdentity":{"identityId":"i","identityPoolId":"p","authenticationType":"authenticated"}}
            """#
        try await Self.serve(Self.api(.rest), keys: key) { gateway async throws in
            _ = try await gateway.send("GET", "/a", Self.signed("GET", "/a"))
            let event = try gateway.event()
            let identity = try #require(event.at("requestContext/identity"))
            let expected: [(String, JSONValue)] = [
                ("accessKey", "AKALICE"), ("accountId", "123456789012"), ("caller", "AIDAALICE"), ("user", "AIDAALICE"),
                ("userArn", .string(Self.user)), ("principalOrgId", "o-1"), ("cognitoIdentityId", "i"),
                ("cognitoIdentityPoolId", "p"), ("cognitoAuthenticationType", "authenticated"),
                ("cognitoAuthenticationProvider", .null),
            ]
            for (name, value) in expected { #expect(identity[name] == value, "\(name)") }
            #expect(event.at("requestContext/authorizer") == nil)
            #expect(event.at("headers/Authorization") == nil)
            #expect(event.at("multiValueHeaders/Authorization") == nil)
            #expect(event.at("headers/X-Amz-Date") != nil)
        }
    }

    @Test("E3: an Authorization field that is no signature stays")
    func otherAuthorization() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#) { gateway async throws in
            _ = try await gateway.send("GET", "/a", ["Authorization: Bearer AWS4-HMAC-SHA256"])
            #expect(try gateway.event().at("headers/Authorization") == "Bearer AWS4-HMAC-SHA256")
            _ = try await gateway.send("GET", "/a", ["Authorization: AWS4-HMAC-SHA256 Credential=x"])
            #expect(try gateway.event().at("headers/Authorization") == nil)
        }
    }

    @Test("E27: the authorizer of a 2.0 event has the caller")
    func authorizer() async throws {
        try await Self.serve(Self.api(.http)) { gateway async throws in
            _ = try await gateway.send("GET", "/a", Self.signed("GET", "/a"))
            let expected = """
                {"iam":{"accessKey":"AKALICE","accountId":"123456789012","callerId":"AIDAALICE","cognitoIdentity":null,
                "principalOrgId":null,"userArn":"\(Self.user)","userId":"AIDAALICE"}}
                """
            #expect(try gateway.event().at("requestContext/authorizer") == (try JSONParser.parse(expected.utf8)))
        }
        let cognito = #"""
            "AKALICE":{"secretKey":"secret","arn":"\#(Self.user)","cognitoIdentity":{"identityId":"i","identityPoolId":"p",
            "authenticationType":"authenticated","authenticationProvider":"idp"}}
            """#
        try await Self.serve(Self.api(.http), keys: cognito) { gateway async throws in
            _ = try await gateway.send("GET", "/a", Self.signed("GET", "/a"))
            let expected = #"{"amr":["authenticated","idp"],"identityId":"i","identityPoolId":"p"}"#
            #expect(
                try gateway.event().at("requestContext/authorizer/iam/cognitoIdentity")
                    == (try JSONParser.parse(expected.utf8))
            )
        }
    }

    @Test("2.4: the identity of an HTTP API's event of format 1.0 has the caller")
    func version1() async throws {
        try await Self.serve(Self.api(.http, payload: #","payload":"1.0""#)) { gateway async throws in
            _ = try await gateway.send("GET", "/a", Self.signed("GET", "/a"))
            #expect(try gateway.event().at("requestContext/identity/userArn")?.string == Self.user)
        }
    }

    // MARK: Policies

    private static func statement(_ effect: String, _ resource: String, principal: String? = nil) -> String {
        let principal = principal.map { #""Principal":{"AWS":"\#($0)"},"# } ?? ""
        return #"{"Effect":"\#(effect)",\#(principal)"Action":"execute-api:Invoke","Resource":"\#(resource)"}"#
    }

    /// A caller with a policy of its own.
    private static func key(_ statements: String, arn: String = user) -> String {
        #"""
        "AKALICE":{"secretKey":"secret","arn":"\#(arn)","policies":[{"Statement":[]},
        {"Version":"2012-10-17","Statement":[\#(statements)]}]}
        """#
    }

    private static func denial(_ arn: String, explicit: Bool = false) -> String {
        let resource = "arn:aws:execute-api:us-east-1:********9012:\(EventTemplate.stableID("A"))/Prod/GET/a"
        return #"{"Message":"User: \#(arn) is not authorized to perform: execute-api:Invoke on resource: \#(resource)"#
            + (explicit ? #" with an explicit deny"}"# : #""}"#)
    }

    private static let foreigner = "arn:aws:iam::999999999999:user/bob"

    @Test(
        "5.6, 5.7: the caller's policies and the API's, in one account and across accounts",
        arguments: [
            (user, statement("Allow", "*/GET/a"), nil, nil), (user, statement("Allow", "*/GET/b"), nil, false),
            (user, statement("Allow", "*") + "," + statement("Deny", "*/GET/a"), nil, true),
            (user, statement("Allow", "*"), statement("Deny", "execute-api:/*", principal: user), true),
            (user, statement("Allow", "*"), statement("Deny", "execute-api:/*", principal: foreigner), nil),
            (user, statement("Allow", "*/b"), statement("Allow", "execute-api:/*", principal: user), nil),
            (user, statement("Allow", "*/b"), statement("Allow", "execute-api:/*", principal: foreigner), false),
            (user, statement("Allow", "*/b"), statement("Allow", "execute-api:/*", principal: "123456789012"), nil),
            (foreigner, statement("Allow", "*"), nil, false),
            (foreigner, statement("Allow", "*"), statement("Allow", "*", principal: "999999999999"), nil),
            (foreigner, statement("Allow", "*/b"), statement("Allow", "*", principal: "999999999999"), false),
            (foreigner, statement("Allow", "*"), statement("Deny", "*", principal: "*"), true),
        ] as [(String, String, String?, Bool?)]
    )
    func policies(arn: String, identity: String, resource: String?, isExplicitlyDenied: Bool?) async throws {
        try await Self.serve(
            Self.api(.rest, policy: resource),
            keys: Self.key(identity, arn: arn)
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/a", Self.signed("GET", "/a"))
            if let isExplicitlyDenied {
                #expect(response.status == 403)
                #expect(response["x-amzn-errortype"] == "AccessDeniedException")
                #expect(response.body == Self.denial(arn, explicit: isExplicitlyDenied))
            } else {
                #expect(response.status == 200)
            }
        }
    }

    @Test("5.6: an HTTP API says Forbidden where a policy denies")
    func httpPolicies() async throws {
        try await Self.serve(Self.api(.http), keys: Self.key(Self.statement("Allow", "*/GET/b"))) {
            gateway async throws in
            #expect(try await gateway.send("GET", "/b", Self.signed("GET", "/b")).status == 200)
            let response = try await gateway.send("GET", "/a", Self.signed("GET", "/a"))
            #expect(response.status == 403)
            #expect(response.body == #"{"message":"Forbidden"}"#)
        }
    }

    // MARK: Settings

    @Test("The keys of a file come before those of the configuration")
    func keysFile() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString).json").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data("{\(Self.key)}".utf8).write(to: URL(filePath: file))
        let keys = #""AKALICE":{"secretKey":"other","arn":"\#(Self.user)"}"#
        try await Self.serve(Self.api(.rest), keys: keys, settings: #","keysFile":"\#(file)""#) {
            gateway async throws in
            #expect(try await gateway.send("GET", "/a", Self.signed("GET", "/a")).status == 200)
            #expect(try await gateway.send("GET", "/a", Self.signed("GET", "/a", secret: "other")).status == 403)
        }
    }

    @Test(
        "Faulty settings are told with their place",
        arguments: [
            (#"{"mode":"off"}"#, "/iam/mode"), (#"{"skewSeconds":0}"#, "/iam/skewSeconds"),
            (#"{"keys":{"AK":{"arn":"arn:aws:iam::123456789012:user/a"}}}"#, "/iam/keys/AK"),
            (#"{"keys":{"AK":{"secretKey":"s"}}}"#, "/iam/keys/AK"),
            (#"{"keys":{"AK":{"secretKey":"s","arn":"alice"}}}"#, "/iam/keys/AK/arn"),
            (#"{"keys":{"AK":{"secretKey":"","arn":"arn:aws:iam::123456789012:user/a"}}}"#, "/iam/keys/AK/secretKey"),
            (#"{"keys":{"A K":{"secretKey":"s","arn":"arn:aws:iam::123456789012:user/a"}}}"#, "/iam/keys/A K"),
            (
                #"{"keys":{"AK":{"secretKey":"s","arn":"arn:aws:iam::123456789012:user/a","policies":[{}]}}}"#,
                "/iam/keys/AK/policies/0"
            ),
            (
                #"{"keys":{"AK":{"secretKey":"s","arn":"arn:aws:iam::123456789012:user/a","expires":"soon"}}}"#,
                "/iam/keys/AK/expires"
            ),
            (#"{"keysFile":"/no/such/file"}"#, "/iam/keysFile"), (#"{"keysFile":"/dev/null"}"#, "/iam/keysFile"),
        ]
    )
    func faults(settings: String, pointer: String) throws {
        let plugins = JSONReader(try JSONParser.parse(#"{"iam":\#(settings)}"#.utf8))
        let error = #expect(throws: JSONShapeError.self) {
            try PluginOrder.make(plugins, services: PluginServices(logs: LogSinks()))
        }
        #expect(error?.pointer == pointer)
    }
}
