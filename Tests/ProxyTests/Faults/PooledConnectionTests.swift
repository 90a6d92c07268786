// Connections to endpoints that are kept: when they are used again, and when never.

import Manifest
import Testing

@testable import Proxy

@Suite("Kept connections to endpoints")
struct PooledConnectionTests {
    /// Sends a request and answers it on a connection.
    private static func exchange(
        _ faults: FaultGateway,
        _ client: RawConnection,
        on connection: RawConnection,
        _ response: String = FaultGateway.ok()
    ) async throws {
        try await client.send(FaultGateway.get())
        _ = try await connection.receiveHead()
        try await connection.send(response)
        _ = try await client.receive(until: "ok")
    }

    @Test("A kept connection carries the next request")
    func reuse() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send(FaultGateway.ok())
            _ = try await client.receive(until: "ok")
            for _ in 0..<3 { try await Self.exchange(faults, client, on: connection) }
            #expect(faults.endpoint.count == 1)
        }
    }

    @Test("Bytes that nobody asked for close a kept connection")
    func unsolicited() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(FaultGateway.ok())
            _ = try await client.receive(until: "ok")
            try await first.send(FaultGateway.ok("poison"))
            try await first.receiveToEnd()
            try await client.send(FaultGateway.get())
            let second = try await faults.endpoint.accept()
            _ = try await second.receiveHead()
            try await second.send(FaultGateway.ok("clean"))
            #expect(!(try await client.receive(until: "clean").contains("poison")))
        }
    }

    @Test(
        "An endpoint that wants to close is not asked again",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\n\r\nok",
        ]
    )
    func wantsToClose(_ response: String) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(response)
            if !response.contains("Content-Length") { await first.close() }
            let answer = try await client.receive(until: response.contains("Content-Length") ? "ok" : "0\r\n\r\n")
            #expect(answer.contains("\r\nConnection: keep-alive\r\n"))
            try await first.receiveToEnd()
            try await client.send(FaultGateway.get())
            let second = try await faults.endpoint.accept()
            _ = try await second.receiveHead()
            try await second.send(FaultGateway.ok("again"))
            _ = try await client.receive(until: "again")
        }
    }

    @Test("A kept connection that dies under a request costs a GET one retry, and a POST an error")
    func stale() async throws {
        let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
        for (request, isRepeated) in [(FaultGateway.get(), true), (post, false)] {
            try await FaultGateway.serve { faults async throws in
                let client = try await faults.get()
                let first = try await faults.endpoint.accept()
                _ = try await first.receiveHead()
                try await first.send(FaultGateway.ok())
                _ = try await client.receive(until: "ok")
                try await client.send(request)
                _ = try await first.receiveHead()
                await first.close()
                guard isRepeated else {
                    #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 503 "))
                    #expect(faults.endpoint.count == 1)
                    return
                }
                let second = try await faults.endpoint.accept()
                #expect(try await second.receiveHead().hasPrefix("GET / "))
                // A second death is no accident any more.
                await second.close()
                #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 503 "))
                #expect(faults.endpoint.count == 2)
            }
        }
    }

    @Test("A request is not sent again once a byte of its response has come")
    func touched() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(FaultGateway.ok())
            _ = try await client.receive(until: "ok")
            try await client.send(FaultGateway.get())
            _ = try await first.receiveHead()
            try await first.send("H")
            await first.close()
            #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 503 "))
            #expect(faults.endpoint.count == 1)
        }
    }

    @Test("Kept connections that the endpoint closes are forgotten")
    func closedWhileIdle() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(FaultGateway.ok())
            _ = try await client.receive(until: "ok")
            await first.close()
            // Once this is answered, the gateway has also seen what had happened before it.
            let other = try await faults.get("/a/../b")
            #expect(try await other.receiveHead().hasPrefix("HTTP/1.1 400 "))
            let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
            try await client.send(post)
            let second = try await faults.endpoint.accept()
            #expect(try await second.receive(until: "hi").hasPrefix("POST / "))
            try await second.send(FaultGateway.ok("posted"))
            _ = try await client.receive(until: "posted")
        }
    }

    @Test("Kept connections are closed when they have not been used for too long")
    func expires() async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.upstreamIdle = 50 }) { faults async throws in
            let client = try await faults.get()
            let first = try await faults.endpoint.accept()
            _ = try await first.receiveHead()
            try await first.send(FaultGateway.ok())
            _ = try await client.receive(until: "ok")
            try await first.receiveToEnd()
            #expect(!client.isClosed)
        }
    }

    @Test("An endpoint that answers before it has read the request does not get another on that connection")
    func earlyAnswer() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
            let first = try await faults.endpoint.accept()
            _ = try await first.receive(until: "hello")
            try await first.send(FaultGateway.ok("early"))
            _ = try await client.receive(until: "early")
            try await first.receiveToEnd()
            try await client.send("world" + FaultGateway.get())
            let second = try await faults.endpoint.accept()
            #expect(try await second.receiveHead().hasPrefix("GET / "))
            try await second.send(FaultGateway.ok("second"))
            _ = try await client.receive(until: "second")
        }
    }

    @Test("Connections beyond the limit of an endpoint are refused, and taken again once there is room")
    func limit() async throws {
        try await FaultGateway.serve(configure: { $0.upstreamConnections = 1 }) { faults async throws in
            let first = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            let second = try await faults.get()
            #expect(try await second.receiveHead().hasPrefix("HTTP/1.1 503 "))
            try await connection.send(FaultGateway.ok())
            _ = try await first.receive(until: "ok")
            _ = try await second.receive(until: "}")
            try await second.send(FaultGateway.get("/third"))
            #expect(try await connection.receiveHead().hasPrefix("GET /third "))
            #expect(faults.endpoint.count == 1)
        }
    }
}
