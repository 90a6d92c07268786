// Which route takes a request, as tables of requests.

import JSON
import Manifest
import NIOCore
import Testing

@testable import Proxy

@Suite("Selection of routes")
struct RouteSelectionTests {
    /// One request to one set of routes.
    struct Row: CustomTestStringConvertible, Sendable {
        let fact: String
        let routes: [String]
        let request: String
        /// The route with its captures: `GET /a/{b} b`; nil where no route takes the request.
        let expected: String?

        init(_ fact: String, _ routes: [String], _ request: String, _ expected: String?) {
            self.fact = fact
            self.routes = routes
            self.request = request
            self.expected = expected
        }

        var testDescription: String { "\(fact): \(request) among \(routes.joined(separator: ", "))" }
    }

    static let restRows: [Row] = [
        Row("R1.1", ["POST /test", "OPTIONS /{proxy+}"], "OPTIONS /test", "OPTIONS /{proxy+} test"),
        Row("R1.1", ["POST /test", "OPTIONS /{proxy+}"], "GET /test", nil),
        Row("R1.1", ["ANY /test/any", "GET /{proxy+}"], "GET /test/any", "ANY /test/any"),
        Row(
            "R1.1",
            ["GET /part1", "GET /part1/hardcoded-value", "GET /{param+}"],
            "GET /part1/random-value",
            "GET /{param+} part1/random-value"
        ),
        Row("R1.1", ["POST /a/b", "GET /a/{x}"], "GET /a/b", "GET /a/{x} b"),
        Row("R1.1", ["POST /a/b/c", "GET /a/{x+}", "GET /{y+}"], "GET /a/b/c", "GET /a/{x+} b/c"),
        Row("R1.1", ["GET /a/b/c", "GET /{x}/b/d"], "GET /a/b/d", "GET /{x}/b/d a"),
        Row("R1.1", ["GET /{a}/{b}/c", "GET /x/{rest+}"], "GET /x/y/c", "GET /x/{rest+} y/c"),
        Row("R1.1", ["POST /admin", "ANY /{proxy+}"], "GET /admin", "ANY /{proxy+} admin"),
        Row("R1.2", ["GET /a", "GET /{b}", "GET /{c+}"], "GET /a", "GET /a"),
        Row("R1.2", ["GET /{b}", "GET /{c+}"], "GET /a", "GET /{b} a"),
        Row("R1.2", ["GET /{c+}"], "GET /a", "GET /{c+} a"),
        Row("R1.2", ["GET /a", "ANY /a"], "GET /a", "GET /a"),
        Row("R1.2", ["GET /a", "ANY /a"], "PUT /a", "ANY /a"),
        Row("R1.2", ["ANY /a/b", "GET /a/{x}"], "GET /a/b", "ANY /a/b"),
        Row("R1.3", ["GET /a"], "HEAD /a", nil),
        Row("R1.3", ["GET /a"], "OPTIONS /a", nil),
        Row("R1.3", ["ANY /a"], "HEAD /a", "ANY /a"),
        Row("R1.3", ["ANY /a"], "OPTIONS /a", "ANY /a"),
        Row("R1.3", ["ANY /a"], "PATCH /a", "ANY /a"),
        Row("R1.3", ["ANY /a"], "TRACE /a", nil),
        Row("R1.3", ["ANY /a"], "PROPFIND /a", nil),
        Row("R1.3", ["ANY /a"], "get /a", nil),
        Row("R1.4", ["GET /{proxy+}"], "GET /", nil),
        Row("R1.4", ["GET /a/{proxy+}"], "GET /a", nil),
        Row("R1.4", ["GET /a/{proxy+}"], "GET /a/", nil),
        Row("R1.4", ["GET /", "GET /{proxy+}"], "GET /", "GET /"),
        Row("R1.5", ["GET /a/{b}"], "GET /a/b/c", nil),
        Row("R1.5", ["GET /a/{b}"], "GET /a/b.c-d_e,f:g", "GET /a/{b} b.c-d_e,f:g"),
        Row("R1.6", ["GET /Pets"], "GET /pets", nil),
        Row("R1.7", ["GET /{proxy+}"], "GET /proxy-value/", "GET /{proxy+} proxy-value"),
        Row("R1.7", ["GET /cars"], "GET /cars/", "GET /cars"),
        Row("R1.7", ["GET /cars/{id}"], "GET /cars/1/", "GET /cars/{id} 1"),
        Row("R1.8", ["GET /{proxy+}"], "GET /proxy-value//double-slash", "GET /{proxy+} proxy-value//double-slash"),
        Row("R1.8", ["GET /x"], "GET //x", "GET /x"),
        Row("R1.8", ["GET /a/{b}/c"], "GET /a//c", nil),
        Row("R1.9", ["GET /{proxy+}"], "GET /Summer%20Sale%202023", "GET /{proxy+} Summer%20Sale%202023"),
        Row("R1.9", ["GET /{p}"], "GET /%E2%98%95", "GET /{p} %E2%98%95"),
        Row("R1.9", ["GET /{p}"], "GET /test%2Balias@gmail.com", "GET /{p} test%2Balias@gmail.com"),
        Row("R1.9", ["GET /{p}"], "GET /a+b", "GET /{p} a+b"),
        Row("R1.9", ["GET /{p}"], "GET /a%2Fb", "GET /{p} a%2Fb"),
        Row("R1.9", ["GET /a"], "GET /%61", nil),
        Row("R1.10", ["GET /a"], "GET /b", nil),
    ]

    static let httpRows: [Row] = [
        Row("R1.20", documented, "GET /pets/dog/1", "GET /pets/dog/1"),
        Row("R1.20", documented, "GET /pets/dog/2", "GET /pets/dog/{id} 2"),
        Row("R1.20", documented, "GET /pets/cat/1", "GET /pets/{proxy+} cat/1"),
        Row("R1.20", documented, "POST /test/5", "ANY /{proxy+} test/5"),
        Row("R1.20", documented, "GET /", "$default"),
        Row("R1.21", ["GET /a/{p+}", "GET /{p+}"], "GET /a/b", "GET /a/{p+} b"),
        Row("R1.21", ["GET /a/{p}", "GET /a/b"], "GET /a/b", "GET /a/b"),
        Row("R1.21", ["ANY /a", "GET /a"], "GET /a", "GET /a"),
        Row("R1.21", ["ANY /a/b", "GET /{p+}"], "GET /a/b", "ANY /a/b"),
        Row("R1.22", ["GET /a"], "POST /a", nil),
        Row("R1.22", ["GET /a"], "HEAD /a", nil),
        Row("R1.23", ["GET /{p}"], "GET /a%20b", "GET /{p} a b"),
        Row("R1.23", ["GET /{p}"], "GET /a%2Fb", nil),
        Row("R1.23", ["GET /{p+}"], "GET /a%2Fb", "GET /{p+} a/b"),
        Row("R1.23", ["GET /a/b"], "GET /a%2fb", "GET /a/b"),
        Row("R1.23", ["GET /{p}"], "GET /%E2%98%95", "GET /{p} ☕"),
        Row("R1.23", ["GET /{p}"], "GET /a%3Fb?c", "GET /{p} a?b"),
        Row("R1.23", ["GET /{p}"], "GET /%2541", "GET /{p} %41"),
        Row("R1.24", ["GET /hello"], "GET /hello/", nil),
        Row("R1.24", ["GET /{proxy+}"], "GET /hello/", "GET /{proxy+} hello/"),
        Row("R1.25", ["GET /{proxy+}"], "GET /", nil),
        Row("R1.25", ["ANY /{proxy+}", "$default"], "GET /", "$default"),
        Row("R1.25", ["$default"], "OPTIONS /a/b", "$default"),
        Row("R1.25", ["$default"], "TRACE /a", "$default"),
        Row("R1.25", ["$default"], "HEAD /", "$default"),
    ]

    private static let documented = [
        "GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default",
    ]

    private static func rows(_ fact: String) -> [Row] { (restRows + httpRows).filter { $0.fact == fact } }

    @Test("R1.1: path and method are matched as a pair, with backtracking", arguments: rows("R1.1"))
    func r1_1(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.2: literal before parameter before greedy parameter, exact method before ANY", arguments: rows("R1.2"))
    func r1_2(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.3: ANY is seven methods; HEAD and OPTIONS are never derived", arguments: rows("R1.3"))
    func r1_3(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.4: a greedy parameter needs a segment", arguments: rows("R1.4"))
    func r1_4(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.5: parameters fill whole segments", arguments: rows("R1.5"))
    func r1_5(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.6: literals are compared with their case", arguments: rows("R1.6"))
    func r1_6(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.7: slashes behind the path do not count", arguments: rows("R1.7"))
    func r1_7(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.8: doubled slashes", arguments: rows("R1.8"))
    func r1_8(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.9: paths are not decoded", arguments: rows("R1.9"))
    func r1_9(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.10: nothing takes what no route has", arguments: rows("R1.10"))
    func r1_10(row: Row) throws { #expect(try Self.select(.rest, row) == row.expected) }

    @Test("R1.20: the documented example of the order", arguments: rows("R1.20"))
    func r1_20(row: Row) throws { #expect(try Self.select(.http, row) == row.expected) }

    @Test("R1.21: static segments and longer prefixes first", arguments: rows("R1.21"))
    func r1_21(row: Row) throws { #expect(try Self.select(.http, row) == row.expected) }

    @Test("R1.22: nothing takes another path or method", arguments: rows("R1.22"))
    func r1_22(row: Row) throws { #expect(try Self.select(.http, row) == row.expected) }

    @Test("R1.23: paths are decoded before they are matched", arguments: rows("R1.23"))
    func r1_23(row: Row) throws { #expect(try Self.select(.http, row) == row.expected) }

    @Test("R1.24: a slash behind the path is another path", arguments: rows("R1.24"))
    func r1_24(row: Row) throws { #expect(try Self.select(.http, row) == row.expected) }

    @Test("R1.25: a greedy parameter does not take the root, $default takes everything", arguments: rows("R1.25"))
    func r1_25(row: Row) throws { #expect(try Self.select(.http, row) == row.expected) }

    private static func select(_ kind: APIKind, _ row: Row) throws -> String? {
        let selection = try selection(#"{"A":\#(TestGateway.api(kind, row.routes))}"#, row.request)
        guard let route = selection?.route else { return nil }
        return ([route.name] + (try captures(selection, row.request))).joined(separator: " ")
    }

    private static func captures(_ selection: RouteSelection?, _ request: String) throws -> [String] {
        guard let selection else { return [] }
        let head = try head(request)
        let path = head.fields.withBytes { memory -> [UInt8] in
            let path = head.path(in: memory)
            if let decoded = selection.decodedPath { return decoded }
            guard selection.api.kind == .rest else { return Array(path) }
            let range = RoutePath.rest(path)
            return Array(path[range])
        }
        return selection.captures.map { String(decoding: path[$0], as: UTF8.self) }
    }

    private static func selection(_ apis: String, _ request: String, fields: String = "") throws -> RouteSelection? {
        let builder = GenerationBuilder(
            configuration: ProxyConfiguration(),
            plugins: [],
            metrics: MetricsRegistry(),
            endpoints: EndpointRegistry()
        )
        let manifest = try Manifest(parsing: Array(TestGateway.manifest(apis).utf8))
        return try builder.build(manifest).select(try head(request, fields: fields))
    }

    private static func head(_ request: String, fields: String = "") throws -> RequestHead {
        try RequestHead(
            parsing: ByteBuffer(string: "\(request) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"),
            limits: MessageLimits()
        )
    }

    // MARK: Several APIs

    @Test(
        "Several APIs on one port: the most specific route of all wins, of equals the first by id",
        arguments: [
            ("GET /pets/1", "B GET /pets/{id}"),
            ("GET /pets/1/x", "A ANY /{proxy+}"),
            ("GET /same", "A GET /same"),
            ("DELETE /only", "C DELETE /only"),
            ("GET /", "B $default"),
            ("TRACE /", "B $default"),
        ]
    )
    func several(request: String, expected: String) throws {
        let selection = try Self.selection(
            """
            {"A":\(TestGateway.api(.rest, ["ANY /{proxy+}", "GET /same"])),
            "B":\(TestGateway.api(.http, ["GET /pets/{id}", "GET /same", "$default"])),
            "C":\(TestGateway.api(.rest, ["DELETE /only"]))}
            """,
            request
        )
        #expect(selection.map { "\($0.api.id) \($0.route?.name ?? "-")" } == expected)
    }

    @Test("A request that no route takes belongs to the first REST API, else to the first HTTP API")
    func unmatchedAPI() throws {
        let both = #"{"A":\#(TestGateway.api(.http, ["GET /a"])),"B":\#(TestGateway.api(.rest, ["GET /b"]))}"#
        let selection = try Self.selection(both, "GET /c")
        #expect(selection?.api.id == "B")
        #expect(selection?.route == nil)
        let http = #"{"A":\#(TestGateway.api(.http, ["GET /a"])),"B":\#(TestGateway.api(.http, ["GET /b"]))}"#
        #expect(try Self.selection(http, "GET /c")?.api.id == "A")
        #expect(try Self.selection("{}", "GET /c") == nil)
    }

    @Test(
        "A preflight goes to the API that serves the method that it asks for, and to a route of its own there",
        arguments: [
            ("OPTIONS /a", "POST", "A -"),
            ("OPTIONS /b", "POST", "B OPTIONS /b"),
            // The method that it asks for has no route, but OPTIONS itself has.
            ("OPTIONS /b", "DELETE", "B OPTIONS /b"),
        ]
    )
    func preflight(request: String, method: String, expected: String) throws {
        let selection = try Self.selection(
            """
            {"A":\(TestGateway.api(.rest, ["POST /a"])),"B":\(TestGateway.api(.http, ["POST /b", "OPTIONS /b"]))}
            """,
            request,
            fields: "Origin: https://a.test\r\nAccess-Control-Request-Method: \(method)\r\n"
        )
        #expect(selection.map { "\($0.api.id) \($0.route?.name ?? "-")" } == expected)
    }

    // MARK: What clients see

    @Test("R1.10: a REST API answers 403 for what it has no route for")
    func restUnmatched() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#) { gateway in
            for (method, path) in [("GET", "/b"), ("POST", "/a"), ("TRACE", "/a")] {
                let response = try await gateway.send(method, path)
                #expect(response.status == 403)
                #expect(response.body == #"{"message":"Missing Authentication Token"}"#)
                #expect(response["x-amzn-ErrorType"] == "MissingAuthenticationTokenException")
                #expect(response["content-type"] == "application/json")
                #expect(response["x-amzn-trace-id"] == nil)
                #expect(response.names("x-amz") == ["x-amzn-ErrorType", "x-amzn-RequestId", "x-amz-apigw-id"])
            }
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("R1.22: an HTTP API answers 404 for what it has no route for")
    func httpUnmatched() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["GET /a"]))}"#) { gateway in
            for (method, path) in [("GET", "/b"), ("POST", "/a")] {
                let response = try await gateway.send(method, path)
                #expect(response.status == 404)
                #expect(response.body == #"{"message":"Not Found"}"#)
                #expect(response["content-length"] == "23")
                #expect(response["apigw-requestid"]?.count == 16)
                #expect(response["x-amzn-errortype"] == nil)
            }
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }
}
