// Endpoints that send what is no response, too little of one, or too much.

import Manifest
import Testing

@testable import Proxy

@Suite("Endpoints that break the rules")
struct EndpointFaultTests {
    /// Heads that no recipient may take for a response, or that two may read differently.
    static let malformedHeads = [
        "garbage\r\n\r\n",
        "\u{16}\u{3}\u{1}\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 O\u{0}K\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0, 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u{0}c\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\nc: d\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u{7F}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA(: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: " + String(repeating: "b", count: 70_000) + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 300) + "\r\n",
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 50) + FaultGateway.ok(),
    ]

    @Test("Heads that are malformed become an error, and the connection is closed", arguments: malformedHeads.indices)
    func malformed(_ index: Int) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(Self.malformedHeads[index])
            let head = try await client.receive(until: "Unavailable\"}")
            #expect(head.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"), "\(head)")
            #expect(head.contains("\r\nConnection: keep-alive\r\n"))
            try await first.receiveToEnd()

            // The client's connection is as good as before, and the next request gets a connection of its own.
            try await client.send(FaultGateway.get())
            let second = try await faults.endpoint.accept()
            _ = try await second.receiveHead()
            try await second.send(FaultGateway.ok("fine"))
            #expect(try await client.receive(until: "fine").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(
        "What comes before a response is whole and then breaks off becomes an error",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"statusC",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        ]
    )
    func brokenOff(_ bytes: String) async throws {
        for (kind, status) in [(APIKind.rest, 502), (.http, 500)] {
            try await FaultGateway.serve(kind, wire: .lambda) { faults async throws in
                let client = try await faults.get()
                let connection = try await faults.endpoint.accept()
                _ = try await connection.receiveHead()
                try await connection.send(bytes)
                await connection.close()
                let head = try await client.receiveHead()
                #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(head)")
            }
        }
    }

    @Test("An endpoint that accepts and closes at once is not waited for")
    func closesAtOnce() async throws {
        try await FaultGateway.serve(.rest, wire: .lambda) { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            try await connection.reset()
            #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 502 "))
            // A new connection that fails is a failure; only a kept one may have been stale.
            #expect(faults.endpoint.count == 1)
        }
    }

    @Test(
        "A streamed response that breaks off does not look whole",
        arguments: [
            ("Content-Length: 10\r\n\r\nhello", "", "Content-Length: 10\r\n", "hello"),
            (
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "", "Transfer-Encoding: chunked\r\n",
                "5\r\nhello\r\n"
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "zz\r\n", "Transfer-Encoding: chunked\r\n",
                "5\r\nhello\r\n"
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello", "x\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n",
                "5\r\nhello\r\n"
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "0\r\nA b\r\n\r\n",
                "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"
            ),
        ]
    )
    func cutShort(_ start: String, _ rest: String, _ field: String, _ content: String) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 200 OK\r\n" + start)
            let head = try await client.receiveHead()
            #expect(head.contains(field), "\(head)")
            let piece = try await client.receive(until: "hello")
            if rest.isEmpty { await connection.close() } else { try await connection.send(rest) }
            let end = try await client.receiveToEnd()
            #expect(piece + end == content)
            try await connection.receiveToEnd()
        }
    }

    @Test("A function that is debugged is waited for beyond the time of its route")
    func debugged() async throws {
        try await FaultGateway.serve(
            route: #","timeoutMilliseconds":50"#,
            configure: { $0.waitsForDebuggers = true },
            { faults async throws in
                let client = try await faults.get()
                let connection = try await faults.endpoint.accept()
                _ = try await connection.receiveHead()
                // Longer than the route allows its endpoint.
                try await Task.sleep(nanoseconds: 200_000_000)
                try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                let response = try await client.receiveHead()
                #expect(response.hasPrefix("HTTP/1.1 200 "), "\(response)")
            }
        )
    }

    @Test("A streamed response that stalls is cut short when its time is over")
    func stalls() async throws {
        try await FaultGateway.serve(route: #","timeoutMilliseconds":3000"#) { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            _ = try await client.receiveHead()
            #expect(try await client.receiveToEnd() == "hello")
            try await connection.receiveToEnd()
        }
    }

    @Test("An endpoint that does not take a request is not waited for beyond its time, however much has come")
    func doesNotRead() async throws {
        try await FaultGateway.serve(
            route: #","timeoutMilliseconds":1000"#,
            configure: { configuration in
                configuration.limits.contentBytes = 1 << 30
                configuration.timeouts.content = 86_400_000
            },
            { faults async throws in
                let client = try await faults.connect()
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
                let connection = try await faults.endpoint.accept()
                _ = try await connection.receiveHead()
                try await connection.setReading(false)
                let pouring = Task {
                    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
                    for _ in 0..<900 { try await client.send(piece) }
                }
                let response = try await client.receiveHead()
                #expect(response.hasPrefix("HTTP/1.1 504 "), "\(response)")
                pouring.cancel()
                await client.close()
                _ = try? await pouring.value
            }
        )
    }

    @Test("A response without content has no length, to HEAD neither", arguments: [APIKind.rest, .http])
    func lengthOfNothing(_ kind: APIKind) async throws {
        try await FaultGateway.serve(kind) { faults async throws in
            let client = try await faults.connect()
            try await client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n")
            let response = try await client.receiveHead()
            #expect(response.hasPrefix("HTTP/1.1 204 "))
            #expect(!response.lowercased().contains("\r\ncontent-length:"), "\(response)")
        }
    }

    @Test("Bytes beyond a response reach no client", arguments: [APIKind.rest, .http])
    func tooMuch(_ kind: APIKind) async throws {
        try await FaultGateway.serve(kind) { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(FaultGateway.ok("right") + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")
            _ = try await client.receive(until: "right")
            try await first.receiveToEnd()
            try await client.send(FaultGateway.get())
            let second = try await faults.endpoint.accept()
            _ = try await second.receiveHead()
            try await second.send(FaultGateway.ok("fine"))
            let response = try await client.receive(until: "fine")
            #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(!response.contains("wrong"))
        }
    }

    @Test("A response to HEAD and one of a status without content have none, whatever they say")
    func contentOfNothing() async throws {
        for (request, response) in [
            ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"),
            (FaultGateway.get(), "HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n"),
            (FaultGateway.get(), "HTTP/1.1 204 No Content\r\n\r\n"),
        ] {
            try await FaultGateway.serve { faults async throws in
                let client = try await faults.connect()
                try await client.send(request + FaultGateway.get("/next"))
                let connection = try await faults.endpoint.accept()
                _ = try await connection.receiveHead()
                try await connection.send(response)
                let head = try await client.receiveHead()
                #expect(head.contains("Content-Length: 1234\r\n") == request.hasPrefix("HEAD"), "\(head)")
                #expect(!head.contains("Transfer-Encoding"))
                #expect(try await connection.receiveHead().hasPrefix("GET /next "))
                try await connection.send(FaultGateway.ok("next"))
                #expect(try await client.receive(until: "next").hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
        }
    }

    @Test("Interim responses are not for the client")
    func interim() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + FaultGateway.ok("late"))
            let response = try await client.receive(until: "late")
            #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(!response.contains("Link"))
        }
    }
}
