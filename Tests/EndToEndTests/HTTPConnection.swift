// A client for HTTP/1.1 over one connection that stays open.

import Foundation
import Glibc

/// What a server answered.
struct HTTPAnswer: Sendable {
    let status: Int
    /// The fields by name in lower case; of several of one name the last.
    let headers: [String: String]
    let body: String
}

/// Why there is no answer.
struct HTTPFailure: Error {
    let reason: String
}

/// A connection to a port of this machine. Requests follow one another.
final class HTTPConnection: Sendable {
    private let socket: CInt

    init(port: Int) async throws {
        socket = try await Self.onThread {
            let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { throw HTTPFailure(reason: "no socket") }
            var limit = timeval(tv_sec: 30, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0 else {
                close(socket)
                throw HTTPFailure(reason: "cannot connect to port \(port)")
            }
            return socket
        }
    }

    deinit { close(socket) }

    /// Sends a request and reads the answer.
    ///
    /// - Throws: `HTTPFailure`, also when the server has closed the connection.
    func request(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: String = ""
    ) async throws -> HTTPAnswer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.utf8.count)\r\n" }
        let bytes = Array((head + "\r\n" + body).utf8)
        return try await Self.onThread { [socket] in
            guard send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
                throw HTTPFailure(reason: "cannot send")
            }
            return try HTTPReader(socket: socket).answer()
        }
    }

    /// Runs what blocks away from the threads that tasks share.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Reads one answer.
private struct HTTPReader {
    let socket: CInt
    private var bytes: ArraySlice<UInt8> = []

    init(socket: CInt) { self.socket = socket }

    func answer() throws -> HTTPAnswer {
        var reader = self
        let statusLine = try reader.line().split(separator: " ", maxSplits: 2)
        guard statusLine.count >= 2, statusLine[0] == "HTTP/1.1", let status = Int(statusLine[1]) else {
            throw HTTPFailure(reason: "no status line: \(statusLine)")
        }
        var headers: [String: String] = [:]
        while case let line = try reader.line(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw HTTPFailure(reason: "no field: \(line)") }
            let value = line[line.index(after: colon)...]
            headers[line[..<colon].lowercased()] = value.trimmingCharacters(in: .whitespaces)
        }
        var body: [UInt8] = []
        if headers["transfer-encoding"] == "chunked" {
            while case let size = try reader.line(), size != "0" {
                guard let count = Int(size, radix: 16) else { throw HTTPFailure(reason: "no chunk: \(size)") }
                body += try reader.read(count)
                _ = try reader.line()
            }
            _ = try reader.line()
        } else {
            body += try reader.read(Int(headers["content-length"] ?? "0") ?? 0)
        }
        return HTTPAnswer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    private mutating func line() throws -> String {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                let line = bytes[..<end]
                bytes = bytes[(end + 1)...]
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            try fill()
        }
    }

    private mutating func read(_ count: Int) throws -> ArraySlice<UInt8> {
        while bytes.count < count { try fill() }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    private mutating func fill() throws {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { throw HTTPFailure(reason: count == 0 ? "the connection was closed" : "no answer") }
        bytes = bytes + buffer[..<count]
    }
}
