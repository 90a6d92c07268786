// Endpoints that take too long, are not there, or die, and clients that do.

import Manifest
import Testing

@testable import Proxy

@Suite("Faults of endpoints and clients")
struct FaultTests {
    private static let short = #","timeoutMilliseconds":50"#

    @Test(
        "3.5: a silent endpoint",
        arguments: [
            (.rest, .lambda, 504, #"{"message": "Endpoint request timed out"}"#),
            (.http, .lambda, 503, #"{"message":"Service Unavailable"}"#),
            (.rest, .http, 504, #"{"message": "Endpoint request timed out"}"#),
            (.http, .http, 504, #"{"message":"Gateway Timeout"}"#),
        ] as [(APIKind, Endpoint.Wire, Int, String)]
    )
    func silence(kind: APIKind, wire: Endpoint.Wire, status: Int, body: String) async throws {
        let apis = #"{"A":\#(TestGateway.api(kind, ["ANY /"], route: Self.short))}"#
        try await TestGateway.serve(apis, wire: wire, script: { _ in .silence }) { gateway async throws in
            let response = try await gateway.send()
            #expect(response.status == status)
            #expect(response.body == body)
            #expect(response["x-amzn-errortype"] == (kind == .rest ? "InternalServerErrorException" : nil))
            #expect(response["connection"] == "keep-alive")
        }
    }

    @Test(
        "3.5: an endpoint that is not there",
        arguments: [
            (.rest, .lambda, 502, #"{"message": "Internal server error"}"#),
            (.http, .lambda, 503, #"{"message":"Service Unavailable"}"#),
            (.rest, .http, 504, #"{"message": "Network error communicating with endpoint"}"#),
            (.http, .http, 503, #"{"message":"Service Unavailable"}"#),
        ] as [(APIKind, Endpoint.Wire, Int, String)]
    )
    func unreachable(kind: APIKind, wire: Endpoint.Wire, status: Int, body: String) async throws {
        let port = try TestEndpoint.closedPort()
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(kind, ["ANY /"]))}"#,
            configure: { $0.defaultEndpoint = Endpoint(wire: wire, host: "127.0.0.1", port: port) },
            { gateway async throws in
                let response = try await gateway.send()
                #expect(response.status == status)
                #expect(response.body == body)
            }
        )
    }

    @Test("A kept connection that the endpoint closes under a GET costs one retry, under a POST an error")
    func staleConnection() async throws {
        // Every connection answers its first request and dies on its second.
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"]))}"#,
            script: { request in
                request.text.contains("die") && request.connection == 0
                    ? .last([]) : .result(#"{"body":"\#(request.connection)"}"#)
            },
            { gateway async throws in
                #expect(try await gateway.send().body == "0")
                #expect(try await gateway.send("GET", "/?die").body == "1")
                #expect(gateway.endpoint.requests.count == 3)
            }
        )
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"]))}"#,
            script: { request in
                request.text.contains("die") && request.connection == 0 ? .last([]) : .result("{}")
            },
            { gateway async throws in
                #expect(try await gateway.send().status == 200)
                #expect(try await gateway.send("POST", "/?die", content: []).status == 502)
                #expect(gateway.endpoint.requests.count == 2)
            }
        )
    }

    @Test("Connections to the endpoint are used again, and one with bytes that nobody asked for is not")
    func reuse() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"]))}"#,
            script: { request in
                let result = #"{"body":"\#(request.connection)"}"#
                let whole = "HTTP/1.1 200 OK\r\nContent-Length: \(result.utf8.count)\r\n\r\n\(result)"
                let isSmuggled = request.text.contains("smuggle")
                return .bytes(Array((whole + (isSmuggled ? "HTTP/1.1 200 OK\r\n" : "")).utf8))
            },
            { gateway async throws in
                #expect(try await gateway.send().body == "0")
                #expect(try await gateway.send("GET", "/?smuggle").body == "0")
                #expect(try await gateway.send().body == "1")
            }
        )
    }

    @Test("3.5: a result of more than 6 MB is an error", arguments: [(APIKind.rest, 502), (.http, 500)])
    func resultTooLarge(kind: APIKind, status: Int) async throws {
        let text = #"{"statusCode":200,"body":"\#(String(repeating: "x", count: 6 * 1024 * 1024 + 100))"}"#
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(kind, ["ANY /"]))}"#,
            script: { $0.text.contains("large") ? .result(text) : .result(#"{"statusCode":200}"#) },
            { gateway async throws in
                #expect(try await gateway.send("GET", "/?large").status == status)
                #expect(try await gateway.send().status == 200)
            }
        )
    }

    @Test(
        "3.5: an event of more than 6 MB, and content of more than 10 MB, is 413",
        arguments: [
            (APIKind.rest, #"{"message":"Request Too Long"}"#), (.http, #"{"message":"Request Entity Too Large"}"#),
        ]
    )
    func requestTooLarge(kind: APIKind, body: String) async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(kind, ["ANY /"]))}"#) { gateway async throws in
            let event = try await gateway.send(
                "POST",
                "/",
                ["Content-Type: text/plain"],
                content: [UInt8](repeating: 97, count: 6_300_000)
            )
            #expect(event.status == 413)
            #expect(event.body == body)
            // The answer comes before the content does.
            let client = try await gateway.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10485761\r\n\r\n")
            let announced = try await client.response()
            #expect(announced.status == 413)
            #expect(announced.body == body)
            #expect(announced["connection"] == "close")
            #expect(announced["x-amzn-errortype"] == (kind == .rest ? "RequestTooLargeException" : nil))
            try await client.waitForClose()
            await client.close()
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("3.5: chunked content is counted as it comes")
    func chunkedTooLarge() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, ["ANY /"]))}"#,
            configure: { $0.limits.contentBytes = 10 },
            { gateway async throws in
                let client = try await gateway.connect()
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n")
                try await client.send("5\r\nabcde\r\n")
                let response = try await client.response()
                #expect(response.status == 413)
                #expect(response["connection"] == "close")
                try await client.waitForClose()
                await client.close()
                #expect(gateway.endpoint.requests.isEmpty)
            }
        )
    }

    @Test(
        "3.5: more than 10 240 bytes of header values are 431",
        arguments: [
            (APIKind.rest, 10_222, "", 200), (.rest, 10_223, "", 431), (.rest, 10_222, "?0123456789", 200),
            // An HTTP API counts the request line, too: `GET / HTTP/1.1` has 14 bytes.
            (.http, 10_208, "", 200), (.http, 10_209, "", 431), (.http, 10_208, "?", 431),
            (.http, 10_200, "?1234567", 200),
            (.http, 10_223, "", 431),
        ]
    )
    func headersTooLarge(kind: APIKind, count: Int, query: String, status: Int) async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(kind, ["ANY /"]))}"#) { gateway async throws in
            // The host is the other value: 17 bytes, and one more in `B`.
            let fields = ["A: \(String(repeating: "x", count: count))", "B: y", "C:"]
            let response = try await gateway.send("GET", "/\(query)", fields)
            #expect(response.status == status)
            if status == 431 { #expect(response.body == #"{"message":"Request Header Fields Too Large"}"#) }
            #expect(gateway.endpoint.requests.count == (status == 200 ? 1 : 0))
        }
    }

    @Test(
        "Routes that need what this version cannot do answer 501 and never reach the endpoint",
        arguments: [
            #""function":"F","auth":"Login""#, #""function":"F","auth":"none","streamed":true"#,
            #""function":"F","auth":"none","requestParameters":{"overwrite:statuscode":"200"}"#,
            #""function":"F","auth":"none","responseParameters":{"200":{"remove:header.via":""}}"#,
            #""integration":{"type":"http_proxy","url":"https://example.com/","private":true},"auth":"none""#,
            #""integration":{"type":"aws","service":"sqs:path/queue"},"auth":"none""#,
        ]
    )
    func notImplemented(route: String) async throws {
        for kind in [APIKind.rest, .http] {
            try await TestGateway.serve(
                """
                {"A":{"kind":"\(kind.rawValue)","stage":"s","authorizers":{"Login":{"kind":"unsupported"}},
                "routes":{"GET /":{\(route)},"GET /open":{"function":"F","auth":"none"}}}}
                """
            ) { gateway async throws in
                let response = try await gateway.send("GET", "/", ["Authorization: Bearer x"])
                #expect(response.status == 501)
                #expect(response.body == #"{"message":"Not Implemented"}"#)
                #expect(gateway.endpoint.requests.isEmpty)
                #expect(try await gateway.send("GET", "/open").status == 200)
            }
        }
    }

    @Test(
        "A setting that guards a whole API closes all of its routes",
        arguments: [#""domains":{"a.example.com":{"mutualTls":true}}"#]
    )
    func closedAPI(setting: String) async throws {
        try await TestGateway.serve(
            #"{"A":{"kind":"rest","stage":"s",\#(setting),"routes":{"GET /":{"function":"F","auth":"none"}}}}"#
        ) { gateway async throws in
            #expect(try await gateway.send("GET", "/").status == 501)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A function URL takes every request where it is alone, and none beside other APIs")
    func functionURL() async throws {
        let url =
            #""Url":{"kind":"function-url","stage":"$default","routes":{"$default":{"function":"F","auth":"none"}}}"#
        try await TestGateway.serve("{\(url)}") { gateway async throws in
            #expect(try await gateway.send("PUT", "/any/where").status == 200)
            #expect(gateway.endpoint.requests.first?.text.contains(#""version":"2.0""#) == true)
        }
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.rest, ["GET /"])),\#(url)}"#) { gateway async throws in
            #expect(try await gateway.send("GET", "/").status == 200)
            #expect(try await gateway.send("PUT", "/any/where").status == 403)
            #expect(gateway.endpoint.requests.count == 1)
        }
    }

    @Test("A WebSocket API refuses the handshake")
    func webSocket() async throws {
        try await TestGateway.serve(
            #"{"A":{"kind":"websocket","stage":"s","routes":{"$connect":{"function":"F","auth":"none"}}}}"#
        ) { gateway async throws in
            #expect(try await gateway.send("GET", "/s").status == 501)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("Requests that are pipelined are answered in their order")
    func pipelining() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, ["GET /{n}", "POST /{n}"]))}"#,
            script: { .result(#"{"statusCode":200,"body":"\#($0.text.contains("/slow") ? "slow" : "fast")"}"#) },
            { gateway async throws in
                let client = try await gateway.connect()
                try await client.send(
                    "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                for expected in ["slow", "fast", "slow"] { #expect(try await client.response().body == expected) }
                await client.close()
            }
        )
    }
}
