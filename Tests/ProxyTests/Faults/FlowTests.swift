// Contents that flow through the gateway: framed anew, and never faster than they are taken.

import Foundation
import Manifest
import NIOConcurrencyHelpers
import Testing

@testable import Proxy

@Suite("Contents that flow")
struct FlowTests {
    // MARK: Framing

    @Test(
        "Requests to web servers have one framing, whatever they came with",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "Content-Length: 5", "hello"),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", nil, ""),
            ("DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", ""),
            ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", "Content-Length: 0", ""),
            ("PUT / HTTP/1.0\r\nContent-Length: 000002\r\n\r\nhi", "Content-Length: 2", "hi"),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n005;a=\"b\"\r\nhello\r\n0\r\nA: b\r\n\r\n",
                "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"
            ),
        ] as [(String, String?, String)]
    )
    func framing(_ request: String, _ field: String?, _ content: String) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send(request)
            let connection = try await faults.endpoint.accept()
            let head = try await connection.receiveHead()
            let framing = head.components(separatedBy: "\r\n").filter {
                $0.lowercased().hasPrefix("content-length") || $0.lowercased().hasPrefix("transfer-encoding")
            }
            #expect(framing == (field.map { [$0] } ?? []), "\(head)")
            if !content.isEmpty { #expect(try await connection.receive(until: content) == content) }
            try await connection.send(FaultGateway.ok())
            #expect(try await client.receive(until: "ok").hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(connection.pending == "")
        }
    }

    @Test("No sender can take away what others rely on")
    func nominations() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get(
                "/",
                "Connection: host, Authorization, cookie, x-forwarded-for, content-length, mine\r\nMine: 1\r\n"
                    + "Authorization: Bearer x\r\nCookie: a=b\r\nX-Amzn-Trace-Id: Root=1\r\n"
            )
            let connection = try await faults.endpoint.accept()
            let head = try await connection.receiveHead()
            for field in ["Host: ", "Authorization: Bearer x", "Cookie: a=b", "X-Forwarded-For: 127.0.0.1"] {
                #expect(head.contains("\r\n\(field)"), "\(head)")
            }
            #expect(!head.contains("Mine"))
            #expect(!head.contains("\r\nConnection"))
            try await connection.send(FaultGateway.ok())
            _ = try await client.receive(until: "ok")
        }
    }

    // MARK: Backpressure

    private static let piece = [UInt8](repeating: 0x61, count: 1 << 16)
    private static let pieces = 1024

    /// Sends 64 MiB as fast as they are taken.
    ///
    /// - Returns: how many pieces the kernel has taken so far.
    private static func pour(into connection: RawConnection) -> (NIOLockedValueBox<Int>, Task<Void, any Error>) {
        let count = NIOLockedValueBox(0)
        let task = Task {
            for _ in 0..<pieces {
                try await connection.send(piece)
                count.withLockedValue { $0 += 1 }
            }
        }
        return (count, task)
    }

    /// Waits until a count stands still.
    private static func settled(_ count: NIOLockedValueBox<Int>) async throws -> Int {
        var last = -1
        var still = 0
        while still < 25 {
            try await Task.sleep(nanoseconds: 20_000_000)
            let now = count.withLockedValue { $0 }
            still = now == last ? still + 1 : 0
            last = now
        }
        return last
    }

    @Test("An endpoint is read only as fast as the client takes its response", arguments: [true, false])
    func slowClient(_ isChunked: Bool) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect(receiveBuffer: 1 << 16)
            try await client.setReading(false)
            try await client.send(FaultGateway.get())
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            let size = Self.pieces * Self.piece.count
            try await connection.send(
                isChunked
                    ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
            )
            let (count, pouring) = Self.pour(into: connection)
            // What stands still is in the buffers of the gateway and of sockets, which Linux lets grow to 32 MiB.
            #expect(try await Self.settled(count) < Self.pieces * 3 / 4)
            try await client.setReading(true)
            try await pouring.value
            if isChunked { try await connection.send("\r\n0\r\n\r\n") }
            try await client.waitForBytes(size)
        }
    }

    @Test("A client is read only as fast as the endpoint takes its request")
    func slowEndpoint() async throws {
        try await FaultGateway.serve(configure: { $0.limits.contentBytes = 1 << 30 }) { faults async throws in
            let client = try await faults.connect()
            let size = Self.pieces * Self.piece.count
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
            let connection = try await faults.endpoint.accept()
            let head = try await connection.receiveHead()
            try await connection.setReading(false)
            let (count, pouring) = Self.pour(into: client)
            #expect(try await Self.settled(count) < Self.pieces * 3 / 4)
            try await connection.setReading(true)
            try await pouring.value
            try await connection.waitForBytes(head.utf8.count + size)
            try await connection.send(FaultGateway.ok())
            #expect(try await client.receive(until: "ok").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("Requests that are pipelined without end are not taken without end")
    func endlessPipeline() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.get()
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            let count = NIOLockedValueBox(0)
            let requests = Array(String(repeating: FaultGateway.get("/a/../b"), count: 2000).utf8)
            let pouring = Task {
                for _ in 0..<Self.pieces {
                    try await client.send(requests)
                    count.withLockedValue { $0 += 1 }
                }
            }
            #expect(try await Self.settled(count) < Self.pieces * 3 / 4)
            try await client.reset()
            await #expect(throws: (any Error).self) { try await pouring.value }
            try await connection.receiveToEnd()
        }
    }
}
