// Web servers that get requests of the gateway's own: http integrations of REST APIs.

import Manifest
import Testing

@testable import Proxy

@Suite("HTTP integrations")
struct MadeRequestTests {
    private static func api(_ more: String, binaryTypes: String = "") -> String {
        WebServerIntegrationTests.api(
            #""type":"http","url":"https://backend.test/x",\#(more)"#,
            route: "ANY /",
            more: binaryTypes.isEmpty ? "" : #""binaryTypes":[\#(binaryTypes)],"#
        )
    }

    private static let standard = #""responses":{"default":{"statusCode":"200"}}"#

    @Test(
        "3.2 HTTP: only mapped fields reach the server, and those of the gateway",
        arguments: [("GET", nil), ("POST", "a/b"), ("PATCH", "a/b")] as [(String, String?)]
    )
    func requestFields(method: String, type: String?) async throws {
        let parameters = """
            "parameters":{"integration.request.header.X-Mapped":"method.request.header.x-mine",
            "integration.request.header.Via":"'x'","integration.request.header.TE":"'x'",
            "integration.request.querystring.q":"method.request.querystring.a"},
            """
        try await WebServerIntegrationTests.serve(Self.api(parameters + Self.standard)) { gateway async throws in
            _ = try await gateway.send(
                method,
                "/?a=1&b=2",
                ["X-Mine: 1", "Authorization: x", "Content-Type: a/b", "Accept: text/x", "User-Agent: me"],
                content: method == "GET" ? nil : Array("hello".utf8)
            )
            let request = try #require(gateway.endpoint.requests.first)
            let id = EventTemplate.stableID("A")
            #expect(request.requestLine == "\(method) /x?q=1 HTTP/1.1")
            #expect(request.text == (method == "GET" ? "" : "hello"))
            for (name, values) in [
                ("x-mapped", ["1"]), ("accept", ["application/json"]), ("user-agent", ["AmazonAPIGateway_\(id)"]),
                ("x-amzn-apigateway-api-id", [id]), ("content-type", type.map { [$0] } ?? []), ("x-mine", []),
                ("authorization", []), ("via", []), ("te", []),
            ] { #expect(request.values(name) == values, "\(name)") }
            #expect(request.values("x-amzn-trace-id").count == 1)
        }
    }

    @Test("6.4: a template takes the place of the content, by its type")
    func templates() async throws {
        let templates = #""templates":{"a/b":"fixed","application/json":""},"passthrough":"NEVER","#
        try await WebServerIntegrationTests.serve(Self.api(templates + Self.standard)) { gateway async throws in
            for (type, content) in [("a/b", "fixed"), ("application/json", "")] {
                _ = try await gateway.send("POST", "/", ["Content-Type: \(type)"], content: Array("sent".utf8))
                #expect(gateway.endpoint.requests.last?.text == content)
            }
            #expect(try await gateway.send("POST", "/", ["Content-Type: c/d"], content: [1]).status == 415)
            #expect(gateway.endpoint.requests.count == 2)
        }
    }

    @Test(
        "6.4: the status selects the integration response by a pattern that takes it whole",
        arguments: [(200, 201), (404, 400), (500, 502), (503, 502), (302, 200), (418, 200)]
    )
    func selection(status: Int, expected: Int) async throws {
        let responses = """
            "responses":{"default":{"statusCode":"200"},"200":{"statusCode":"201"},"404|409":{"statusCode":"400"},
            "5\\\\d\\\\d":{"statusCode":"502"},"41":{"statusCode":"500"}}
            """
        try await WebServerIntegrationTests.serve(
            Self.api(responses),
            script: { _ in .response(status, Array("body".utf8), fields: ["X: 1", "Content-Type: text/x"]) }
        ) { gateway async throws in
            let response = try await gateway.send()
            #expect(response.status == expected)
            #expect(response.body == "body")
            #expect(response["x"] == nil)
            #expect(response["content-type"] == "application/json")
            #expect(response["x-amzn-trace-id"] != nil, "1.4: HTTP has the trace id")
        }
    }

    @Test("6.4: no match and no default is 500")
    func noMatch() async throws {
        try await WebServerIntegrationTests.serve(Self.api(#""responses":{"201":{"statusCode":"200"}}"#)) {
            gateway async throws in
            #expect(try await gateway.send().status == 500)
        }
    }

    @Test(
        "3.2 HTTP: fields that are the gateway's own come back under another name",
        arguments: [
            "Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host", "Max-Forwards",
            "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate",
        ]
    )
    func remapped(name: String) async throws {
        let responses = """
            "responses":{"default":{"statusCode":"200","parameters":{"method.response.header.\(name)":"'x'",
            "method.response.header.Transfer-Encoding":"'chunked'"}}}
            """
        try await WebServerIntegrationTests.serve(Self.api(responses)) { gateway async throws in
            let response = try await gateway.send()
            #expect(response["x-amzn-remapped-\(name)"] == "x")
            #expect(response.fields.filter { $0.name.lowercased() == name.lowercased() && $0.value == "x" }.isEmpty)
            #expect(response["transfer-encoding"] == nil)
            #expect(response.body == "ok")
        }
    }

    @Test("6.4: fields and templates of the response")
    func response() async throws {
        let responses = """
            "responses":{"default":{"statusCode":"203","templates":{"text/y":"fixed"},"parameters":{
            "method.response.header.A":"integration.response.header.X-One",
            "method.response.header.B":"integration.response.multivalueheader.x-one",
            "method.response.header.C":"integration.response.body.a[0]","method.response.header.D":"'s'",
            "method.response.header.E":"integration.response.body","method.response.header.F":"context.httpMethod",
            "method.response.header.G":"integration.response.body.none"}}}
            """
        try await WebServerIntegrationTests.serve(
            Self.api(responses),
            script: { _ in .response(200, Array(#"{"a":[5]}"#.utf8), fields: ["X-One: 1", "x-one: 2"]) }
        ) { gateway async throws in
            let response = try await gateway.send()
            #expect(response.status == 203)
            #expect(response.body == "fixed")
            for (name, value) in [
                ("a", "2"), ("b", "1,2"), ("c", "5"), ("d", "s"), ("e", #"{"a":[5]}"#), ("f", "GET"), ("g", nil),
                ("content-type", "text/y"),
            ] as [(String, String?)] { #expect(response[name] == value, "\(name)") }
        }
    }

    @Test(
        "6.4: contentHandling of requests",
        arguments: [
            ("", "image/x", [0xFF], [0xFF]), ("", "text/x", [0x61, 0xFF], [0x61, 0xEF, 0xBF, 0xBD]),
            ("CONVERT_TO_TEXT", "image/x", [0xFF], Array("/w==".utf8)),
            ("CONVERT_TO_TEXT", "text/x", Array("a".utf8), Array("a".utf8)),
            ("CONVERT_TO_BINARY", "text/x", Array("/w==".utf8), [0xFF]),
            ("CONVERT_TO_BINARY", "image/x", [0xFF], [0xFF]), ("CONVERT_TO_BINARY", "text/x", Array("!".utf8), nil),
        ] as [(String, String, [UInt8], [UInt8]?)]
    )
    func requestContent(handling: String, type: String, sent: [UInt8], arrived: [UInt8]?) async throws {
        let more = (handling.isEmpty ? "" : #""contentHandling":"\#(handling)","#) + Self.standard
        try await WebServerIntegrationTests.serve(Self.api(more, binaryTypes: #""image/*""#)) { gateway async throws in
            let response = try await gateway.send("POST", "/", ["Content-Type: \(type)"], content: sent)
            #expect(response.status == (arrived == nil ? 500 : 200))
            #expect(gateway.endpoint.requests.last?.content == arrived)
        }
    }

    @Test(
        "6.4: contentHandling of responses; only the first type in Accept counts",
        arguments: [
            ("", "text/x", "text/x", Array("/w==".utf8), Array("/w==".utf8)),
            ("", "text/x", "image/x, text/x", Array("/w==".utf8), [0xFF]),
            ("", "text/x", "text/x, image/x", Array("/w==".utf8), Array("/w==".utf8)),
            ("", "image/x", "text/x", [0xFF], Array("/w==".utf8)), ("", "image/x", "image/x", [0xFF], [0xFF]),
            ("CONVERT_TO_TEXT", "image/x", "image/x", [0xFF], Array("/w==".utf8)),
            ("CONVERT_TO_TEXT", "text/x", "image/x", Array("a".utf8), Array("a".utf8)),
            ("CONVERT_TO_BINARY", "text/x", "text/x", Array("/w==".utf8), [0xFF]),
            ("CONVERT_TO_BINARY", "image/x", "text/x", [0xFF], [0xFF]),
            ("", "text/x", "image/x", Array("!".utf8), nil),
        ] as [(String, String, String, [UInt8], [UInt8]?)]
    )
    func responseContent(handling: String, type: String, accept: String, sent: [UInt8], arrived: [UInt8]?) async throws
    {
        let member = handling.isEmpty ? "" : #","contentHandling":"\#(handling)""#
        let more = #""responses":{"default":{"statusCode":"200"\#(member)}}"#
        try await WebServerIntegrationTests.serve(
            Self.api(more, binaryTypes: #""image/*""#),
            script: { _ in .response(200, sent, fields: ["Content-Type: \(type)"]) }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept: \(accept)"])
            #expect(response.status == (arrived == nil ? 500 : 200))
            if let arrived { #expect(response.content == arrived) }
        }
    }
}
