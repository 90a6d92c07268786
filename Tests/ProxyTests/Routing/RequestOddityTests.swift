// What REST APIs make of methods, queries and fields that are out of the ordinary, and slashes of HTTP APIs.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Oddities of routing")
struct RequestOddityTests {
    private static func rest(_ routes: [String], more: String = "") -> String {
        #"{"A":\#(TestGateway.api(.rest, routes, more: more))}"#
    }

    // MARK: Methods

    @Test(
        "R1.12: X-HTTP-Method-Override is the method, for routes and in the event",
        arguments: [
            ("POST", "DELETE", "DELETE"), ("GET", "PUT", "PUT"), ("POST", "GET", "GET"), ("PUT", "PATCH", "PATCH"),
            ("POST", "OPTIONS", "OPTIONS"),
        ]
    )
    func override(sent: String, field: String, seen: String) async throws {
        try await TestGateway.serve(Self.rest(["ANY /a", "\(field) /only"])) { gateway async throws in
            for path in ["/a", "/only"] {
                let response = try await gateway.send(sent, path, ["x-http-method-override: \(field)"], content: [])
                #expect(response.status == 200)
                let event = try gateway.event()
                #expect(event["httpMethod"]?.string == seen)
                #expect(event.at("requestContext/httpMethod")?.string == seen)
            }
            #expect(try await gateway.send(sent, "/only").status == (sent == field ? 200 : 403))
        }
    }

    @Test(
        "R1.12: a method that no route has takes nothing, and HEAD is neither put in place nor replaced",
        arguments: [
            ("POST", "PURGE", 403), ("POST", "delete", 403), ("POST", "GET /evil HTTP/1.1", 403), ("POST", "", 403),
            ("POST", "HEAD", 200), ("HEAD", "DELETE", 403),
        ]
    )
    func noOverride(sent: String, field: String, status: Int) async throws {
        try await TestGateway.serve(Self.rest(["POST /a", "DELETE /a"])) { gateway async throws in
            let response = try await gateway.send(sent, "/a", ["X-HTTP-Method-Override: \(field)"], content: [])
            #expect(response.status == status)
        }
    }

    @Test("R1.12: HTTP APIs do not heed it")
    func overrideOfHTTPAPI() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["POST /a", "DELETE /a"]))}"#) {
            gateway async throws in
            _ = try await gateway.send("POST", "/a", ["X-HTTP-Method-Override: DELETE"])
            #expect(try gateway.event()["routeKey"]?.string == "POST /a")
        }
    }

    @Test("R1.12: a web server gets the method in place of the sent one")
    func overrideToWebServer() async throws {
        try await TestGateway.serve(
            Self.rest(["DELETE /a"]),
            wire: .http,
            script: { _ in .response(200, Array("gone".utf8), fields: []) },
            { gateway async throws in
                let response = try await gateway.send("POST", "/a", ["X-HTTP-Method-Override: DELETE"], content: [1])
                #expect(response.body == "gone")
                #expect(gateway.endpoint.requests.last?.requestLine == "DELETE /a HTTP/1.1")
            }
        )
    }

    @Test("R1.12: the guard of the method that is called is the one that decides")
    func overrideAndAuthorizer() async throws {
        let apis = """
            {"A":{"kind":"rest","stage":"Prod","authorizers":{"L":{"kind":"unsupported"}},"routes":{
            "GET /a":{"function":"F","auth":"none"},"DELETE /a":{"function":"F","auth":"L"}}}}
            """
        try await TestGateway.serve(apis) { gateway async throws in
            #expect(try await gateway.send("GET", "/a", ["X-HTTP-Method-Override: DELETE"]).status == 501)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    // MARK: Queries

    @Test("R1.13: a REST API takes some characters of queries only encoded", arguments: ["a=|", "{", "a={b}", "}=1"])
    func reservedQuery(query: String) async throws {
        try await TestGateway.serve(Self.rest(["GET /a"])) { gateway async throws in
            let response = try await gateway.send("GET", "/a?\(query)")
            #expect(response.status == 400)
            #expect(response.body == #"{"message":"Bad Request"}"#)
            #expect(gateway.endpoint.requests.isEmpty)
            #expect(try await gateway.send("GET", "/a?a=%7C%7B%7D").status == 200)
            #expect(try gateway.event().at("queryStringParameters/a")?.string == "|{}")
        }
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["GET /a"]))}"#) { gateway async throws in
            #expect(try await gateway.send("GET", "/a?\(query)").status == 200)
        }
    }

    @Test("R1.13: a semicolon splits the query of a REST API")
    func semicolon() async throws {
        try await TestGateway.serve(Self.rest(["GET /a"])) { gateway async throws in
            _ = try await gateway.send("GET", "/a?x=1;y=2")
            #expect(try gateway.event().at("queryStringParameters/x")?.string == "1")
            #expect(try gateway.event().at("queryStringParameters/y")?.string == "2")
        }
    }

    // MARK: Fields of requests that nothing takes

    private static let parameters =
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
        + "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either "
        + "a 'X-Amz-Date' or a 'Date' header. Authorization="

    @Test(
        "R1.11: where no route is found, an Authorization field is read as a signature",
        arguments: [
            (
                "Bearer abc",
                "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'."
            ),
            ("allow", parameters + "allow"), ("Basic YTpi=", parameters + "Basic YTpi="),
            (
                "Bearer a=b, \"c",
                "'\"c' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer a=b, \"c'."
            ),
        ]
    )
    func misreadSignature(value: String, message: String) async throws {
        try await TestGateway.serve(Self.rest(["GET /a"])) { gateway async throws in
            let response = try await gateway.send("GET", "/b", ["Authorization: \(value)"])
            #expect(response.status == 403)
            #expect(try JSONParser.parse(response.content)["message"]?.string == message)
            #expect(response["x-amzn-errortype"] == "IncompleteSignatureException")
        }
    }

    @Test("R1.10, R1.11: a signature, or none, where no route is found misses the token")
    func signature() async throws {
        try await TestGateway.serve(Self.rest(["GET /a"])) { gateway async throws in
            for fields in [[], ["Authorization: AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c"]] {
                let response = try await gateway.send("GET", "/b", fields)
                #expect(response["x-amzn-errortype"] == "MissingAuthenticationTokenException")
            }
        }
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["GET /a"]))}"#) { gateway async throws in
            let response = try await gateway.send("GET", "/b", ["Authorization: Bearer a"])
            #expect(response.body == #"{"message":"Not Found"}"#)
        }
    }

    // MARK: Paths in events

    @Test("R1.7: a slash behind the path stays in the event's paths, and not in the greedy parameter")
    func trailingSlash() async throws {
        try await TestGateway.serve(Self.rest(["GET /{proxy+}"])) { gateway async throws in
            _ = try await gateway.send("GET", "/proxy-value/")
            let event = try gateway.event()
            #expect(event["path"]?.string == "/proxy-value/")
            #expect(event.at("requestContext/path")?.string == "/Prod/proxy-value/")
            #expect(event.at("pathParameters/proxy")?.string == "proxy-value")
        }
    }

    @Test(
        "R1.9: nothing of a path is decoded in the event of a REST API",
        arguments: ["Summer%20Sale%202023", "%E2%98%95", "test%2Balias@gmail.com", "a+b", "a%2Fb"]
    )
    func encodedPath(segment: String) async throws {
        try await TestGateway.serve(Self.rest(["GET /x/{p}"])) { gateway async throws in
            for path in ["/x/\(segment)", "/Prod/x/\(segment)"] {
                _ = try await gateway.send("GET", path)
                let event = try gateway.event()
                #expect(event["path"]?.string == "/x/\(segment)")
                #expect(event.at("requestContext/path")?.string == "/Prod/x/\(segment)")
                #expect(event.at("pathParameters/p")?.string == segment)
            }
        }
    }

    @Test(
        "R1.24: with lenient slashes a slash behind the path of an HTTP API does not count",
        arguments: [("/hello/", "GET /hello"), ("/hello", "GET /hello"), ("/a/b/", "GET /a/{p}"), ("/", "$default")]
    )
    func lenientSlash(target: String, route: String) async throws {
        let routes = ["GET /hello", "GET /a/{p}", "$default"]
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, routes))}"#,
            configure: { $0.routing.trailingSlash = .lenient },
            { gateway async throws in
                _ = try await gateway.send("GET", target)
                #expect(try gateway.event()["routeKey"]?.string == route)
                #expect(try gateway.event()["rawPath"]?.string == target)
            }
        )
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, routes))}"#) { gateway async throws in
            _ = try await gateway.send("GET", "/hello/")
            #expect(try gateway.event()["routeKey"]?.string == "$default")
        }
    }

    @Test("R1.25: the fallback route takes every method and path, OPTIONS and the root too")
    func fallback() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["ANY /{proxy+}", "$default"]))}"#) {
            gateway async throws in
            for (method, target, route) in [
                ("GET", "/", "$default"), ("OPTIONS", "/", "$default"), ("OPTIONS", "/a", "ANY /{proxy+}"),
                ("TRACE", "/a", "$default"),
            ] {
                _ = try await gateway.send(method, target)
                #expect(try gateway.event()["routeKey"]?.string == route)
            }
        }
    }

    @Test("3: dot segments are text to routes, and never reach a web server")
    func dotSegments() async throws {
        let apis = Self.rest(["GET /{proxy+}", "GET /admin"])
        try await TestGateway.serve(apis) { gateway async throws in
            _ = try await gateway.send("GET", "/a/../admin")
            #expect(try gateway.event().at("pathParameters/proxy")?.string == "a/../admin")
        }
        try await TestGateway.serve(apis, wire: .http) { gateway async throws in
            for path in ["/a/../admin", "/a/%2e%2E/admin", "/Prod/a/../admin", "/./admin", "/a/..%2fadmin"] {
                #expect(try await gateway.send("GET", path).status == 400)
            }
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }
}
