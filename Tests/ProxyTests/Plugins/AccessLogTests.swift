// Lines of the access log.

import Foundation
import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("The access log")
struct AccessLogTests {
    /// The lines that requests leave behind.
    private static func lines(
        _ format: String,
        kind: APIKind = .http,
        _ body: (TestGateway) async throws -> Void
    ) async throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString).log").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings: JSONValue = ["accessLog": ["destination": .string(path), "format": .string(format)]]
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(kind, ["GET /a/{id}", "POST /a/{id}"]))}"#,
            configure: { $0.plugins = JSONReader(settings, pointer: "/plugins") },
            body
        )
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    @Test("A line of JSON a request, the gateway's own answers included")
    func json() async throws {
        let lines = try await Self.lines("json") { gateway async throws in
            _ = try await gateway.send("GET", "/a/1?secret=2", ["User-Agent: me"])
            _ = try await gateway.send("GET", "/none")
        }
        try #require(lines.count == 2)
        let served = try JSONParser.parse(lines[0])
        #expect(served["method"] == "GET")
        #expect(served["path"] == "/a/1")
        #expect(served["routeKey"] == "GET /a/{id}")
        #expect(served["api"] == "A")
        #expect(served["status"] == 200)
        #expect(served["bytes"] == 2)
        #expect(served["ip"] == "127.0.0.1")
        #expect(served["userAgent"] == "me")
        #expect(served["detail"] == "-")
        let refused = try JSONParser.parse(lines[1])
        #expect(refused["status"] == 404)
        #expect(refused["routeKey"] == "-")
        #expect(refused["detail"] == "route_not_found")
        #expect(refused["integrationMilliseconds"] == "-")
    }

    @Test("The gateway's own format")
    func context() async throws {
        let format = """
            $context.identity.sourceIp [$context.httpMethod $context.resourcePath] $context.status. $context.stage \
            $context.responseLength"$context.protocol"
            """
        let lines = try await Self.lines(format) { _ = try await $0.send("GET", "/a/1") }
        #expect(lines == [#"127.0.0.1 [GET /a/{id}] 200. $default 2"HTTP/1.1""#])
    }

    @Test("The id of a line is that of the response", arguments: [APIKind.rest, .http])
    func identifier(kind: APIKind) async throws {
        var id: String?
        let lines = try await Self.lines("$context.requestId", kind: kind) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1")
            id = response["x-amzn-requestid"] ?? response["apigw-requestid"]
        }
        #expect(lines == [try #require(id)])
    }

    @Test("No client can end a line or forge a member of it")
    func injection() async throws {
        let lines = try await Self.lines("json") { gateway async throws in
            let client = try await gateway.connect()
            let agent = [UInt8](#"me","status":500,"x":"\"#.utf8) + [0x09, 0xFF, 0xC3, 0xA9, 0x85]
            try await client.send(
                Array("GET /a/%0A\"x\" HTTP/1.1\r\nHost: a\r\nUser-Agent: ".utf8) + agent + Array("\r\n\r\n".utf8)
            )
            #expect(try await client.response().status == 200)
            await client.close()
        }
        try #require(lines.count == 1)
        let line = try JSONParser.parse(lines[0])
        #expect(line["status"] == 200)
        #expect(line["x"] == nil)
        #expect(line["path"] == #"/a/%0A"x""#)
        #expect(line["userAgent"]?.string == "me\",\"status\":500,\"x\":\"\\\t\u{FFFD}é\u{FFFD}")
    }

    @Test("Long values are cut short")
    func length() async throws {
        let lines = try await Self.lines("$context.identity.userAgent") { gateway async throws in
            _ = try await gateway.send("GET", "/a/1", ["User-Agent: \(String(repeating: "x", count: 3000))"])
        }
        #expect(lines.map(\.count) == [1024])
    }
}
