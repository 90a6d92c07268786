// Routes that answer by themselves.

import Manifest
import Testing

@testable import Proxy

@Suite("Mock integrations")
struct MockIntegrationTests {
    /// A REST API with one mock route, `ANY /m`.
    static func api(_ mock: String, more: String = "") -> String {
        """
        {"A":{"kind":"rest","stage":"Prod",\(more)"routes":{"ANY /m/{id}":{"auth":"none",
        "integration":{"type":"mock",\(mock)}}}}}
        """
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    @Test(
        "6.4: the request template is lenient JSON whose integer statusCode selects the response, else 500",
        arguments: [
            (#"{"statusCode": 200}"#, 200), ("{statusCode: 200}", 200), ("{'statusCode':404,}", 404),
            (#"{"a":{"statusCode":404},"statusCode":200}"#, 200), (#" { "b" : [1,{x:'}'}], statusCode : 404 } "#, 404),
            (#"{"statusCode": "200"}"#, 500), (#"{"statusCode": 200.5}"#, 500), (#"{"other": 200}"#, 500),
            ("{}", 500), ("200", 500), ("", 500), ("{statusCode: 200", 500), ("{statusCode: 200} x", 500),
            (String(repeating: "{a:", count: 5000), 500), ("{\"statusCode", 500), ("{\"\\", 500),
        ]
    )
    func status(template: String, expected: Int) async throws {
        let mock = #"""
            "templates":{"application/json":\#(Self.quoted(template))},
            "responses":{"200":{"statusCode":"200"},"4\\d{2}":{"statusCode":"404"}}
            """#
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            let response = try await gateway.send("GET", "/m/1")
            #expect(response.status == expected)
            if expected == 500 {
                #expect(response.body == #"{"message": "Internal server error"}"#)
                #expect(response["x-amzn-errortype"] == "InternalServerErrorException")
            } else {
                #expect(response.body.isEmpty)
                #expect(response["content-type"] == "application/json")
            }
            #expect(response["x-amzn-trace-id"] == nil, "1.4: no trace id")
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test(
        "6.4: the template is that of the Content-Type, else $default, else the content passes or is refused with 415",
        arguments: [
            (#""application/json":"{statusCode:200}""#, "", ["Content-Type: application/json; charset=utf-8"], "", 200),
            (#""application/json":"{statusCode:200}""#, "", [], "", 200),
            (#""application/json":"{statusCode:200}""#, "", ["Content-Type: text/plain"], "{statusCode:404}", 404),
            (#""application/json":"{statusCode:200}""#, "", ["Content-Type: text/plain"], "", 500),
            (#""$default":"{statusCode:200}""#, "", ["Content-Type: text/plain"], "{statusCode:404}", 200),
            ("", "WHEN_NO_TEMPLATES", ["Content-Type: text/plain"], "{statusCode:404}", 404),
            (#""a/b":"{}""#, "WHEN_NO_TEMPLATES", ["Content-Type: text/plain"], "{statusCode:404}", 415),
            (#""a/b":"{}""#, "NEVER", ["Content-Type: text/plain"], "{statusCode:404}", 415),
            (#""a/b":"{statusCode:200}""#, "NEVER", ["Content-Type: A/B"], "x", 200), ("", "NEVER", [], "", 415),
        ] as [(String, String, [String], String, Int)]
    )
    func passthrough(templates: String, rule: String, fields: [String], content: String, expected: Int) async throws {
        let mock = """
            "templates":{\(templates)},\(rule.isEmpty ? "" : #""passthrough":"\#(rule)","#)
            "responses":{"default":{"statusCode":"200"},"404":{"statusCode":"404"}}
            """
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            let response = try await gateway.send("POST", "/m/1", fields, content: Array(content.utf8))
            #expect(response.status == expected)
            if expected == 415 {
                #expect(response.body == #"{"message": "Unsupported Media Type"}"#)
                #expect(response["x-amzn-errortype"] == "BadRequestException")
            }
        }
    }

    @Test("6.4: no integration response for the status, and no default, is 500")
    func noResponse() async throws {
        let mock = #""templates":{"$default":"{statusCode:201}"},"responses":{"20":{"statusCode":"200"}}"#
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            let response = try await gateway.send("GET", "/m/1")
            #expect(response.status == 500)
            #expect(response.body == #"{"message": "Internal server error"}"#)
        }
    }

    @Test("6.4: fields come from texts, the request, the context and the stage")
    func fields() async throws {
        let mock = """
            "templates":{"$default":"{statusCode:200}"},"responses":{"default":{"statusCode":"201","parameters":{
            "method.response.header.X-Text":"'a, b'","method.response.header.X-Query":"method.request.querystring.q",
            "method.response.header.X-Queries":"method.request.multivaluequerystring.q",
            "method.response.header.X-Field":"method.request.header.x-in",
            "method.response.header.X-Fields":"method.request.multivalueheader.X-In",
            "method.response.header.X-Path":"method.request.path.id",
            "method.response.header.X-Body":"method.request.body.a.b[1]",
            "method.response.header.X-Stage":"context.stage","method.response.header.X-Variable":"stageVariables.v",
            "method.response.header.X-Missing":"method.request.header.none",
            "method.response.header.Server":"'mine'","method.response.header.Content-Type":"'text/x'"}}}
            """
        try await TestGateway.serve(Self.api(mock, more: #""stageVariables":{"v":"1"},"#)) { gateway async throws in
            let response = try await gateway.send(
                "POST",
                "/m/a%20b?q=1&q=2%2B",
                ["X-In: 1", "X-In: 2"],
                content: Array(#"{"a":{"b":[1,"tw\u006f"]}}"#.utf8)
            )
            #expect(response.status == 201)
            for (name, value) in [
                ("x-text", "a, b"), ("x-query", "2+"), ("x-queries", "1,2+"), ("x-field", "2"), ("x-fields", "1,2"),
                ("x-path", "a%20b"), ("x-body", "two"), ("x-stage", "Prod"), ("x-variable", "1"),
                ("x-amzn-remapped-server", "mine"), ("content-type", "text/x"),
            ] { #expect(response[name] == value, "\(name)") }
            #expect(response["x-missing"] == nil)
            #expect(response["server"] == nil)
        }
    }

    @Test(
        "6.4: the response template is that of the first type in Accept, else application/json, else the first",
        arguments: [
            (#""application/json":"j","text/plain":"t""#, "text/plain;q=1, application/json", "t", "text/plain"),
            (#""application/json":"j","text/plain":"t""#, "text/html, text/plain", "j", "application/json"),
            (#""application/json":"j","text/plain":"t""#, "*/*", "j", "application/json"),
            (#""text/plain":"t","text/xml":"x""#, "application/json", "t", "text/plain"),
            (#""text/plain":"t","text/xml":"x""#, nil, "t", "text/plain"),
        ] as [(String, String?, String, String)]
    )
    func templates(templates: String, accept: String?, body: String, type: String) async throws {
        let mock = """
            "templates":{"$default":"{statusCode:200}"},
            "responses":{"default":{"statusCode":"200","templates":{\(templates)}}}
            """
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            let response = try await gateway.send("GET", "/m/1", accept.map { ["Accept: \($0)"] } ?? [])
            #expect(response.body == body)
            #expect(response["content-type"] == type)
        }
    }

    @Test("A value that no field can have is not sent to the client")
    func hostileValue() async throws {
        let mock = """
            "templates":{"$default":"{statusCode:200}"},"responses":{"default":{"statusCode":"200",
            "parameters":{"method.response.header.X":"method.request.querystring.q"}}}
            """
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            let response = try await gateway.send("GET", "/m/1?q=a%0d%0aSet-Cookie:%20b")
            #expect(response.status == 500)
            #expect(response["set-cookie"] == nil)
        }
    }

    @Test(
        "6.4: a template with variables or directives is a bad one: 500",
        arguments: [
            ##""templates":{"$default":"#set($a = 1){statusCode:200}"},"responses":{"default":{"statusCode":"200"}}"##,
            #""templates":{"$default":"$input.body"},"responses":{"default":{"statusCode":"200"}}"#,
            #""responses":{"default":{"statusCode":"200","templates":{"a/b":"${context.stage}"}}}"#,
        ]
    )
    func badTemplate(mock: String) async throws {
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            let response = try await gateway.send("GET", "/m/1")
            #expect(response.status == 500)
            #expect(response.body == #"{"message": "Internal server error"}"#)
        }
    }

    @Test(
        "Mappings that this version does not have close the route with 501",
        arguments: [
            #""responses":{"default":{"statusCode":"200","parameters":{"method.response.header.X":"wrong"}}}"#,
            #""responses":{"default":{"statusCode":"99"}}"#, #""responses":{"(?<=a)":{"statusCode":"200"}}"#,
            #""passthrough":"SOMETIMES""#,
            #""responses":{"default":{"statusCode":"200","contentHandling":"CONVERT"}}"#,
        ]
    )
    func notServed(mock: String) async throws {
        try await TestGateway.serve(Self.api(mock)) { gateway async throws in
            #expect(try await gateway.send("GET", "/m/1").status == 501)
        }
    }

    @Test(
        "6.4: which templates are fixed text",
        arguments: [
            ("", true), (#"{"a":1}"#, true), ("costs 5$", true), ("#fff $.x", true), ("a # b", true), ("$", true),
            ("#", true), ("$input", false), ("$!input", false), ("${x}", false), ("$!{x}", false), ("#if(1)", false),
            ("#{else}", false), ("## x", false), ("#[[x]]#", false), ("#*x*#", false), ("$_x", false), ("#@m", true),
        ]
    )
    func fixedText(template: String, isFixed: Bool) { #expect(RouteIntegration.isFixed(template) == isFixed) }
}
