// Web servers that templates name: http_proxy and http of REST APIs.

import Manifest
import Testing

@testable import Proxy

@Suite("Web servers that templates name")
struct WebServerIntegrationTests {
    /// A REST API with one route to the test's endpoint at `https://backend.test`.
    static func api(_ integration: String, route: String = "ANY /a/{id}/{proxy+}", more: String = "") -> String {
        """
        {"A":{"kind":"rest","stage":"Prod",\(more)"routes":{"\(route)":{"auth":"none","integration":{\(integration)}}}}}
        """
    }

    static func serve(
        _ apis: String,
        script: @escaping TestEndpoint.Script = { _ in .response(200, Array("ok".utf8)) },
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        try await TestGateway.serve(
            apis,
            wire: .http,
            configure: { $0.endpoints["https://backend.test"] = $0.defaultEndpoint },
            script: script,
            body
        )
    }

    private static let proxy = #""type":"http_proxy","url":"https://backend.test/x/{proxy}","#
    private static let path = #""integration.request.path.proxy":"method.request.path.proxy""#

    // MARK: http_proxy

    @Test("6.4: path parameters are substituted as they were sent, and the client's query passes before what is mapped")
    func target() async throws {
        let integration = """
            "type":"http_proxy","url":"https://backend.test/x/{proxy}/${stageVariables.v}/{h}?s=1",
            "parameters":{\(Self.path),"integration.request.path.h":"method.request.header.h",
            "integration.request.querystring.q":"method.request.querystring.in",
            "integration.request.querystring.m":"method.request.multivaluequerystring.in",
            "integration.request.querystring.none":"method.request.querystring.none"}
            """
        try await Self.serve(Self.api(integration, more: #""stageVariables":{"v":"blue"},"#)) { gateway async throws in
            _ = try await gateway.send("GET", "/a/1/b%20c/d+e?in=1%26&in=2;z", ["h: ..x/y z?#&"])
            #expect(
                gateway.endpoint.requests.first?.requestLine
                    == "GET /x/b%20c/d+e/blue/..x%2Fy%20z%3F%23&?s=1&in=1%26&in=2;z&m=1%26%2C2&q=2 HTTP/1.1"
            )
        }
    }

    @Test("3.2 HTTP_PROXY: which of the client's fields reach the server")
    func requestFields() async throws {
        try await Self.serve(
            Self.api(
                Self.proxy + """
                    "parameters":{\(Self.path),"integration.request.header.X-Mapped":"context.stage",
                    "integration.request.header.TE":"'trailers'","integration.request.header.Via":"'x'",
                    "integration.request.header.Expect":"'x'","integration.request.header.Proxy-Authenticate":"'x'"}
                    """
            )
        ) { gateway async throws in
            _ = try await gateway.send(
                "POST",
                "/a/1/b",
                [
                    "Accept: text/x", "Authorization: Basic x", "Content-Type: a/b", "Content-MD5: x",
                    "Max-Forwards: 1",
                    "Server: x", "TE: x", "Via: x", "WWW-Authenticate: x", "Content-Encoding: x", "X-Mine: 1",
                    "x-mapped: client", "X-Amzn-Apigateway-Api-Id: forged", "Connection: X-Secret", "X-Secret: 1",
                    "X-Amzn-Trace-Id: Root=1-2-3", "X-Forwarded-For: 10.0.0.1", "Cookie: a=1",
                ],
                content: Array("hello".utf8)
            )
            let request = try #require(gateway.endpoint.requests.first)
            #expect(request.text == "hello")
            for (name, values) in [
                ("host", ["127.0.0.1:\(gateway.endpoint.port)"]), ("accept", ["text/x"]),
                ("authorization", ["Basic x"]),
                ("content-type", ["a/b"]), ("x-mine", ["1"]), ("x-mapped", ["Prod"]), ("cookie", ["a=1"]),
                ("x-amzn-apigateway-api-id", [EventTemplate.stableID("A")]), ("x-amzn-trace-id", ["Root=1-2-3"]),
                ("x-forwarded-for", ["10.0.0.1, 127.0.0.1"]), ("content-length", ["5"]), ("content-md5", []),
                ("max-forwards", []), ("server", []), ("te", []), ("via", []), ("www-authenticate", []),
                ("content-encoding", []), ("x-secret", []), ("connection", []), ("expect", []),
                ("proxy-authenticate", []), ("forwarded", []),
            ] { #expect(request.values(name) == values, "\(name)") }
        }
    }

    @Test(
        "3.2: to map a field that is the gateway's own is 500, where the value is there",
        arguments: ["Content-Length", "transfer-encoding", "X-Amzn-Trace-Id", "x-amzn-apigateway-api-id"]
    )
    func forbidden(name: String) async throws {
        let mapping = #""integration.request.header.\#(name)":"method.request.header.in""#
        try await Self.serve(Self.api(Self.proxy + #""parameters":{\#(Self.path),\#(mapping)}"#)) {
            gateway async throws in
            let response = try await gateway.send("GET", "/a/1/b", ["in: 1"])
            #expect(response.status == 500)
            #expect(response.body == #"{"message": "Internal server error"}"#)
            #expect(gateway.endpoint.requests.isEmpty)
            #expect(try await gateway.send("GET", "/a/1/b").status == 200)
        }
    }

    @Test("3.2 HTTP_PROXY: which of the server's fields reach the client, and under which names")
    func responseFields() async throws {
        try await Self.serve(
            Self.api(Self.proxy + #""parameters":{\#(Self.path)}"#),
            script: { _ in
                .response(
                    203,
                    Array("x".utf8),
                    fields: [
                        "Server: gunicorn", "Date: then", "Via: x", "Content-Encoding: identity", "X-Mine: 1",
                        "Connection: keep-alive", "x-amzn-RequestId: theirs", "Access-Control-Allow-Origin: *",
                        "Set-Cookie: a=1", "Set-Cookie: b=2", "User-Agent: x", "Content-Type: a/b",
                    ]
                )
            }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1/b")
            #expect(response.status == 203)
            for (name, value) in [
                ("x-amzn-remapped-server", "gunicorn"), ("x-amzn-remapped-date", "then"),
                ("x-amzn-remapped-connection", "keep-alive"), ("x-amzn-remapped-content-length", "1"),
                ("x-amzn-remapped-x-amzn-requestid", "theirs"), ("via", nil), ("content-encoding", nil),
                ("server", nil), ("x-mine", "1"), ("access-control-allow-origin", "*"), ("set-cookie", "a=1|b=2"),
                ("user-agent", "x"), ("content-type", "a/b"), ("x-amzn-trace-id", nil), ("content-length", "1"),
            ] as [(String, String?)] { #expect(response[name] == value, "\(name)") }
            #expect(response["x-amzn-requestid"]?.count == 36)
        }
    }

    @Test(
        "6.4: the method is the integration's, and HEAD gets what it should",
        arguments: [("GET", "HEAD", "GET"), ("POST", "GET", "POST"), ("HEAD", "GET", "HEAD"), (nil, "HEAD", "HEAD")]
            as [(String?, String, String)]
    )
    func method(configured: String?, sent: String, arrived: String) async throws {
        let method = configured.map { #""method":"\#($0)","# } ?? ""
        try await Self.serve(
            Self.api(Self.proxy + method + #""parameters":{\#(Self.path)}"#),
            script: { request in
                request.requestLine.hasPrefix("HEAD")
                    ? .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n".utf8))
                    : .response(200, Array("content".utf8))
            }
        ) { gateway async throws in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send("\(sent) /a/1/b HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try await client.response(toHead: sent == "HEAD")
                #expect(response.status == 200)
                #expect(response.body == (sent == "HEAD" || arrived == "HEAD" ? "" : "content"))
                #expect(response["content-length"]?.contains("|") == false)
            }
            #expect(client.received.isEmpty)
            #expect(gateway.endpoint.requests.allSatisfy { $0.requestLine.hasPrefix("\(arrived) /x/b ") })
            await client.close()
        }
    }

    @Test(
        "Neither a path nor a value leads to another path of the server",
        arguments: [
            ("/a/1/../b", "x"), ("/a/1/%2e%2e/b", "x"), ("/a/1/b", ".."), ("/a/1/b", "."), ("/a/1/b", "../.."),
        ]
    )
    func dotSegments(path: String, value: String) async throws {
        let integration = """
            "type":"http_proxy","url":"https://backend.test/x/{proxy}/{h}",
            "parameters":{\(Self.path),"integration.request.path.h":"method.request.header.h"}
            """
        try await Self.serve(Self.api(integration)) { gateway async throws in
            #expect(try await gateway.send("GET", path, ["h: \(value)"]).status == 400)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("Values cannot become fields, requests or hosts")
    func injection() async throws {
        let integration = """
            "type":"http_proxy","url":"https://backend.test/{q}","parameters":{
            "integration.request.path.q":"method.request.querystring.q",
            "integration.request.header.X":"method.request.querystring.h"}
            """
        try await Self.serve(Self.api(integration, route: "GET /")) { gateway async throws in
            _ = try await gateway.send("GET", "/?q=a%0d%0aX:%20y%20HTTP/1.1%23%3F")
            #expect(
                gateway.endpoint.requests.last?.requestLine.hasPrefix("GET /a%0D%0AX:%20y%20HTTP%2F1.1%23%3F?") == true
            )
            let refused = try await gateway.send("GET", "/?q=a&h=b%0d%0aX-Evil:%201")
            #expect(refused.status == 400)
            #expect(gateway.endpoint.requests.count == 1)
        }
    }

    @Test("6.4: a parameter of the URL that has no value is 500")
    func missingParameter() async throws {
        try await Self.serve(Self.api(Self.proxy + #""parameters":{}"#)) { gateway async throws in
            #expect(try await gateway.send("GET", "/a/1/b").status == 500)
        }
    }

    @Test("6.7: stage variables stand in URLs; one that is missing is empty")
    func stageVariables() async throws {
        let integration = #""type":"http_proxy","url":"https://${stageVariables.host}/${stageVariables.none}y""#
        try await Self.serve(
            Self.api(integration, route: "GET /", more: #""stageVariables":{"host":"backend.test"},"#)
        ) { gateway async throws in
            _ = try await gateway.send("GET", "/")
            #expect(gateway.endpoint.requests.first?.requestLine == "GET /y HTTP/1.1")
        }
    }

    @Test("3.5: a server that cannot be reached, or takes too long, is 504")
    func failures() async throws {
        let integration = Self.proxy + #""parameters":{\#(Self.path)}"#
        try await TestGateway.serve(
            Self.api(integration),
            wire: .http,
            configure: {
                let port = (try? TestEndpoint.closedPort()) ?? 1
                $0.endpoints["https://backend.test"] = Endpoint(wire: .http, host: "127.0.0.1", port: port)
            }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1/b")
            #expect(response.status == 504)
            #expect(response.body == #"{"message": "Network error communicating with endpoint"}"#)
        }
        let slow = Self.api(integration).replacing(#""auth":"none""#, with: #""auth":"none","timeoutMilliseconds":50"#)
        try await Self.serve(slow, script: { _ in .silence }) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1/b")
            #expect(response.status == 504)
            #expect(response.body == #"{"message": "Endpoint request timed out"}"#)
        }
    }

    @Test(
        "What leads nowhere from here closes the route with 501",
        arguments: [
            #""type":"http_proxy","url":"https://other.test","private":true"#, #""type":"http_proxy""#,
            #""type":"http_proxy","url":"https://{host}/x""#, #""type":"http_proxy","url":"https:///x""#,
            #""type":"http_proxy","url":"ftp://x""#, #""type":"http_proxy","url":"https://a.test/{x""#,
            #""type":"http_proxy","url":"https://a.test/","method":"CONNECT""#,
            #""type":"http_proxy","url":"https://a.test/","method":"A B""#,
            #""type":"http_proxy","url":"https://a.test/","parameters":{"integration.request.header.X":"$input"}"#,
            #""type":"http_proxy","url":"https://a.test/","parameters":{"integration.request.header.X Y":"'a'"}"#,
        ]
    )
    func notServed(integration: String) async throws {
        try await Self.serve(Self.api(integration, route: "GET /")) { gateway async throws in
            #expect(try await gateway.send("GET", "/").status == 501)
        }
    }
}
