// Properties of the parsers on bytes that nobody would send on purpose.

import NIOCore
import Support
import Testing

@testable import Proxy

/// Mutations of requests and responses, the same ones every time.
struct ParserPropertyTests {
    private static let requests = [
        "GET /a?b=c HTTP/1.1\r\nHost: h\r\nUser-Agent: x\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h:80\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n0\r\nT: v\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:8\r\nConnection: close, x\r\nExpect: 100-continue\r\n\r\n",
        "PUT http://h/p%20q HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ]
    private static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.0 204 None\r\nConnection: keep-alive\r\n\r\n",
    ]
    private static let morsels: [[UInt8]] = [
        [0x0D], [0x0A], [0x0D, 0x0A], [0], [0x20], [0x09], [0x3A], [0xFF], [0x2C], Array("chunked".utf8),
        Array("Content-Length: 3\r\n".utf8), Array("Transfer-Encoding: chunked\r\n".utf8),
        Array("ffffffffffffffff".utf8),
    ]

    /// `count` mutations of one text, and the text.
    private static func mutations(of text: String, count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        return [Array(text.utf8)]
            + (0..<count).map { _ in
                var bytes = Array(text.utf8)
                for _ in 0...Int.random(in: 0...2, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0...3, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: place)
                    case 2:
                        bytes.insert(contentsOf: morsels[Int.random(in: 0..<morsels.count, using: &random)], at: place)
                    default: bytes.removeSubrange(place..<min(bytes.count, place + 4))
                    }
                    if bytes.isEmpty { bytes = [0x47] }
                }
                return bytes
            }
    }

    /// What a parser makes of bytes, as one text: heads with all that they say, contents joined, and whether it failed.
    private static func requestTrace(_ bytes: [UInt8], step: Int) -> String {
        var parser = RequestParser(limits: MessageLimits())
        var trace = ""
        for start in stride(from: 0, to: bytes.count, by: step) {
            parser.append(ByteBuffer(bytes: bytes[start..<min(bytes.count, start + step)]))
            do throws(MessageError) {
                while let event = try parser.next() {
                    switch event {
                    case .head(let head):
                        trace += "|\(head.method) \(head.minorVersion) \(head.framing) \(head.keepsAlive) "
                        head.fields.withBytes { trace += String(decoding: head.target(in: $0), as: UTF8.self) }
                        head.fields.forEach { name, spelling, value in
                            trace += " \(name) \(Array(spelling)) \(Array(value))"
                        }
                        trace += "|"
                    case .content(let content): trace += String(buffer: content)
                    case .end: trace += "|end"
                    }
                }
            } catch { return trace + "|refused" }
        }
        return trace
    }

    private static func responseTrace(_ bytes: [UInt8], step: Int) -> String {
        var parser = ResponseParser()
        parser.expectResponse(toHead: false)
        var trace = ""
        for start in stride(from: 0, to: bytes.count, by: step) {
            guard parser.append(ByteBuffer(bytes: bytes[start..<min(bytes.count, start + step)])) else { return trace }
            do throws(MessageError) {
                while let event = try parser.next() {
                    switch event {
                    case .head(let head): trace += "|\(head.head.status) \(head.framing) \(head.keepsAlive)|"
                    case .content(let content): trace += String(buffer: content)
                    // Bytes behind the end are seen to be too many at once or later; all before them must agree.
                    case .end: return trace + "|end"
                    }
                }
            } catch { return trace + "|refused" }
        }
        return trace
    }

    @Test(arguments: requests.indices)
    func requestsMeanTheSameHoweverTheyArrive(_ index: Int) {
        for bytes in Self.mutations(of: Self.requests[index], count: 1000, seed: UInt64(index) + 1) {
            let whole = Self.requestTrace(bytes, step: bytes.count)
            for step in [1, 7] where Self.requestTrace(bytes, step: step) != whole {
                Issue.record("\(String(decoding: bytes, as: UTF8.self).debugDescription) by \(step)")
            }
        }
    }

    @Test(arguments: responses.indices)
    func responsesMeanTheSameHoweverTheyArrive(_ index: Int) {
        for bytes in Self.mutations(of: Self.responses[index], count: 1000, seed: UInt64(index) + 100) {
            let whole = Self.responseTrace(bytes, step: bytes.count)
            for step in [1, 7] where Self.responseTrace(bytes, step: step) != whole {
                Issue.record("\(String(decoding: bytes, as: UTF8.self).debugDescription) by \(step)")
            }
        }
    }

    @Test(
        "a line that begins with CR hides nothing",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\n\rHost: a\r\n\r\n",
        ]
    )
    func loneCarriageReturn(_ text: String) {
        #expect(Self.requestTrace(Array(text.utf8), step: 512) == "|refused")
    }
}
