// Lambda authorizers of REST APIs, through sockets.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Lambda authorizers of REST APIs")
struct RESTLambdaAuthorizerTests {
    typealias Fixture = AuthorizerFixture

    private static let token = #","input":"token","identitySources":["method.request.header.Authorization"]"#
    private static let request = #","input":"request","identitySources":["method.request.header.Authorization"]"#
    private static let arn = "arn:aws:execute-api:us-east-1:123456789012:\(EventTemplate.stableID("A"))/Prod"

    // MARK: Events

    @Test("A1, A3: TOKEN gives the function the type, the raw field and the method's ARN, and nothing else")
    func tokenEvent() async throws {
        let api = Fixture.api(.rest, ["ANY /pets/{id}"], Self.token)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow"))
        } test: { gateway in
            let response = try await gateway.send("PUT", "/pets/1%20a?x=1", [#"authorization: Bearer "x"\y"#])
            #expect(response.status == 200)
            #expect(response.body == "in")
            let text = gateway.endpoint.requests.first { $0.isForAuthorizer }?.text
            #expect(
                text
                    == #"{"type":"TOKEN","methodArn":"\#(Self.arn)/PUT/pets/1%20a","authorizationToken":"#
                    + #""Bearer \"x\"\\y"}"#
            )
            #expect(gateway.endpoint.requests.first?.requestLine.contains("/functions/Authorizer/invocations") == true)
        }
    }

    @Test("A1: without an identity source the field is Authorization; another field may be named")
    func tokenSource() async throws {
        for (member, field) in [
            ("", "Authorization"), (#","identitySources":["method.request.header.X-Key"]"#, "x-key"),
        ] {
            let api = Fixture.api(.rest, ["GET /a"], #","input":"token""# + member)
            try await Fixture.serve(api) { _ in
                .result(Fixture.answer("Allow"))
            } test: { (gateway) async throws in
                #expect(try await gateway.send("GET", "/a", ["\(field): t"]).status == 200)
                #expect(try gateway.question()["authorizationToken"] == "t")
                #expect(try await gateway.send("GET", "/a", ["X-Other: t"]).status == 401)
            }
        }
    }

    @Test("A2: REQUEST gives the function the request without its content")
    func requestEvent() async throws {
        let api = Fixture.api(
            .rest,
            ["POST /pets/{id}"],
            Self.request,
            more: #""stageVariables":{"colour":"red"},"#
        )
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow"))
        } test: { gateway in
            let fields = ["Authorization: t", "X-Two: a", "X-Two: b", "Content-Type: text/plain"]
            #expect(
                try await gateway.send("POST", "/pets/7?q=1&q=2", fields, content: Array("hello".utf8)).status == 200
            )
            let event = try gateway.question()
            #expect(
                event.object?.keys == [
                    "type", "methodArn", "resource", "path", "httpMethod", "headers", "multiValueHeaders",
                    "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables",
                    "requestContext",
                ]
            )
            #expect(event["type"] == "REQUEST")
            #expect(event["methodArn"]?.string == "\(Self.arn)/POST/pets/7")
            #expect(event["resource"] == "/pets/{id}")
            #expect(event["path"] == "/pets/7")
            #expect(event["httpMethod"] == "POST")
            #expect(event.at("headers/X-Two") == "b")
            #expect(event.at("multiValueHeaders/X-Two") == ["a", "b"])
            #expect(event.at("multiValueQueryStringParameters/q") == ["1", "2"])
            #expect(event.at("pathParameters/id") == "7")
            #expect(event.at("stageVariables/colour") == "red")
            #expect(event.at("requestContext/stage") == "Prod")
            #expect(event.at("requestContext/authorizer") == nil)
            let function = try gateway.event()
            #expect(function["body"] == "hello")
            #expect(function.at("requestContext/requestId") == event.at("requestContext/requestId"))
        }
    }

    // MARK: Identity

    static let identities: [(authorizer: String, target: String, fields: [String], status: Int)] = [
        (token, "/a", [], 401),
        (token, "/a", ["Authorization:"], 401),
        (token, "/a", ["Authorization:  "], 401),
        (token, "/a?Authorization=t", [], 401),
        (#","input":"token","cacheSeconds":0"#, "/a", [], 401),
        (request, "/a", [], 401),
        (request, "/a", ["Authorization:"], 401),
        (request + #","cacheSeconds":0"#, "/a", [], 200),
        (#","input":"request""#, "/a", [], 200),
        (#","input":"request","identitySources":["method.request.querystring.key"]"#, "/a?Key=1", [], 401),
        (#","input":"request","identitySources":["method.request.querystring.key"]"#, "/a?key=", [], 401),
        (#","input":"request","identitySources":["method.request.querystring.key"]"#, "/a?key=1", [], 200),
        (#","input":"request","identitySources":["stageVariables.none"]"#, "/a", [], 401),
        (#","input":"request","identitySources":["stageVariables.colour","context.httpMethod"]"#, "/a", [], 200),
        (
            #","input":"request","identitySources":["method.request.header.X-A","method.request.header.X-B"]"#, "/a",
            ["X-A: 1"], 401
        ),
        (
            #","input":"request","identitySources":["method.request.header.X-A","method.request.header.X-B"]"#, "/a",
            ["x-a: 1", "x-b: 2"], 200
        ),
    ]

    @Test("A4, A5: an identity that is missing or empty is 401, and nobody is asked", arguments: identities.indices)
    func identity(_ index: Int) async throws {
        let row = Self.identities[index]
        let api = Fixture.api(.rest, ["GET /a"], row.authorizer, more: #""stageVariables":{"colour":"red"},"#)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow"))
        } test: { gateway in
            let response = try await gateway.send("GET", row.target, row.fields)
            #expect(response.status == row.status, "\(row)")
            guard row.status == 401 else { return }
            #expect(response.body == #"{"message":"Unauthorized"}"#)
            #expect(response["x-amzn-errortype"] == "UnauthorizedException")
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test(
        "A1, A4: a token that the expression does not take whole is 401, and nobody is asked",
        arguments: [
            ("Bearer abc", 200), ("Bearer abc!", 401), ("xBearer abc", 401), ("Bearer ", 401), ("bearer abc", 401),
            (String(repeating: "a", count: 8000), 401),
        ]
    )
    func expression(token: String, status: Int) async throws {
        let api = Fixture.api(.rest, ["GET /a"], #","input":"token","validationExpression":"Bearer ([a-z]+)+""#)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow"))
        } test: { gateway in
            let response = try await gateway.send("GET", "/a", ["Authorization: \(token)"])
            #expect(response.status == status)
            #expect(gateway.questionCount == (status == 200 ? 1 : 0))
            if status == 401 { #expect(response["x-amzn-errortype"] == "UnauthorizedException") }
        }
    }

    @Test(
        "A4: what cannot be asked or understood closes the route",
        arguments: [
            #","input":"request","identitySources":["method.request.path.id"]"#,
            #","input":"request","identitySources":["$request.header.Authorization"]"#,
            #","input":"token","validationExpression":"(?<=a)""#,
        ]
    )
    func notSupported(authorizer: String) async throws {
        let api = Fixture.api(.rest, ["GET /a/{id}"], authorizer)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow"))
        } test: { (gateway) async throws in
            #expect(try await gateway.send("GET", "/a/1", ["Authorization: a"]).status == 501)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A5: an authorizer at a web server closes its routes: it takes no events")
    func webServer() async throws {
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        try await Fixture.serve(
            api,
            authorizer: { _ in .silence },
            configure: { $0.endpoints["Authorizer"] = Endpoint(wire: .http, host: "127.0.0.1", port: 1) }
        ) { (gateway) async throws in
            #expect(try await gateway.send("GET", "/a", ["Authorization: a"]).status == 501)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    // MARK: Results

    private static let configuration = (500, #"{"message":null}"#, "AuthorizerConfigurationException")
    private static let broken = (500, #"{"message":null}"#, "AuthorizerFailureException")
    private static let denied = #"{"Message":"User is not authorized to access this resource"#

    static let results: [(reply: EndpointReply, status: Int, body: String, type: String)] = {
        var rows: [(EndpointReply, Int, String, String)] = [
            (Fixture.failure("Unauthorized"), 401, #"{"message":"Unauthorized"}"#, "UnauthorizedException"),
            (.result(Fixture.answer("Allow", "arn:*/POST/*")), 403, denied + #""}"#, "AccessDeniedException"),
            (.result(Fixture.answer("Deny", "*")), 403, denied + #" with an explicit deny"}"#, "AccessDeniedException"),
            (
                .result(
                    #"{"principalId":"me","policyDocument":{"Version":"2012-10-17","Statement":["#
                        + #"{"Effect":"Allow","Action":"*","Resource":"*"},"#
                        + #"{"Effect":"Deny","Action":["execute-api:*"],"Resource":["*/GET/a"]}]}}"#
                ), 403, denied + #" with an explicit deny"}"#, "AccessDeniedException"
            ),
        ]
        let policy = Fixture.policy("Allow")
        let faults: [EndpointReply] = [
            Fixture.failure("unauthorized"), Fixture.failure("Unauthorized "), Fixture.failure("boom"),
            .response(200, "x".utf8, fields: ["X-Amz-Function-Error: Unhandled"]),
            .result(""), .result("null"), .result("[]"), .result(#""Unauthorized""#), .result("{"), .result("{}"),
            .result(#"{"principalId":"me"}"#), .result(#"{"policyDocument":\#(policy)}"#),
            .result(#"{"principalId":1,"policyDocument":\#(policy)}"#),
            .result(#"{"principalId":"me","policyDocument":"*"}"#),
            .result(#"{"principalId":"me","policyDocument":{}}"#),
            .result(#"{"principalId":"me","policyDocument":{"Statement":[{"Effect":"Permit"}]}}"#),
            .result(#"{"isAuthorized":true}"#),
            .result(Fixture.answer("Allow", "*", #","context":"x""#)),
            .result(Fixture.answer("Allow", "*", #","context":{"a":[1]}"#)),
            .result(Fixture.answer("Allow", "*", #","context":{"a":{"b":1}}"#)),
            .result(Fixture.answer("Allow", "*", #","usageIdentifierKey":1"#)),
            .result(Fixture.answer("Allow", String(repeating: "*", count: 513))),
            .result(Fixture.answer("Allow", "*", #","context":{"a":"\#(String(repeating: "x", count: 1 << 20))"}"#)),
            .result("2026-11-21T10:00:00Z 1234 Task timed out after 3.00 seconds"),
        ]
        rows += faults.map { ($0, configuration.0, configuration.1, configuration.2) }
        for status in [403, 404, 413, 429, 500, 503] {
            rows.append((.response(status, "{}".utf8), broken.0, broken.1, broken.2))
        }
        rows.append((.last([]), broken.0, broken.1, broken.2))
        rows.append(
            (
                .last(Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".utf8)), broken.0,
                broken.1, broken.2
            )
        )
        return rows
    }()

    @Test("A5, A6, 5.7: what each answer of the function means to the client", arguments: results.indices)
    func result(_ index: Int) async throws {
        let row = Self.results[index]
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        try await Fixture.serve(api) { _ in
            row.reply
        } test: { gateway in
            let response = try await gateway.send("GET", "/a", ["Authorization: t"])
            #expect(response.status == row.status, "\(row.reply)")
            #expect(response.body == row.body, "\(row.reply)")
            #expect(response["x-amzn-errortype"] == row.type, "\(row.reply)")
            #expect(gateway.invocationCount == 0)
        }
    }

    @Test("A5: an authorizer that cannot be reached lets nobody in")
    func unreachable() async throws {
        let port = try TestEndpoint.closedPort()
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        try await Fixture.serve(
            api,
            authorizer: { _ in .silence },
            configure: { $0.endpoints["Authorizer"] = Endpoint(wire: .lambda, host: "127.0.0.1", port: port) }
        ) { gateway in
            let response = try await gateway.send("GET", "/a", ["Authorization: t"])
            #expect(response.status == 500)
            #expect(response.body == #"{"message":null}"#)
            #expect(response["x-amzn-errortype"] == "AuthorizerFailureException")
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("2.4, A6: the function gets the principal and the context as texts, and how long the authorizer took")
    func context() async throws {
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        let context = #","context":{"s":"x\"y","n":1,"r":1.5,"b":true,"z":null,"principalId":"forged"}"#
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow", "*", context))
        } test: { gateway in
            for isCached in [false, true] {
                #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200)
                let authorizer = try #require(try gateway.event().at("requestContext/authorizer")?.object)
                #expect(Set(authorizer.keys) == ["s", "n", "r", "b", "principalId", "integrationLatency"])
                #expect(authorizer["s"] == #"x"y"#)
                #expect(authorizer["n"] == "1")
                #expect(authorizer["r"] == "1.5")
                #expect(authorizer["b"] == "true")
                #expect(authorizer["principalId"] == "me")
                let latency = try #require(authorizer["integrationLatency"]?.integer)
                if isCached { #expect(latency == 0) }
            }
            #expect(gateway.questionCount == 1)
        }
    }

    @Test(
        "5.7: together with a resource policy one Allow is enough, and every Deny is final",
        arguments: [
            ("Allow", "Allow", 200, 1), ("Allow", "none", 200, 1), ("none", "Allow", 200, 1), ("none", "none", 403, 1),
            ("Deny", "Allow", 403, 1), ("Deny", "none", 403, 1), ("Allow", "Deny", 403, 0), ("none", "Deny", 403, 0),
        ]
    )
    func resourcePolicy(authorizer: String, policy: String, status: Int, questions: Int) async throws {
        let effect = policy == "none" ? "Allow" : policy
        let resource = policy == "none" ? "execute-api:/Prod/POST/*" : "execute-api:/Prod/GET/*"
        let document =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Principal":"*","#
            + #""Action":"execute-api:Invoke","Resource":"\#(resource)"}]}"#
        let api = Fixture.api(.rest, ["GET /a"], Self.token, more: #""policy":\#(document),"#)
        try await Fixture.serve(api) { _ in
            authorizer == "none"
                ? .result(Fixture.answer("Allow", "*/POST/*")) : .result(Fixture.answer(authorizer))
        } test: { gateway in
            let response = try await gateway.send("GET", "/a", ["Authorization: t"])
            #expect(response.status == status)
            #expect(gateway.questionCount == questions)
            #expect(gateway.invocationCount == (status == 200 ? 1 : 0))
            if status == 403 { #expect(response["x-amzn-errortype"] == "AccessDeniedException") }
        }
    }

    // MARK: Cache

    @Test("A7: the policy is kept, not the verdict: it is asked anew for each method and path")
    func policyIsCached() async throws {
        let api = Fixture.api(.rest, ["GET /a", "GET /b", "POST /a"], Self.token)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow", "*/Prod/GET/a"))
        } test: { gateway in
            for _ in 0..<2 {
                #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200)
                let refused = try await gateway.send("GET", "/b", ["Authorization: t"])
                #expect(refused.status == 403)
                #expect(refused.body == Self.denied + #""}"#)
                #expect(try await gateway.send("POST", "/a", ["Authorization: t"]).status == 403)
            }
            #expect(gateway.questionCount == 1)
            #expect(try await gateway.send("GET", "/a", ["Authorization: other"]).status == 200)
            #expect(gateway.questionCount == 2)
        }
    }

    @Test(
        "A7: answers are kept unless the time is 0, a Deny too; failures are not",
        arguments: [
            ("", "Allow", 200, 1), ("", "Deny", 403, 1), (#","cacheSeconds":60"#, "Allow", 200, 1),
            (#","cacheSeconds":0"#, "Allow", 200, 3), ("", "fails", 500, 3), ("", "Unauthorized", 401, 3),
            ("", "invalid", 500, 3),
        ]
    )
    func kept(seconds: String, effect: String, status: Int, questions: Int) async throws {
        let api = Fixture.api(.rest, ["GET /a"], Self.request + seconds)
        try await Fixture.serve(api) { _ in
            switch effect {
            case "Allow", "Deny": .result(Fixture.answer(effect))
            case "invalid": .result("{}")
            default: Fixture.failure(effect)
            }
        } test: { (gateway) async throws in
            for _ in 0..<3 {
                #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == status)
            }
            #expect(gateway.questionCount == questions)
        }
    }

    @Test("A7: a cache of no entries asks each time")
    func cacheOff() async throws {
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        let settings = JSONReader(["lambdaAuthorizer": ["cachedResults": 0], "accessLog": ["destination": "off"]])
        try await Fixture.serve(
            api,
            authorizer: { _ in .result(Fixture.answer("Allow")) },
            configure: { $0.plugins = settings }
        ) { (gateway) async throws in
            for _ in 0..<2 { #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200) }
            #expect(gateway.questionCount == 2)
        }
    }

    @Test("A7: values of sources do not run into each other, and each API keeps its own answers")
    func keys() async throws {
        let sources = #","input":"request","identitySources":["method.request.header.X","method.request.header.Y"]"#
        let apis =
            #"{"A":\#(Fixture.api(.rest, ["GET /a"], sources)),"B":\#(Fixture.api(.rest, ["GET /b"], sources))}"#
        try await TestGateway.serve(
            apis,
            script: { request in
                request.isForAuthorizer ? .result(Fixture.answer("Allow")) : .result(#"{"statusCode":200}"#)
            }
        ) { (gateway) async throws in
            for (path, x, y) in [("/a", "1", "23"), ("/a", "12", "3"), ("/b", "1", "23"), ("/a", "1", "23")] {
                #expect(try await gateway.send("GET", path, ["X: \(x)", "Y: \(y)"]).status == 200)
            }
            #expect(gateway.questionCount == 3)
        }
    }

    // MARK: Attacks

    @Test("A5: each of several pipelined requests is decided by its own token")
    func pipelined() async throws {
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        try await Fixture.serve(api) { request in
            .result(Fixture.answer(request.text.contains("good") ? "Allow" : "Deny"))
        } test: { gateway in
            let client = try await gateway.connect()
            let tokens = ["good", "bad", "good", "", "bad2"]
            try await client.send(
                tokens.map { "GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: \($0)\r\n\r\n" }.joined()
            )
            var statuses: [Int] = []
            for _ in tokens { statuses.append(try await client.response().status) }
            #expect(statuses == [200, 403, 200, 401, 403])
            await client.close()
        }
    }

    @Test("A5: a client that leaves while the authorizer is asked reaches no function")
    func clientLeaves() async throws {
        let api = Fixture.api(.rest, ["GET /a"], Self.token)
        try await Fixture.serve(api) { _ in
            .silence
        } test: { gateway in
            let client = try await gateway.connect()
            try await client.send("GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: t\r\n\r\n")
            try await gateway.endpoint.wait { !$0.isEmpty }
            try await client.reset()
            let other = try await gateway.send("GET", "/nothing")
            #expect(other.status == 403)
            #expect(gateway.invocationCount == 0)
        }
    }
}
