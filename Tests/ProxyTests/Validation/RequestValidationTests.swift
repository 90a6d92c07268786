// Requests that REST APIs refuse before their function hears of them.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Request validation")
struct RequestValidationTests {
    private static let models = #""models":{"Pet":{"type":"object","required":["a"]}},"#
    private static let body = #","validation":{"models":{"application/json":"Pet"}}"#

    private static func serve(
        _ routes: [String],
        validation: String,
        models: String = models,
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        _ test: (TestGateway) async throws -> Void
    ) async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, routes, more: models, route: validation))}"#,
            configure: configure,
            test
        )
    }

    private static func required(_ names: String...) -> String {
        let list = names.map { "\"method.request.\($0)\"" }.joined(separator: ",")
        return #","validation":{"requiredParameters":[\#(list)]}"#
    }

    @Test("6.1: required parameters that are absent or blank are named, headers first, then the path, then the query")
    func parameters() async throws {
        let required = Self.required(
            "querystring.qs1",
            "path.issuer",
            "header.x-header-param",
            "querystring.b",
            "header.A"
        )
        try await Self.serve(["GET /{issuer}"], validation: required) { gateway async throws in
            var response = try await gateway.send("GET", "/%20?b=1")
            #expect(response.status == 400)
            #expect(
                response.body
                    == #"{"message": "Missing required request parameters: [A, x-header-param, qs1]"}"#
            )
            #expect(response["x-amzn-errortype"] == "BadRequestException")
            #expect(response["content-type"] == "application/json")
            response = try await gateway.send("GET", "/x?b=+&qs1=%20", ["a: 1", "X-HEADER-PARAM:"])
            #expect(response.body == #"{"message": "Missing required request parameters: [x-header-param, b, qs1]"}"#)
            #expect(gateway.endpoint.requests.isEmpty)
            response = try await gateway.send("GET", "/x?b=2&qs1=3", ["a: 1", "X-HEADER-PARAM: y"])
            #expect(response.status == 200)
        }
    }

    @Test("A parameter that the path does not have is always missing")
    func unknownParameter() async throws {
        try await Self.serve(["GET /x"], validation: Self.required("path.issuer")) { gateway async throws in
            let response = try await gateway.send("GET", "/x")
            #expect(response.body == #"{"message": "Missing required request parameters: [issuer]"}"#)
        }
    }

    @Test(
        "6.1: a body is checked by the model of its media type, which is JSON where it has none",
        arguments: [
            (["Content-Type: application/json"], #"{"a":1}"#, 200), (["Content-Type: application/json"], "{}", 400),
            (["Content-Type: Application/JSON ; charset=utf-8"], "{}", 400), ([], "{}", 400), ([], #"{"a":1}"#, 200),
            (["Content-Type:"], "{}", 400), (["Content-Type: text/plain"], "{}", 200), ([], "nonsense", 400),
            (["Content-Type: application/vnd.api+json"], "{}", 200), ([], #"{"a":1}{"a":1}"#, 400),
            ([], #"{"a":1,"a":2}"#, 400), ([], "\u{FEFF}{\"a\":1}", 400), ([], "", 400),
            (["Content-Type: application/json, text/plain"], "{}", 200),
        ]
    )
    func media(fields: [String], content: String, status: Int) async throws {
        try await Self.serve(["POST /"], validation: Self.body) { gateway async throws in
            let response = try await gateway.send("POST", "/", fields, content: Array(content.utf8))
            #expect(response.status == status)
            #expect(gateway.endpoint.requests.count == (status == 200 ? 1 : 0))
            guard status == 400 else { return }
            #expect(response.body == #"{"message": "Invalid request body"}"#)
            #expect(response["x-amzn-errortype"] == "BadRequestException")
        }
    }

    @Test("6.1: no body at all is checked as an empty object", arguments: ["GET", "POST"])
    func empty(method: String) async throws {
        try await Self.serve(["ANY /"], validation: Self.body) { gateway async throws in
            #expect(try await gateway.send(method, "/").status == 400)
        }
    }

    @Test("6.1: parameters are checked before the body, which need not be there yet")
    func order() async throws {
        let validation =
            #","validation":{"requiredParameters":["method.request.querystring.q"],"#
            + #""models":{"application/json":"Pet"}}"#
        try await Self.serve(["POST /"], validation: validation) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
            let response = try await client.response()
            #expect(response.body == #"{"message": "Missing required request parameters: [q]"}"#)
            await client.close()
        }
    }

    @Test("The body that was checked is the one that the function gets, chunked or not, one after the other")
    func content() async throws {
        try await Self.serve(["POST /"], validation: Self.body) { gateway async throws in
            let client = try await gateway.connect()
            let chunked =
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"
            try await client.send(chunked + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}" + chunked)
            #expect(try await client.response().status == 200)
            #expect(try gateway.event()["body"] == #"{"a":1}"#)
            #expect(try await client.response().status == 400)
            #expect(try await client.response().status == 200)
            await client.close()
        }
    }

    @Test("A body beyond the limit is not checked")
    func large() async throws {
        try await Self.serve(
            ["POST /"],
            validation: Self.body,
            configure: { $0.limits.contentBytes = 100 },
            { gateway async throws in
                let content = Array(#"{"a":"\#(String(repeating: "x", count: 200))"}"#.utf8)
                #expect(try await gateway.send("POST", "/", content: content).status == 413)
                #expect(gateway.endpoint.requests.isEmpty)
            }
        )
    }

    @Test("A body that nests deeply is refused")
    func deep() async throws {
        try await Self.serve(["POST /"], validation: Self.body) { gateway async throws in
            for depth in [200, 200_000] {
                let content =
                    #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
                #expect(try await gateway.send("POST", "/", content: Array(content.utf8)).status == 400)
            }
        }
    }

    @Test("A route whose model cannot be checked is refused, and the others are served")
    func uncompiled() async throws {
        let routes = """
            "POST /a":{"function":"F","auth":"none","validation":{"models":{"application/json":"Pet"}}},\
            "POST /b":{"function":"F","auth":"none"}
            """
        let api = #"{"kind":"rest","stage":"Prod","models":{"Pet":{"pattern":"(x)\\1"}},"routes":{\#(routes)}}"#
        try await TestGateway.serve(#"{"A":\#(api)}"#) { gateway async throws in
            #expect(try await gateway.send("POST", "/a").status == 501)
            #expect(try await gateway.send("POST", "/b").status == 200)
            #expect(gateway.endpoint.requests.count == 1)
        }
    }

    @Test("6.1: what is wrong with a body is there for gateway responses")
    func validationError() async throws {
        let responses =
            #""gatewayResponses":{"BAD_REQUEST_BODY":{"templates":{"application/json":"#
            + #""$context.error.validationErrorString|$context.error.responseType"}}},"#
        try await Self.serve(["POST /"], validation: Self.body, models: Self.models + responses) { gateway in
            let response = try await gateway.send("POST", "/", content: Array("{}".utf8))
            #expect(response.body == #"[object has missing required properties (["a"])]|BAD_REQUEST_BODY"#)
        }
    }
}
