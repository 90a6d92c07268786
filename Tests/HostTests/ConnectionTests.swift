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

    @Test func whoReadsNoAnswersIsNotRead() async throws {
        try await HostFixture.withHost(Self.function, files: ["f/app.py": Self.code]) { fixture in
            _ = try await fixture.invoke("F")
            // More than the kernel keeps in both directions.
            let one = request("\"" + String(repeating: "x", count: 99_998) + "\"")
            let sent = try await RawConnection.flood(one, times: 400, port: fixture.host.port)
            #expect(sent < one.utf8.count * 400)
            #expect(try await fixture.invoke("F", "1").body == "1")
        }
    }

    @Test func aFunctionHasABoundedNumberOfConnections() async throws {
        let code = """
            import http.client, os
            kept = []
            def handler(event, context):
                answered = 0
                for _ in range(event):
                    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
                    try:
                        connection.request("GET", "/2018-06-01/ping")
                        answered += connection.getresponse().read() == b"pong"
                        kept.append(connection)
                    except (OSError, http.client.HTTPException): pass
                return answered
            """
        try await HostFixture.withHost(Self.function, files: ["f/app.py": code]) { fixture in
            // One is the runtime's own.
            let maximum = ExecutionEnvironment.maximumConnections
            let first = try await fixture.invoke("F", "\(maximum + 20)")
            #expect(first.body == "\(maximum - 1)")
            let second = try await fixture.invoke("F", "1")
            #expect(second.body == "0")
        }
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

    /// Sends a text again and again and reads nothing; returns how many bytes were taken, until none was for 2 seconds.
    static func flood(_ text: String, times: Int, port: Int) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let descriptor = try connect(port: port)
                        defer { close(descriptor) }
                        var patience = timeval(tv_sec: 2, tv_usec: 0)
                        let size = socklen_t(MemoryLayout<timeval>.size)
                        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
                        let bytes = Array(String(repeating: text, count: times).utf8)
                        var sent = 0
                        while sent < bytes.count {
                            let count = bytes.withUnsafeBytes { memory in
                                send(
                                    descriptor,
                                    memory.baseAddress?.advanced(by: sent),
                                    bytes.count - sent,
                                    Int32(MSG_NOSIGNAL)
                                )
                            }
                            guard count > 0 else { break }
                            sent += count
                        }
                        return sent
                    }
                )
            }
        }
    }

    private static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        return descriptor
    }

    private static func blockingExchange(_ parts: [String], port: Int) throws -> String {
        let descriptor = try connect(port: port)
        defer { close(descriptor) }
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
