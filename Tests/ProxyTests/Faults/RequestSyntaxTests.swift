// Requests that are refused before anybody behind the gateway hears of them, and those that just pass.

import Foundation
import Manifest
import Testing

@testable import Proxy

@Suite("Requests that are no requests")
struct RequestSyntaxTests {
    static let refused: [(status: Int, bytes: String)] = [
        // Host.
        (400, "GET / HTTP/1.1\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        (400, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET http://b/ HTTP/1.0\r\n\r\n"),
        // What the content is.
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\ncontent-type: a/b\r\n\r\n"),
        // Framing.
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n"),
        (400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        // Lines.
        (400, "GET / HTTP/1.1\nHost: a\n\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nA\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nA(: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nA: b\u{0}\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nA: b\u{1}\r\n\r\n"),
        // The request line.
        (400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /\r\nHost: a\r\n\r\n"),
        (400, "GET / a HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /%0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        (405, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
        (505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        (505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        // No HTTP at all.
        (400, "\u{16}\u{3}\u{1}\u{2}"),
        (400, "\u{0}"),
        (400, "{\"json\":1}"),
    ]

    @Test("They are refused, the connection is closed, and what follows is not read", arguments: refused.indices)
    func isRefused(_ index: Int) async throws {
        let (status, bytes) = Self.refused[index]
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send(bytes + FaultGateway.get("/smuggled"))
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 \(status) "), "\(response)")
            #expect(response.contains("\r\nConnection: close\r\n"))
            #expect(response.components(separatedBy: "HTTP/1.1 ").count == 2, "\(response)")
            #expect(faults.endpoint.count == 0)
        }
    }

    /// Bytes that can be no request are refused at once: there is no line end to wait for.
    @Test("A TLS hello is refused as soon as its first byte is there")
    func tls() async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send([0x16])
            #expect(try await client.receiveToEnd().hasPrefix("HTTP/1.1 400 "))
        }
    }

    static let chunkFaults = [
        "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n", "5;\r\nhello\r\n0\r\n\r\n", "5;a=\u{1}\r\nhello\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nA b\r\n\r\n", "5\r\nhello\r\n0\r\n A: b\r\n\r\n",
        "5;a=" + String(repeating: "b", count: 5000) + "\r\nhello\r\n0\r\n\r\n",
    ]

    @Test("Chunks that are malformed end the request on both sides", arguments: chunkFaults.indices)
    func chunks(_ index: Int) async throws {
        try await FaultGateway.serve { faults async throws in
            let client = try await faults.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let connection = try await faults.endpoint.accept()
            _ = try await connection.receiveHead()
            try await client.send(Self.chunkFaults[index])
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 400 "), "\(response)")
            // The endpoint must not take what it has for the whole.
            #expect(!(try await connection.receiveToEnd()).contains("0\r\n\r\n"))
        }
    }

    // MARK: Limits

    /// A request that is as large as a limit and the answer to it, for both sides of the limit.
    private static func expect(
        _ status: Int,
        for request: String,
        _ configure: (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws {
        try await FaultGateway.serve(configure: configure) { faults async throws in
            let client = try await faults.connect()
            try await client.send(request)
            let response = try await client.receiveHead()
            #expect(response.hasPrefix("HTTP/1.1 \(status) "), "\(response)")
        }
    }

    @Test("R1.14: the request line", arguments: [(10304, 400), (10305, 414), (100_000, 414)])
    func requestLine(_ length: Int, _ status: Int) async throws {
        let frame = "GET /../ HTTP/1.1".utf8.count
        let request = "GET /../\(String(repeating: "a", count: length - frame)) HTTP/1.1\r\nHost: a\r\n\r\n"
        // The line of a request to an HTTP API counts as a field's value, too, and there are fewer of those.
        try await Self.expect(status, for: request) { $0.limits.fieldValueBytes = 20_000 }
    }

    @Test("The number of fields", arguments: [(100, 400), (101, 431)])
    func fieldCount(_ count: Int, _ status: Int) async throws {
        let fields = (1..<count).map { "A\($0): b\r\n" }.joined()
        try await Self.expect(status, for: FaultGateway.get("/../", fields))
    }

    @Test("The values of all fields, and the request line of an HTTP API", arguments: [(10_240, 400), (10_241, 431)])
    func fieldValues(_ length: Int, _ status: Int) async throws {
        // One byte is the host's.
        let value = String(repeating: "b", count: length - 1 - "GET /../ HTTP/1.1".utf8.count)
        try await Self.expect(status, for: FaultGateway.get("/../", "A:  \(value) \r\n"))
    }

    @Test("The head", arguments: [(1024, 400), (1025, 431)])
    func head(_ length: Int, _ status: Int) async throws {
        let frame = FaultGateway.get("/../", ": \r\n").utf8.count
        let name = String(repeating: "n", count: length - frame)
        try await Self.expect(status, for: FaultGateway.get("/../", "\(name): \r\n")) { $0.limits.headBytes = 1024 }
    }

    @Test("A head that does not end")
    func endlessHead() async throws {
        try await Self.expect(431, for: "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 10_000))
        try await Self.expect(414, for: "GET /" + String(repeating: "a", count: 11_000))
    }

    @Test("The content, by its length and by its chunks", arguments: [(1000, true), (1001, false)])
    func content(_ length: Int, _ passes: Bool) async throws {
        let content = String(repeating: "c", count: length)
        let requests = [
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(content)",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "\(String(length, radix: 16))\r\n\(content)\r\n0\r\n\r\n",
        ]
        for request in requests {
            try await FaultGateway.serve(
                wire: .lambda,
                configure: { $0.limits.contentBytes = 1000 },
                { faults async throws in
                    let client = try await faults.connect()
                    try await client.send(request)
                    guard passes else {
                        #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 413 "))
                        #expect(faults.endpoint.count == 0)
                        return
                    }
                    let connection = try await faults.endpoint.accept()
                    _ = try await connection.receiveHead()
                    try await connection.send(FaultGateway.ok("{}"))
                    #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 200 "))
                }
            )
        }
    }
}
