// Parameter mapping of HTTP APIs, for web servers and for functions.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Parameter mapping of HTTP APIs")
struct ParameterMappingTests {
    private static func server(
        _ url: String,
        _ parameters: String,
        responses: String = "",
        route: String = "ANY /a/{id}/{proxy+}"
    )
        -> String
    {
        """
        {"A":{"kind":"http","stage":"$default","stageVariables":{"v":"blue"},"routes":{"\(route)":{"auth":"none",
        "integration":{"type":"http_proxy","url":"\(url)","parameters":{\(parameters)},"responses":{\(responses)}}}}}}
        """
    }

    @Test(
        "6.5: what becomes of the request line",
        arguments: [
            ("https://backend.test", "", "/a/1/b?x=1", "/?x=1"),
            ("https://backend.test/p/{proxy}?s=1", "", "/a/1/b%20c/d?x=1", "/p/b%20c/d?s=1&x=1"),
            ("https://backend.test/{id}", "", "/a/%3Fx%23%25/b", "/%3Fx%23%25"),
            ("https://backend.test/p", #""overwrite:path":"$request.path""#, "/a/1/b%20c", "/a/1/b%20c"),
            (
                "https://backend.test/p", #""overwrite:path":"/n/${request.path.id}/${stageVariables.v}""#, "/a/1/b",
                "/n/1/blue"
            ),
            (
                "https://backend.test/p", #""overwrite:path":"${request.querystring.q}""#, "/a/1/b?q=x%3F%0d%0a",
                "/x%3F%0D%0A?q=x%3F%0d%0a"
            ),
            ("https://backend.test/p", #""append:querystring.q":"$request.path.id""#, "/a/1/b?q=0", "/p?q=0&q=1"),
            (
                "https://backend.test/p", #""overwrite:querystring.q":"$request.header.h""#, "/a/1/b?q=0&z=1&%71=2",
                "/p?z=1&q=a%26b"
            ),
            ("https://backend.test/p", #""remove:querystring.q":"''""#, "/a/1/b?q=0&z=1&q", "/p?z=1"),
            ("https://backend.test/p", #""append:querystring.c":"$context.httpMethod""#, "/a/1/b", "/p?c=POST"),
            ("https://backend.test/p", #""append:querystring.b":"$request.body.a""#, "/a/1/b", "/p?b=1"),
            ("https://backend.test/p", #""append:querystring.b":"$request.body.none""#, "/a/1/b", "/p"),
        ]
    )
    func requestLine(url: String, parameters: String, sent: String, arrived: String) async throws {
        try await WebServerIntegrationTests.serve(Self.server(url, parameters)) { gateway async throws in
            let response = try await gateway.send("POST", sent, ["h: a&b"], content: Array(#"{"a":1}"#.utf8))
            #expect(response.status == 200)
            let request = try #require(gateway.endpoint.requests.first)
            #expect(request.requestLine == "POST \(arrived) HTTP/1.1")
            #expect(request.text == #"{"a":1}"#)
        }
    }

    @Test("6.5: fields are appended, overwritten and removed, by values of the client's request")
    func requestFields() async throws {
        let parameters = """
            "append:header.X-Both":"$request.header.x-in","overwrite:header.x-over":"new ${context.stage}",
            "remove:header.x-gone":"''","append:header.x-new":"fixed","overwrite:header.X-In":"changed",
            "append:header.x-none":"$request.header.none","overwrite:header.Host":"virtual.test",
            "append:header.x-many":"$request.header.X-Many"
            """
        try await WebServerIntegrationTests.serve(Self.server("https://backend.test/", parameters)) {
            gateway async throws in
            _ = try await gateway.send(
                "GET",
                "/a/1/b",
                ["x-both: 1", "X-Over: old", "X-Over: older", "X-Gone: 1", "x-in: in", "X-Many: 1", "x-many: 2"]
            )
            let request = try #require(gateway.endpoint.requests.first)
            for (name, values) in [
                ("x-both", ["1", "in"]), ("x-over", ["new $default"]), ("x-gone", []), ("x-new", ["fixed"]),
                ("x-in", ["changed"]), ("x-none", []), ("host", ["virtual.test"]), ("x-many", ["1", "2", "1,2"]),
            ] { #expect(request.values(name) == values, "\(name)") }
        }
    }

    @Test("6.5: servers get a Forwarded field made of X-Forwarded-For")
    func forwarded() async throws {
        try await WebServerIntegrationTests.serve(Self.server("https://backend.test/", "")) { gateway async throws in
            _ = try await gateway.send(
                "GET",
                "/a/1/b",
                ["X-Forwarded-For: 10.0.0.1, 2001:db8::1, \"x\";proto=https", "Forwarded: for=forged"]
            )
            #expect(
                gateway.endpoint.requests.first?.values("forwarded") == [
                    #"for=10.0.0.1, for="[2001:db8::1]", for=127.0.0.1;host="gateway.test:8080";proto=http"#
                ]
            )
        }
    }

    @Test("6.5: responses are changed by their status")
    func responses() async throws {
        let responses = """
            "200":{"statusCode":"200","parameters":{"overwrite:statuscode":"203","remove:header.x-gone":"''",
            "append:header.x-new":"$response.header.x-one","overwrite:header.x-over":"${response.body.a} ${context.stage}"}},
            "404":{"statusCode":"404","parameters":{"append:header.x-path":"$request.path","overwrite:statuscode":"wrong"}}
            """
        try await WebServerIntegrationTests.serve(
            Self.server("https://backend.test/{proxy}", "", responses: responses),
            script: { request in
                request.requestLine.contains("none")
                    ? .response(404, Array("no".utf8))
                    : .response(
                        200,
                        Array(#"{"a":1}"#.utf8),
                        fields: ["x-one: 1", "x-one: 2", "X-Gone: 1", "X-Over: 0"]
                    )
            }
        ) { gateway async throws in
            let client = try await gateway.connect()
            for method in ["GET", "HEAD"] {
                try await client.send("\(method) /a/1/b HTTP/1.1\r\nHost: a\r\n\r\n")
                let found = try await client.response(toHead: method == "HEAD")
                #expect(found.status == 203)
                #expect(found["x-gone"] == nil)
                #expect(found["x-new"] == "1,2")
                #expect(found["content-length"]?.contains("|") == false)
                if method == "GET" { #expect(found["x-over"] == "1 $default") }
            }
            await client.close()
            let none = try await gateway.send("GET", "/a/1/none")
            #expect(none.status == 404)
            #expect(none.body == "no")
            #expect(none["x-path"] == "/a/1/none")
        }
    }

    @Test("6.5: a response that is given a status without content has none, and the connection goes on")
    func noContent() async throws {
        let responses = #""200":{"statusCode":"200","parameters":{"overwrite:statuscode":"204"}}"#
        try await WebServerIntegrationTests.serve(
            Self.server("https://backend.test/", "", responses: responses)
        ) { gateway async throws in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send("GET /a/1/b HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try await client.response()
                #expect(response.status == 204)
                #expect(response["content-length"] == nil)
            }
            #expect(client.received.isEmpty)
            await client.close()
        }
    }

    @Test("6.5: the requests and responses of functions are changed, too, and their parameters stay")
    func functions() async throws {
        let route = #"""
            ,"requestParameters":{"overwrite:path":"/new/${request.path.id}","append:header.x-new":"$request.path",
            "remove:querystring.q":"''"},"responseParameters":{"201":{"append:header.x-out":"$response.header.x-one",
            "overwrite:statuscode":"202"}}
            """#
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, ["GET /a/{id}"], route: route))}"#,
            script: { _ in .result(#"{"statusCode":201,"headers":{"x-one":"1"},"body":"b"}"#) }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/a/long%20id?q=1&z=2")
            #expect(response.status == 202)
            #expect(response["x-out"] == "1")
            let event = try gateway.event()
            #expect(event.at("rawPath") == "/new/long id")
            #expect(event.at("pathParameters/id") == "long id")
            #expect(event.at("headers/x-new") == "/a/long id")
            #expect(event["rawQueryString"] == "z=2")
            #expect(event["routeKey"] == "GET /a/{id}")
        }
    }

    @Test("6.5: the gateway's own errors are not changed")
    func errors() async throws {
        let route = #","responseParameters":{"500":{"overwrite:statuscode":"200"}}"#
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, ["GET /"], route: route))}"#,
            script: { _ in .response(500, Array("x".utf8)) }
        ) { gateway async throws in #expect(try await gateway.send().status == 500) }
    }

    @Test(
        "6.5: values that would change the request in another way are refused",
        arguments: [
            (#""overwrite:path":"$request.querystring.q""#, "/a/1/b?q=../c"),
            (#""overwrite:path":"$request.querystring.q""#, "/a/1/b?q=x/%252e%252e/../c"),
            (#""append:header.x":"$request.querystring.q""#, "/a/1/b?q=a%0d%0aX-Evil:1"),
            (#""append:header.x":"$request.path.id""#, "/a/x%0d%0aX-Evil:1/b"),
        ]
    )
    func hostile(parameters: String, target: String) async throws {
        try await WebServerIntegrationTests.serve(Self.server("https://backend.test/", parameters)) {
            gateway async throws in
            #expect(try await gateway.send("GET", target).status == 400)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test(
        "6.5: mappings that there are not close the route with 501",
        arguments: [
            #""append:path":"x""#, #""overwrite:statuscode":"200""#, #""replace:header.x":"y""#,
            #""append:header.x":"$request.cookie.x""#, #""append:header.x":"${request.header.x""#,
            #""overwrite:header.Content-Length":"1""#, #""append:header.a b":"1""#,
            #""overwrite:header.x":"$response.header.y""#, #""append:header.x-amz-y":"1""#,
        ]
    )
    func notServed(parameters: String) async throws {
        try await WebServerIntegrationTests.serve(Self.server("https://backend.test/", parameters)) {
            gateway async throws in
            #expect(try await gateway.send("GET", "/a/1/b").status == 501)
        }
    }

    @Test("3.5: a server that takes too long is 504, one that cannot be reached 503")
    func failures() async throws {
        let slow = Self.server("https://backend.test/", "")
            .replacing(#""auth":"none""#, with: #""auth":"none","timeoutMilliseconds":50"#)
        try await WebServerIntegrationTests.serve(slow, script: { _ in .silence }) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1/b")
            #expect(response.status == 504)
            #expect(response.body == #"{"message":"Gateway Timeout"}"#)
        }
        try await WebServerIntegrationTests.serve(
            Self.server("https://backend.test/", ""),
            script: { _ in .last([]) }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1/b")
            #expect(response.status == 503)
            #expect(response.body == #"{"message":"Service Unavailable"}"#)
        }
    }

    @Test("6.5: the listener of a private link is an endpoint of the configuration, and gets the client's path")
    func listener() async throws {
        let arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/x/1/2"
        let apis = Self.server(arn, "").replacing(
            #""type":"http_proxy","#,
            with: #""type":"http_proxy","private":true,"#
        )
        try await TestGateway.serve(
            apis,
            wire: .http,
            configure: { $0.endpoints[arn] = $0.defaultEndpoint },
            script: { _ in .response(200, []) }
        ) { gateway async throws in
            _ = try await gateway.send("GET", "/a/1/b%20c?x=1")
            #expect(gateway.endpoint.requests.first?.requestLine == "GET /a/1/b%20c?x=1 HTTP/1.1")
        }
        try await WebServerIntegrationTests.serve(apis) { gateway async throws in
            #expect(try await gateway.send("GET", "/a/1/b").status == 501)
        }
    }
}
