// Lambda authorizers of HTTP APIs, through sockets.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Lambda authorizers of HTTP APIs")
struct HTTPLambdaAuthorizerTests {
    typealias Fixture = AuthorizerFixture

    private static let header = #","identitySources":["$request.header.Authorization"]"#
    private static let simple = #","payload":"2.0","simpleResponses":true"#
    private static let policy1 = #","payload":"1.0""#
    private static let policy2 = #","payload":"2.0""#
    private static let arn = "arn:aws:execute-api:us-east-1:123456789012:\(EventTemplate.stableID("A"))/$default"
    private static let yes = #"{"isAuthorized":true}"#

    // MARK: Events

    @Test("A10: format 2.0 gives the request without its content, the route's ARN and the identity as a list")
    func event2() async throws {
        let sources = #","identitySources":["$request.header.Authorization","$request.querystring.k"]"#
        let api = Fixture.api(
            .http,
            ["POST /pets/{id}"],
            Self.simple + sources,
            more: #""stageVariables":{"colour":"red"},"#
        )
        try await Fixture.serve(api) { _ in
            .result(Self.yes)
        } test: { gateway in
            let fields = ["authorization: t", "Cookie: a=1; b=2", "Content-Type: text/plain"]
            #expect(try await gateway.send("POST", "/pets/7?k=v", fields, content: Array("hello".utf8)).status == 200)
            let event = try gateway.question()
            #expect(
                event.object?.keys == [
                    "version", "type", "routeArn", "identitySource", "routeKey", "rawPath", "rawQueryString", "cookies",
                    "headers", "queryStringParameters", "requestContext", "pathParameters", "stageVariables",
                ]
            )
            #expect(event["version"] == "2.0")
            #expect(event["type"] == "REQUEST")
            #expect(event["routeArn"]?.string == "\(Self.arn)/POST/pets/7")
            #expect(event["identitySource"] == ["t", "v"])
            #expect(event["routeKey"] == "POST /pets/{id}")
            #expect(event["cookies"] == ["a=1", "b=2"])
            #expect(event.at("headers/content-length") == "5")
            #expect(event.at("requestContext/authorizer") == nil)
            #expect(try gateway.event()["body"] == "hello")
        }
    }

    @Test("A10: without identity sources the list is null")
    func event2WithoutIdentity() async throws {
        let api = Fixture.api(.http, ["GET /a"], Self.simple)
        try await Fixture.serve(api) { _ in
            .result(Self.yes)
        } test: { (gateway) async throws in
            #expect(try await gateway.send("GET", "/a").status == 200)
            #expect(try gateway.question()["identitySource"] == .null)
        }
    }

    @Test("A10: format 1.0 gives the method's ARN and the identity as one text, twice")
    func event1() async throws {
        let sources = #","identitySources":["$request.header.Authorization","$request.querystring.k"]"#
        let api = Fixture.api(.http, ["GET /pets/{id}"], Self.policy1 + sources)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow"))
        } test: { gateway in
            #expect(try await gateway.send("GET", "/pets/7?k=v", ["Authorization: t"]).status == 200)
            let event = try gateway.question()
            #expect(
                event.object?.keys == [
                    "version", "type", "methodArn", "identitySource", "authorizationToken", "resource", "path",
                    "httpMethod", "headers", "multiValueHeaders", "queryStringParameters",
                    "multiValueQueryStringParameters", "pathParameters", "stageVariables", "requestContext",
                ]
            )
            #expect(event["version"] == "1.0")
            #expect(event["methodArn"]?.string == "\(Self.arn)/GET/pets/7")
            #expect(event["identitySource"] == "t,v")
            #expect(event["authorizationToken"] == "t,v")
            #expect(event["resource"] == "/pets/{id}")
        }
    }

    @Test(
        "5.7, R1.24: with lenient slashes a slash behind the path is no way around a Deny",
        arguments: ["/admin", "/admin/", "/admin//", "/admin%2F", "/%61dmin/"]
    )
    func lenientSlash(target: String) async throws {
        let sources = #","identitySources":["$request.header.Authorization"]"#
        let deny = #"{"Action":"*","Effect":"Deny","Resource":"*/GET/admin"}"#
        let allow = #"{"Action":"*","Effect":"Allow","Resource":"*"}"#
        let answer =
            #"{"principalId":"me","policyDocument":{"Version":"2012-10-17","Statement":[\#(allow),\#(deny)]}}"#
        try await Fixture.serve(Fixture.api(.http, ["GET /admin", "GET /"], Self.policy2 + sources)) { _ in
            .result(answer)
        } configure: {
            $0.routing.trailingSlash = .lenient
        } test: { (gateway) async throws in
            #expect(try await gateway.send("GET", target, ["Authorization: t"]).status == 403)
            #expect(try gateway.question()["routeArn"]?.string == "\(Self.arn)/GET/admin")
            #expect(try await gateway.send("GET", "/", ["Authorization: t"]).status == 200)
        }
    }

    // MARK: Identity

    static let identities: [(source: String, target: String, fields: [String], status: Int)] = [
        ("$request.header.X-Key", "/a", [], 401),
        ("$request.header.X-Key", "/a", ["X-Key:"], 401),
        ("$request.header.X-Key", "/a", ["x-kEY: 1"], 200),
        ("$request.querystring.key", "/a?KEY=1", [], 401),
        ("$request.querystring.key", "/a?key", [], 401),
        ("$request.querystring.key", "/a?key=1", [], 200),
        ("$context.httpMethod", "/a", [], 200),
        ("$stageVariables.colour", "/a", [], 200),
        ("$stageVariables.none", "/a", [], 401),
    ]

    @Test("A12: an identity that is configured and missing is 401, and nobody is asked", arguments: identities.indices)
    func identity(_ index: Int) async throws {
        let row = Self.identities[index]
        let sources = #","identitySources":["\#(row.source)"]"#
        let api = Fixture.api(.http, ["GET /a"], Self.simple + sources, more: #""stageVariables":{"colour":"red"},"#)
        try await Fixture.serve(api) { _ in
            .result(Self.yes)
        } test: { gateway in
            let response = try await gateway.send("GET", row.target, row.fields)
            #expect(response.status == row.status, "\(row)")
            guard row.status == 401 else { return }
            #expect(response.body == #"{"message":"Unauthorized"}"#)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A12, A14: without identity sources each request asks, whatever the time to live")
    func noIdentity() async throws {
        let api = Fixture.api(.http, ["GET /a"], Self.simple + #","cacheSeconds":300"#)
        try await Fixture.serve(api) { _ in
            .result(Self.yes)
        } test: { (gateway) async throws in
            for _ in 0..<2 { #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200) }
            #expect(gateway.questionCount == 2)
        }
    }

    // MARK: Results

    static let results: [(authorizer: String, reply: EndpointReply, status: Int)] = [
        (simple, .result(yes), 200),
        (simple, .result(#"{"isAuthorized":true,"context":{"a":[1,{"b":null}]}}"#), 200),
        (simple, .result(#"{"isAuthorized":false}"#), 403),
        (simple, .result(#"{"isAuthorized":"true"}"#), 500),
        (simple, .result(#"{"isAuthorized":"false"}"#), 500),
        (simple, .result(#"{"isAuthorized":1}"#), 500),
        (simple, .result(#"{"isAuthorized":null}"#), 500),
        (simple, .result("{}"), 500), (simple, .result("true"), 500), (simple, .result(""), 500),
        (simple, .result(#"{"isAuthorized":true,"context":"x"}"#), 500),
        (simple, .result(#"{"isAuthorized":true,"isAuthorized":false}"#), 500),
        (simple, .result(Fixture.answer("Allow")), 500),
        (simple, Fixture.failure("Unauthorized"), 500),
        (simple, .response(403, "{}".utf8), 500), (simple, .response(404, "{}".utf8), 500),
        (simple, .response(429, "{}".utf8), 500), (simple, .last([]), 500),
        (policy2, .result(Fixture.answer("Allow")), 200),
        (policy1, .result(Fixture.answer("Allow")), 200),
        (policy1, .result(Fixture.answer("Allow", "*", #","context":{"a":{"b":1}}"#)), 200),
        (policy2, .result(Fixture.answer("Deny")), 403),
        (policy1, .result(Fixture.answer("Allow", "*/POST/*")), 403),
        (policy2, .result(yes), 500),
        (policy2, .result(#"{"principalId":"me","policyDocument":{"Statement":1}}"#), 500),
    ]

    @Test("A11, A13: what each answer of the function means to the client", arguments: results.indices)
    func result(_ index: Int) async throws {
        let row = Self.results[index]
        let api = Fixture.api(.http, ["GET /a"], row.authorizer)
        try await Fixture.serve(api) { _ in
            row.reply
        } test: { gateway in
            let response = try await gateway.send("GET", "/a")
            let bodies = [
                200: "in", 403: #"{"message":"Forbidden"}"#, 500: #"{"message":"Internal Server Error"}"#,
            ]
            #expect(response.status == row.status, "\(row.reply)")
            #expect(response.body == bodies[row.status], "\(row.reply)")
            #expect(response["x-amzn-errortype"] == nil)
            #expect(gateway.invocationCount == (row.status == 200 ? 1 : 0))
        }
    }

    // MARK: Context

    @Test("E27, A14: format 2.0 of the function has the context under `lambda`, types kept")
    func context2() async throws {
        let api = Fixture.api(.http, ["GET /a"], Self.simple)
        let context = #"{"s":"x","n":1,"r":1.5,"b":true,"z":null,"l":[1,"2"],"m":{"k":false}}"#
        try await Fixture.serve(api) { _ in
            .result(#"{"isAuthorized":true,"context":\#(context)}"#)
        } test: { gateway in
            #expect(try await gateway.send("GET", "/a").status == 200)
            let expected = try JSONParser.parse(#"{"lambda":\#(context)}"#)
            #expect(try gateway.event().at("requestContext/authorizer") == expected)
        }
    }

    @Test("2.4: format 1.0 of the function has the context as texts")
    func context1() async throws {
        let api = Fixture.api(.http, ["GET /a"], Self.policy2, route: #","payload":"1.0""#)
        let context = #","context":{"s":"x","n":1,"b":true,"z":null,"l":[1,"2"]}"#
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow", "*", context))
        } test: { (gateway) async throws in
            #expect(try await gateway.send("GET", "/a").status == 200)
            let expected: JSONValue = ["s": "x", "n": "1", "b": "true", "l": #"[1,"2"]"#, "principalId": "me"]
            #expect(try gateway.event().at("requestContext/authorizer") == expected)
        }
    }

    // MARK: Cache

    @Test("A14: answers are kept only where a time is given; a refusal is kept too, a failure never")
    func kept() async throws {
        let rows: [(seconds: String, reply: String, status: Int, questions: Int)] = [
            ("", Self.yes, 200, 2), (#","cacheSeconds":0"#, Self.yes, 200, 2),
            (#","cacheSeconds":60"#, Self.yes, 200, 1),
            (#","cacheSeconds":60"#, #"{"isAuthorized":false}"#, 403, 1), (#","cacheSeconds":60"#, "{}", 500, 2),
        ]
        for row in rows {
            let api = Fixture.api(.http, ["GET /a"], Self.simple + Self.header + row.seconds)
            try await Fixture.serve(api) { _ in
                .result(row.reply)
            } test: { (gateway) async throws in
                for _ in 0..<2 {
                    #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == row.status, "\(row)")
                }
                #expect(gateway.questionCount == row.questions, "\(row)")
            }
        }
    }

    @Test("A14: a simple answer that is kept counts for every route, unless the route is part of the identity")
    func routes() async throws {
        for (source, questions) in [("", 1), (#","$context.routeKey""#, 2)] {
            let sources = #","cacheSeconds":60,"identitySources":["$request.header.Authorization"\#(source)]"#
            let api = Fixture.api(.http, ["GET /a", "GET /b"], Self.simple + sources)
            try await Fixture.serve(api) { request in
                .result(#"{"isAuthorized":\#(request.text.contains(#""routeKey":"GET /a""#))}"#)
            } test: { gateway in
                #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200)
                let other = try await gateway.send("GET", "/b", ["Authorization: t"])
                #expect(other.status == (questions == 1 ? 200 : 403))
                #expect(gateway.questionCount == questions)
            }
        }
    }

    @Test("A14: a policy that is kept is asked anew for each route")
    func policies() async throws {
        let api = Fixture.api(.http, ["GET /a", "GET /b"], Self.policy2 + Self.header + #","cacheSeconds":60"#)
        try await Fixture.serve(api) { _ in
            .result(Fixture.answer("Allow", "*/GET/a"))
        } test: { (gateway) async throws in
            #expect(try await gateway.send("GET", "/b", ["Authorization: t"]).status == 403)
            #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200)
            #expect(gateway.questionCount == 1)
        }
    }

    @Test("A4, A12: identity sources of the other kind of API close the route")
    func sourcesOfREST() async throws {
        let api = Fixture.api(.http, ["GET /a"], Self.simple + #","identitySources":["method.request.header.A"]"#)
        try await Fixture.serve(api) { _ in
            .result(Self.yes)
        } test: { (gateway) async throws in
            #expect(try await gateway.send("GET", "/a", ["A: 1"]).status == 501)
        }
    }
}
