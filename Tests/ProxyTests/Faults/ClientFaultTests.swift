// Clients that are slow, leave, or send more than one thing at a time.

import Foundation
import Manifest
import Testing

@testable import Proxy

@Suite("Clients that try the gateway's patience")
struct ClientFaultTests {
    // MARK: Slow

    @Test(
        "A head that does not come to its end is answered with 408",
        arguments: ["G", "GET / HTTP/1.1\r\nHost: a\r\n"]
    )
    func slowHead(_ start: String) async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.head = 3000 }) { faults async throws in
            let client = try await faults.connect()
            try await client.send(start)
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"), "\(response)")
            #expect(response.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test("Bytes that trickle in do not put off the end of a head's time")
    func trickle() async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.head = 3000 }) { faults async throws in
            let client = try await faults.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nA: ")
            for _ in 0..<1000 where client.receivedBytes == 0 {
                try? await client.send("b")
                try await Task.sleep(nanoseconds: 10_000_000)
            }
            #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test("A client that says nothing is not spoken to")
    func silent() async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.head = 100 }) { faults async throws in
            let client = try await faults.connect()
            #expect(try await client.receiveToEnd() == "")
        }
    }

    @Test(
        "Content that does not come to its end is answered with 408, and the endpoint does not wait for it",
        arguments: [Endpoint.Wire.lambda, .http]
    )
    func slowContent(_ wire: Endpoint.Wire) async throws {
        try await FaultGateway.serve(wire: wire, configure: { $0.timeouts.content = 100 }) { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"), "\(response)")
            guard wire == .http else {
                #expect(faults.endpoint.count == 0)
                return
            }
            try await faults.endpoint.accept().receiveToEnd()
        }
    }

    @Test("Content that has come does not count against the endpoint, whose time begins with its end")
    func slowEndpointAfterContent() async throws {
        try await FaultGateway.serve(
            route: #","timeoutMilliseconds":200"#,
            configure: { $0.timeouts.content = 60_000 },
            { faults async throws in
                let client = try await faults.connect()
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
                let connection = try await faults.endpoint.accept()
                _ = try await connection.receive(until: "hello")
                // Longer than the route allows its endpoint.
                try await Task.sleep(nanoseconds: 500_000_000)
                #expect(client.receivedBytes == 0)
                try await client.send("world")
                _ = try await connection.receive(until: "world")
                let response = try await client.receiveHead()
                #expect(response.hasPrefix("HTTP/1.1 504 "), "\(response)")
            }
        )
    }

    @Test("Content that came fast does not let the client be silent for longer than its time")
    func silentAfterContent() async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.content = 500 }) { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000001\r\n\r\n")
            try await client.send([UInt8](repeating: 0x61, count: 5_000_000))
            let response = try await client.receiveHead()
            #expect(response.hasPrefix("HTTP/1.1 408 "), "\(response)")
        }
    }

    @Test("A client that takes a response slowly does not use up the time of its endpoint")
    func slowReader() async throws {
        try await FaultGateway.serve(route: #","timeoutMilliseconds":4000"#) { faults async throws in
            let client = try await faults.connect(receiveBuffer: 8192)
            try await client.setReading(false)
            try await client.send(FaultGateway.get())
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            let size = 32 << 20
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let pouring = Task { try await connection.send([UInt8](repeating: 0x61, count: size)) }
            // Longer than the route allows its endpoint.
            try await Task.sleep(nanoseconds: 5_000_000_000)
            try await client.setReading(true)
            try await client.waitForBytes(size)
            try await pouring.value
        }
    }

    @Test("A connection without requests is closed after its time")
    func idle() async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.idle = 100 }) { faults async throws in
            let client = try await faults.get("/a/../b")
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 400 "))
            #expect(response.contains("\r\nConnection: keep-alive\r\n"))
        }
    }

    @Test("A client that does not take its response is left", .timeLimit(.minutes(1)))
    func doesNotRead() async throws {
        try await FaultGateway.serve(configure: { $0.timeouts.write = 200 }) { faults async throws in
            let client = try await faults.connect(receiveBuffer: 8192)
            try await client.setReading(false)
            try await client.send(FaultGateway.get())
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            let piece = [UInt8](repeating: 0x61, count: 1 << 20)
            await #expect(throws: (any Error).self) {
                for _ in 0..<1000 { try await connection.send(piece) }
            }
            try await connection.receiveToEnd()
        }
    }

    // MARK: Leaving

    @Test("A client that resets its connection is not worked for any longer", arguments: [Endpoint.Wire.lambda, .http])
    func reset(_ wire: Endpoint.Wire) async throws {
        try await FaultGateway.serve(wire: wire) { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await client.reset()
            // The route would have another half minute.
            try await connection.receiveToEnd()
        }
    }

    @Test("A client that leaves while its response streams is noticed")
    func leavesMidway() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nbegin")
            _ = try await client.receive(until: "begin")
            await client.close()
            let piece = [UInt8](repeating: 0x61, count: 1 << 16)
            await #expect(throws: (any Error).self) {
                for _ in 0..<10_000 { try await connection.send(piece) }
            }
        }
    }

    @Test("A client that has said all of its request may close its side", arguments: [Endpoint.Wire.lambda, .http])
    func halfClose(_ wire: Endpoint.Wire) async throws {
        try await FaultGateway.serve(wire: wire) { faults async throws in
            let client = try await faults.get()
            try await client.closeOutput()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send(
                FaultGateway.ok(wire == .http ? "still there" : #"{"statusCode":200,"body":"still there"}"#)
            )
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(response.hasSuffix("\r\n\r\nstill there"))
        }
    }

    @Test("A request that is half there when its client closes goes nowhere")
    func halfRequest() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("GET / HTTP/1.1\r\nHos")
            try await client.closeOutput()
            #expect(try await client.receiveToEnd() == "")
            #expect(faults.endpoint.count == 0)

            let other = try await faults.connect()
            try await other.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receive(until: "hello")
            try await other.closeOutput()
            try await connection.receiveToEnd()
            try await other.receiveToEnd()
        }
    }

    // MARK: One after the other

    @Test("Pipelined requests are answered in their order, and go to the endpoint one at a time")
    func pipelining() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            let names = (0..<20).map { "/\($0)" }
            try await client.send(names.map { FaultGateway.get($0) }.joined())
            let connection = try await faults.endpoint.accept()
            for name in names {
                let head = try await connection.receiveHead()
                #expect(head.hasPrefix("GET \(name) HTTP/1.1\r\n"))
                #expect(connection.pending == "")
                try await connection.send(FaultGateway.ok("<\(name)>"))
            }
            for name in names {
                #expect(try await client.receive(until: ">").hasSuffix("\r\n\r\n<\(name)>"))
            }
            #expect(faults.endpoint.count == 1)
        }
    }

    @Test("Pipelined requests after a close are not answered")
    func pipelinedAfterClose() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send(
                FaultGateway.get("/a/../1", "Connection: close\r\n") + FaultGateway.get("/a/../2")
            )
            let response = try await client.receiveToEnd()
            #expect(response.components(separatedBy: "HTTP/1.1 400").count == 2, "\(response)")
        }
    }

    @Test("Expect: 100-continue is answered before the content")
    func expectContinue() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.receiveHead() == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("hello")
            let connection = try await faults.endpoint.accept()
            let request = try await connection.receive(until: "hello")
            #expect(!request.contains("Expect"))
            try await connection.send(FaultGateway.ok())
            #expect(try await client.receive(until: "ok").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("Content that will be refused is not asked for")
    func expectRefused() async throws {
        try await FaultGateway.serve(configure: { $0.limits.contentBytes = 4 }) { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 413 "), "\(response)")
            #expect(response.contains("\r\nConnection: close\r\n"))
            #expect(faults.endpoint.count == 0)
        }
    }

    @Test("An expectation that nobody knows is refused")
    func unknownExpectation() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get("/", "Expect: 200-maybe\r\n")
            #expect(try await client.receiveToEnd().hasPrefix("HTTP/1.1 417 Expectation Failed\r\n"))
        }
    }

    @Test("An upgrade is ignored, and the next request is answered")
    func upgrade() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get(
                "/one",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
            )
            try await client.send(FaultGateway.get("/two"))
            let connection = try await faults.endpoint.accept()
            for name in ["one", "two"] {
                let head = try await connection.receiveHead().lowercased()
                #expect(head.hasPrefix("get /\(name) "))
                #expect(!head.contains("upgrade"))
                #expect(!head.contains("http2-settings"))
                try await connection.send(FaultGateway.ok("<\(name)>"))
                _ = try await client.receive(until: "<\(name)>")
            }
        }
    }

    // MARK: Content that nobody wants

    @Test("Content of a request that is answered before it is there is thrown away, and the connection goes on")
    func unwantedContent() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST /a/../b HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
            #expect(try await client.receive(until: "}").contains("\r\nConnection: keep-alive\r\n"))
            try await client.send("GET /" + FaultGateway.get("/next"))
            let connection = try await faults.endpoint.accept()
            #expect(try await connection.receiveHead().hasPrefix("GET /next "))
            try await connection.send(FaultGateway.ok("next"))
            _ = try await client.receive(until: "next")
        }
    }

    @Test(
        "Where there may be much of it, the connection is closed instead",
        arguments: [
            "Content-Length: 1000000", "Transfer-Encoding: chunked", "Content-Length: 5\r\nExpect: 100-continue",
        ]
    )
    func muchUnwantedContent(_ field: String) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST /a/../b HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 400 "))
            #expect(response.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test("Content that turns out too large while it is streamed is refused, and the endpoint sees no end of it")
    func tooLargeWhileStreaming() async throws {
        try await FaultGateway.serve(configure: { $0.limits.contentBytes = 8 }) { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receive(until: "hello\r\n")
            try await client.send("5\r\nworld\r\n0\r\n\r\n")
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 413 "), "\(response)")
            #expect(response.contains("\r\nConnection: close\r\n"))
            #expect(try await connection.receiveToEnd() == "")
        }
    }

    // MARK: HTTP/1.0

    @Test("HTTP/1.0 closes after the response, unless it asks not to")
    func version10() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("GET /one HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let connection = try await faults.endpoint.accept()
            #expect(try await connection.receiveHead().hasPrefix("GET /one HTTP/1.1\r\n"))
            try await connection.send(FaultGateway.ok("<one>"))
            let first = try await client.receive(until: "<one>")
            #expect(first.contains("\r\nConnection: keep-alive\r\n"))
            try await client.send("GET /two HTTP/1.0\r\n\r\n")
            _ = try await connection.receiveHead()
            try await connection.send(FaultGateway.ok("<two>"))
            let second = try await client.receiveToEnd()
            #expect(second.contains("\r\nConnection: close\r\n"))
            #expect(second.hasSuffix("\r\n\r\n<two>"))
        }
    }

    @Test("HTTP/1.0 gets no chunks")
    func version10Chunked() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            let response = try await client.receiveToEnd()
            #expect(response.contains("\r\nConnection: close\r\n"))
            #expect(!response.contains("Transfer-Encoding"))
            #expect(response.hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test("More clients than allowed are closed at once, over all event loops")
    func tooManyClients() async throws {
        try await FaultGateway.serve(
            configure: { configuration in
                configuration.connections = 2
                configuration.eventLoops = 2
            },
            { faults async throws in
                var clients: [RawConnection] = []
                for _ in 0..<2 {
                    let client = try await faults.get("/a/../b")
                    _ = try await client.receiveHead()
                    clients.append(client)
                }
                let third = try await faults.connect()
                #expect(try await third.receiveToEnd() == "")
                try await clients[0].send(FaultGateway.get("/a/../b"))
                #expect(try await clients[0].receive(until: "\r\n\r\n").contains("HTTP/1.1 400 "))
            }
        )
    }
}
