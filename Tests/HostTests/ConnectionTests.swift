// Connections as clients use and abuse them: keep-alive, pipelining, limits, garbage.

import Foundation
import Testing

@testable import Host

@Suite(.serialized) struct ConnectionTests {
    private static let function = #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "f"}"#
    private static let code = "def handler(event, context): return event"
    private static let path = "/2015-03-31/functions/F/invocations"

    /// Sends bytes on one connection, and returns what comes until the host closes it.
    private func exchange(_ parts: [String]) async throws -> String {
        var answer = ""
        try await HostFixture.withHost(Self.function, files: ["f/app.py": Self.code]) { fixture in
            // The first answer of a process takes as long as its start.
            _ = try await fixture.invoke("F")
            answer = try await RawConnection.exchange(parts, port: fixture.host.port)
        }
        return answer
    }

    private func request(_ body: String, _ fields: String = "", version: String = "1.1") -> String {
        "POST \(Self.path) HTTP/\(version)\r\nHost: h\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let requests = (1...5).map { request("\($0)") }.joined() + request("6", "Connection: close\r\n")
        let answer = try await exchange([requests])
        let bodies = answer.components(separatedBy: "\r\n\r\n").dropFirst().map { $0.prefix(1) }
        #expect(bodies == ["1", "2", "3", "4", "5", "6"])
    }

    @Test func keepAliveAndChunks() async throws {
        let chunked = """
            POST \(Self.path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
            2\r\n[1\r\n3\r\n,2]\r\n0\r\n\r\n
            """
        let answer = try await exchange([request("\"first\""), chunked])
        #expect(answer.contains("\"first\""))
        #expect(answer.contains("Connection: close"))
        #expect(answer.hasSuffix("[1, 2]"))
    }

    @Test func expectation() async throws {
        let head = "POST \(Self.path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\n"
        let answer = try await exchange([head + "Content-Length: 2\r\n\r\n", "17"])
        #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("17"))
        let refused = try await exchange([head + "Content-Length: 6291557\r\n\r\n"])
        #expect(refused.hasPrefix("HTTP/1.1 413 "))
    }

    @Test func oldProtocol() async throws {
        let answer = try await exchange([request("1", version: "1.0")])
        #expect(answer.hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(answer.hasSuffix("1"))
    }

    @Test(arguments: [
        "garbage\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nX: " + String(repeating: "x", count: 9000) + "\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func malformedRequests(bytes: String) async throws {
        let answer = try await exchange([bytes])
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
    }
}

/// A connection without any knowledge of HTTP.
private enum RawConnection {
    static func exchange(_ parts: [String], port: Int) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try blockingExchange(parts, port: port) }) }
        }
    }

    private static func blockingExchange(_ parts: [String], port: Int) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        for (index, part) in parts.enumerated() {
            let bytes = Array(part.utf8)
            try #require(send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
            repeat {
                let count = recv(descriptor, &chunk, chunk.count, 0)
                guard count > 0 else { break }
                answer += chunk.prefix(count)
            } while index == parts.count - 1
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
