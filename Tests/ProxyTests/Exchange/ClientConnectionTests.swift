// Connections of clients: what keeps them, what ends them, and what becomes of the endpoint's side.

import Manifest
import Testing

@testable import Proxy

@Suite("Connections of clients")
struct ClientConnectionTests {
    private static let lambda = #"{"A":\#(TestGateway.api(.http, ["$default"]))}"#

    @Test(
        "Bytes that are no request get their status and the end of the connection, and reach nobody",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405), ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("GET /\(String(repeating: "a", count: 11_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ]
    )
    func malformed(text: String, status: Int) async throws {
        try await TestGateway.serve(Self.lambda) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response["connection"] == "close")
            try await client.waitForClose()
            #expect(client.received.isEmpty)
            #expect(gateway.endpoint.requests.isEmpty)
            await client.close()
        }
    }

    @Test("A connection is kept as the version and the client want it")
    func persistence() async throws {
        try await TestGateway.serve(Self.lambda) { gateway async throws in
            for (version, field, isKept) in [
                ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.0", "", false),
                ("1.0", "Connection: Keep-Alive\r\n", true), ("1.1", "Connection: x, CLOSE\r\n", false),
            ] {
                let client = try await gateway.connect()
                try await client.send("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n")
                #expect(try await client.response()["connection"] == (isKept ? "keep-alive" : "close"))
                if isKept {
                    try await client.send("GET / HTTP/\(version)\r\nHost: a\r\n\r\n")
                    #expect(try await client.response().status == 200)
                } else {
                    try await client.waitForClose()
                }
                await client.close()
            }
        }
    }

    @Test("A client that waits for 100 gets it where its request is taken, and only there")
    func expectation() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["POST /a"]))}"#) { gateway async throws in
            let head = "HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            let client = try await gateway.connect()
            try await client.send("POST /a \(head)")
            for _ in 0..<5000 where client.received.isEmpty { try await Task.sleep(nanoseconds: 2_000_000) }
            #expect(client.received == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("abc")
            #expect(try await client.response().status == 200)
            await client.close()
            let refused = try await gateway.connect()
            try await refused.send("POST /none \(head)")
            let response = try await refused.response()
            #expect(response.status == 404)
            #expect(response["connection"] == "close")
            await refused.close()
        }
    }

    @Test("A client that only stops sending still gets its response")
    func halfClosed() async throws {
        try await TestGateway.serve(Self.lambda) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.closeOutput()
            #expect(try await client.response().body == "ok")
            try await client.waitForClose()
        }
    }

    @Test("A client that resets its connection frees the endpoint", arguments: [Endpoint.Wire.lambda, .http])
    func clientGone(wire: Endpoint.Wire) async throws {
        try await TestGateway.serve(Self.lambda, wire: wire, script: { _ in .silence }) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await gateway.endpoint.wait { $0.count == 1 }
            try await client.reset()
            try await gateway.endpoint.waitForClose(ofConnection: 0)
        }
    }

    @Test("A head that does not end is answered with 408, an idle connection is closed without a word")
    func slowClients() async throws {
        try await TestGateway.serve(
            Self.lambda,
            configure: {
                $0.timeouts.head = 3000
                $0.timeouts.idle = 50
            },
            { gateway async throws in
                let slow = try await gateway.connect()
                try await slow.send("GET / HTTP/1.1\r\nHos")
                #expect(try await slow.response().status == 408)
                try await slow.waitForClose()
                let idle = try await gateway.connect()
                try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await idle.response().status == 200)
                try await idle.waitForClose()
                #expect(idle.received.isEmpty)
            }
        )
    }

    @Test("Content that does not come is answered with 408 and never reaches the function")
    func slowContent() async throws {
        try await TestGateway.serve(Self.lambda, configure: { $0.timeouts.content = 50 }) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
            #expect(try await client.response().status == 408)
            try await client.waitForClose()
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A request that is answered before its content has come: a little is read away, much ends the connection")
    func earlyAnswer() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.http, ["GET /a"]))}"#) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
            let early = try await client.response()
            #expect(early.status == 404)
            #expect(early["connection"] == "keep-alive")
            try await client.send("abcdeGET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().status == 200)
            await client.close()
            let large = try await gateway.connect()
            try await large.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
            #expect(try await large.response()["connection"] == "close")
            try await large.waitForClose()
        }
    }

    @Test("A web server may answer before the content has come; its connection is not used again")
    func earlyUpstreamAnswer() async throws {
        try await TestGateway.serve(
            Self.lambda,
            wire: .http,
            answersHeads: true,
            script: { .response(403, Array("\($0.connection)".utf8)) },
            { gateway async throws in
                let client = try await gateway.connect()
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
                #expect(try await client.response().body == "0")
                try await gateway.endpoint.waitForClose(ofConnection: 0)
                try await client.send("cdeGET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().body == "1")
                await client.close()
            }
        )
    }

    @Test("A drain lets the exchange finish, says close, and ends idle connections")
    func drain() async throws {
        // Only what is never answered has a limit, and one that is shorter than the grace of a drain.
        try await TestGateway.serve(
            """
            {"A":{"kind":"http","stage":"$default","routes":{"GET /":{"function":"F","auth":"none"},
            "GET /silent":{"function":"F","auth":"none","timeoutMilliseconds":5000}}}}
            """,
            configure: { $0.timeouts.grace = 20_000 },
            script: { $0.text.contains("/silent") ? .silence : .result(#"{"statusCode":200}"#) },
            { gateway async throws in
                let idle = try await gateway.connect()
                try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await idle.response().status == 200)
                let busy = try await gateway.connect()
                try await busy.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n")
                try await gateway.endpoint.wait { $0.count == 2 }
                async let isDrained = gateway.drain()
                try await idle.waitForClose()
                let response = try await busy.response()
                #expect(response.status == 503)
                #expect(response["connection"] == "close")
                try await busy.waitForClose()
                #expect(await isDrained)
            }
        )
    }

    @Test("More clients than allowed are closed at once")
    func connectionLimit() async throws {
        try await TestGateway.serve(Self.lambda, configure: { $0.connections = 1 }) { gateway async throws in
            let first = try await gateway.connect()
            try await first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await first.response().status == 200)
            let second = try await gateway.connect()
            try await second.waitForClose()
            try await first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await first.response().status == 200)
            await first.close()
        }
    }

    @Test(
        "The IPv4 address of a client is the same on a socket for both families",
        arguments: [
            ("::ffff:10.1.2.3", "10.1.2.3"), ("10.1.2.3", "10.1.2.3"), ("::1", "::1"), ("::ffff:1", "::ffff:1"),
            ("64:ff9b::10.1.2.3", "64:ff9b::10.1.2.3"),
        ]
    )
    func address(text: String, plain: String) { #expect(ClientConnection.plain(text) == plain) }
}
