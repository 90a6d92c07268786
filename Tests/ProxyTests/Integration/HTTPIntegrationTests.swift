// Web servers behind the gateway.

import Manifest
import Testing

@testable import Proxy

@Suite("Web servers behind the gateway")
struct HTTPIntegrationTests {
    private static let apis = #"{"A":\#(TestGateway.api(.http, ["$default"]))}"#

    @Test("A request passes as it came, but for what belongs to the connection or can be forged")
    func request() async throws {
        try await TestGateway.serve(Self.apis, wire: .http, script: { _ in .response(200, Array("x".utf8)) }) {
            gateway in
            _ = try await gateway.send(
                "PUT",
                "/a%20b/?q=1%2B&q=2",
                [
                    "X-Mine: 1", "x-mine: 2", "Connection: X-Secret", "X-Secret: 1", "TE: x", "Expect: 100-continue",
                    "Proxy-Authorization: x", "X-Forwarded-For: 10.0.0.1", "X-Forwarded-Proto: gopher",
                    "X_Forwarded_For: forged", "Forwarded: for=x", "Cookie: a=1", "Keep-Alive: 5",
                ],
                content: Array("hello".utf8)
            )
            let request = try #require(gateway.endpoint.requests.first)
            #expect(request.requestLine == "PUT /a%20b/?q=1%2B&q=2 HTTP/1.1")
            #expect(request.text == "hello")
            #expect(request.values("host") == ["127.0.0.1:\(gateway.endpoint.port)"])
            #expect(request.values("x-mine") == ["1", "2"])
            #expect(request.values("cookie") == ["a=1"])
            #expect(request.values("x-forwarded-for") == ["10.0.0.1, 127.0.0.1"])
            #expect(request.values("x-forwarded-proto") == ["http"])
            #expect(request.values("x-forwarded-host") == ["gateway.test:8080"])
            #expect(request.values("content-length") == ["5"])
            #expect(request.values("x-amzn-trace-id").count == 1)
            for name in [
                "x-secret", "te", "expect", "proxy-authorization", "x_forwarded_for", "forwarded", "keep-alive",
                "connection",
            ] {
                #expect(request.values(name).isEmpty, "\(name)")
            }
        }
    }

    @Test("Content in chunks stays content in chunks, both ways")
    func chunks() async throws {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        try await TestGateway.serve(Self.apis, wire: .http, script: { _ in .bytes(Array(answer.utf8)) }) {
            gateway async throws in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                try await client.send("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
                let response = try await client.response()
                #expect(response.body == "abcde")
                #expect(response["transfer-encoding"] == "chunked")
            }
            #expect(gateway.endpoint.requests.map(\.text) == ["hello", "hello"])
            #expect(gateway.endpoint.requests.map(\.connection) == [0, 0])
            await client.close()
        }
    }

    @Test("A response that lasts until the connection ends comes in chunks, and one that is cut short is seen to be")
    func ends() async throws {
        try await TestGateway.serve(
            Self.apis,
            wire: .http,
            script: { request in
                request.requestLine.contains("cut")
                    ? .last(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8))
                    : .last(Array("HTTP/1.1 200 OK\r\n\r\nabc".utf8))
            },
            { gateway async throws in
                #expect(try await gateway.send("GET", "/").body == "abc")
                await #expect(throws: TestFailure.self) { _ = try await gateway.send("GET", "/cut") }
            }
        )
    }

    @Test("Fields of the endpoint's connection stay behind, all others pass")
    func response() async throws {
        try await TestGateway.serve(
            Self.apis,
            wire: .http,
            script: { _ in
                .response(
                    201,
                    Array("x".utf8),
                    fields: [
                        "Connection: X-Private", "X-Private: 1", "Keep-Alive: 5", "Set-Cookie: a=1", "Set-Cookie: b=2",
                        "Server: mine",
                    ]
                )
            },
            { gateway async throws in
                let response = try await gateway.send()
                #expect(response.status == 201)
                #expect(response["x-private"] == nil)
                #expect(response["keep-alive"] == nil)
                #expect(response["set-cookie"] == "a=1|b=2")
                #expect(response["server"] == "mine")
                #expect(response["apigw-requestid"]?.count == 16)
            }
        )
    }

    @Test(
        "HEAD, 204 and 304 have no content, and the connection goes on",
        arguments: ["HEAD 200", "GET 204", "GET 304"]
    )
    func noContent(line: String) async throws {
        let words = line.split(separator: " ").map(String.init)
        let answer = "HTTP/1.1 \(words[1]) X\r\n" + (words[1] == "204" ? "" : "Content-Length: 7\r\n") + "\r\n"
        try await TestGateway.serve(Self.apis, wire: .http, script: { _ in .bytes(Array(answer.utf8)) }) {
            gateway async throws in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send("\(words[0]) / HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try await client.response(toHead: true)
                #expect("\(response.status)" == words[1])
                #expect(response.content.isEmpty)
            }
            #expect(client.received.isEmpty)
            #expect(gateway.endpoint.requests.map(\.connection) == [0, 0])
            await client.close()
        }
    }

    @Test(
        "A path that the endpoint may resolve to another is refused",
        arguments: ["/a/../b", "/%2e%2e/x", "/a%2f..%2fb"]
    )
    func dotSegments(path: String) async throws {
        try await TestGateway.serve(Self.apis, wire: .http) { gateway async throws in
            #expect(try await gateway.send("GET", path).status == 400)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }
}
