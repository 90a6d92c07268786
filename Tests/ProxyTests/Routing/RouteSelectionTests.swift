// Which route takes a request, as tables of requests.

import JSON
import Manifest
import NIOCore
import Routing
import Support
import Testing

@testable import Proxy

@Suite("Selection of routes")
struct RouteSelectionTests {
    typealias Row = RoutingCase

    private static func rows(_ fact: String) -> [Row] { RoutingCase.all.filter { $0.fact == fact } }

    @Test("R1.1: path and method are matched as a pair, with backtracking", arguments: rows("R1.1"))
    func r1_1(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.2: literal before parameter before greedy parameter, exact method before ANY", arguments: rows("R1.2"))
    func r1_2(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.3: ANY is seven methods; HEAD and OPTIONS are never derived", arguments: rows("R1.3"))
    func r1_3(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.4: a greedy parameter needs a segment", arguments: rows("R1.4"))
    func r1_4(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.5: parameters fill whole segments", arguments: rows("R1.5"))
    func r1_5(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.6: literals are compared with their case", arguments: rows("R1.6"))
    func r1_6(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.7: slashes behind the path do not count", arguments: rows("R1.7"))
    func r1_7(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.8: doubled slashes", arguments: rows("R1.8"))
    func r1_8(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.9: paths are not decoded", arguments: rows("R1.9"))
    func r1_9(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.10: nothing takes what no route has", arguments: rows("R1.10"))
    func r1_10(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.20: the documented example of the order", arguments: rows("R1.20"))
    func r1_20(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.21: static segments and longer prefixes first", arguments: rows("R1.21"))
    func r1_21(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.22: nothing takes another path or method", arguments: rows("R1.22"))
    func r1_22(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.23: paths are decoded before they are matched", arguments: rows("R1.23"))
    func r1_23(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.24: a slash behind the path is another path", arguments: rows("R1.24"))
    func r1_24(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    @Test("R1.25: a greedy parameter does not take the root, $default takes everything", arguments: rows("R1.25"))
    func r1_25(row: Row) throws { #expect(try Self.select(row) == row.expected) }

    private static func select(_ row: Row) throws -> String? {
        let selection = try selection(#"{"A":\#(TestGateway.api(row.kind, row.routes))}"#, row.request)
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
