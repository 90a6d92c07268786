// What is HTTP/1.1 and what is refused, as tables of bytes.

import NIOCore
import Testing

@testable import Proxy

@Suite("The syntax of messages")
struct MessageSyntaxTests {
    /// What a parser makes of text: heads and contents in brackets, or the kind of the error.
    private static func read(_ text: String, limits: MessageLimits = MessageLimits()) -> String {
        var parser = RequestParser(limits: limits)
        parser.append(ByteBuffer(string: text))
        var seen = ""
        do throws(MessageError) {
            while let event = try parser.next() {
                switch event {
                case .head(let head):
                    seen += head.fields.withBytes { memory in
                        let method = String(decoding: head.method(in: memory), as: UTF8.self)
                        return "\(method) \(String(decoding: head.target(in: memory), as: UTF8.self)) "
                    }
                case .content(let content): seen += "[\(String(buffer: content))]"
                case .end: seen += "."
                }
            }
            return seen
        } catch {
            switch error {
            case .malformed: return seen + "malformed"
            default: return seen + "\(error)"
            }
        }
    }

    @Test(
        "Requests",
        arguments: [
            ("GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b ."),
            ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / ."),
            ("GET / HTTP/1.0\r\n\r\n", "GET / ."),
            ("GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n", "GET /b?c ."),
            ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * ."),
            ("GET / HTTP/1.1\r\nHost: a:80\r\nEmpty:\r\nTab:\tx\t\r\n\r\n", "GET / ."),
            ("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / ."),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET", "POST / [abc]."),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST / ."),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n", "POST / [a]."),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n001;a=b;c=\"d;\"\r\na\r\n0\r\nX: y\r\n\r\n",
                "POST / [a]."
            ),
        ]
    )
    func requests(text: String, expected: String) { #expect(Self.read(text) == expected) }

    @Test(
        "Requests that two recipients could read differently, and bytes that are none",
        arguments: [
            "GET / HTTP/1.1\nHost: a\n\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
            "GET /\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", "GET /é HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /%0 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET / http/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nA: b\u{0}c\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nÄ: b\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}", "{\"a\":1}",
        ]
    )
    func malformedRequests(text: String) { #expect(Self.read(text) == "malformed") }

    @Test(
        "Requests that are refused for what they ask",
        arguments: [
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "unknownVersion"),
            ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", "unknownVersion"),
            ("PRI * HTTP/2.0\r\n\r\n", "unknownVersion"), ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "tunnel"),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", "unknownExpectation"),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "unknownTransferCoding"),
            ("GET /\(String(repeating: "a", count: 10_304)) HTTP/1.1\r\nHost: a\r\n\r\n", "targetTooLong"),
            (String(repeating: "a", count: 11_000), "targetTooLong"),
            ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "A: b\r\n", count: 100))\r\n", "fieldsTooLarge"),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "b", count: 10_240))\r\n\r\n", "fieldsTooLarge"),
            ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "a", count: 33_000))", "fieldsTooLarge"),
        ]
    )
    func refusedRequests(text: String, expected: String) { #expect(Self.read(text) == expected) }

    @Test(
        "Chunks that are none",
        arguments: [
            "\r\n", "x\r\n", "-1\r\n", "0x1\r\na\r\n", "1 \r\na\r\n", " 1\r\na\r\n", "1\na\r\n", "1\r\naX\r\n",
            "1\r\na\n",
            "1\r\nab", "1;\r\na\r\n", "1; a\r\nb\r\n", "1;a=\r\nb\r\n", "1;a=\"b\r\nc\r\n", "1;a=b c\r\nd\r\n",
            "10000000000000000\r\n", "0\r\nbad trailer\r\n\r\n", "0\r\nA: b\n\r\n", "0\r\n A: b\r\n\r\n", "0\r\n\r\r\n",
            "1;\(String(repeating: "a", count: 300))\r\nb\r\n",
        ]
    )
    func malformedChunks(text: String) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(Self.read(head + text).hasSuffix("malformed"))
    }

    // MARK: Responses

    private static func readResponse(_ text: String, toHead: Bool = false) -> String {
        var parser = ResponseParser()
        parser.expectResponse(toHead: toHead)
        guard parser.append(ByteBuffer(string: text)) else { return "refused" }
        var seen = ""
        do throws(MessageError) {
            while let event = try parser.next() {
                switch event {
                case .head(let head): seen += "\(head.head.status)\(head.keepsAlive ? "" : " close")"
                case .content(let content): seen += "[\(String(buffer: content))]"
                case .end: seen += parser.isPoisoned ? ". poisoned" : "."
                }
            }
            return parser.isBusy ? seen + (parser.connectionEnded() ? "." : " cut") : seen
        } catch { return seen + "malformed" }
    }

    @Test(
        "Responses of endpoints",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "200[ab]."),
            ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200."),
            ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200."),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "200."
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "200[a]."),
            ("HTTP/1.1 200 OK\r\n\r\nab", "200 close[ab]."), ("HTTP/1.1 204 X\r\n\r\n", "204."),
            ("HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n", "304."),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200 close."),
            ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "200."),
            ("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", "200 close."),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", "200[a]. poisoned"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "200[ab] cut"), ("HTTP/1.1 200 OK\r\nConte", " cut"),
            ("", " cut"),
        ]
    )
    func responses(text: String, expected: String) { #expect(Self.readResponse(text) == expected) }

    @Test(
        "Responses that are none",
        arguments: [
            "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 600 X\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n", "HTTP/1.1 2000 X\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 200OK\r\n\r\n",
            "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 O\u{0}K\r\n\r\n", "HTTP/1.1 101 X\r\n\r\n", "200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            String(repeating: "HTTP/1.1 100 X\r\n\r\n", count: 9),
        ]
    )
    func malformedResponses(text: String) { #expect(Self.readResponse(text).hasSuffix("malformed")) }

    @Test("A response to HEAD ends with its head; bytes that nobody waits for are refused")
    func headAndIdle() {
        #expect(Self.readResponse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", toHead: true) == "200.")
        var parser = ResponseParser()
        let isTaken = parser.append(ByteBuffer(string: "HTTP/1.1 200 OK\r\n"))
        #expect(!isTaken)
    }

    // MARK: Characters and names

    @Test("Tokens are those of RFC 9110 section 5.6.2")
    func tokens() {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let token = Set("!#$%&'*+-.^_`|~0123456789\(letters)\(letters.uppercased())".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(byte.isTokenCharacter == token.contains(byte), "\(byte)")
            #expect(
                byte.hexadecimalValue
                    == (byte < 128 ? Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init) : nil)
            )
        }
    }

    @Test(
        "Names are known in any case, and no other is taken for one",
        arguments: [
            ("host", .host), ("CONTENT-LENGTH", .contentLength), ("transfer-encoding", .transferEncoding), ("Te", .te),
            ("Cookie", .cookie), ("set-COOKIE", .setCookie), ("X-Amzn-Trace-Id", .xAmznTraceId),
            ("x-amzn-RequestId", .xAmznRequestId), ("X-Amz-Function-Error", .xAmzFunctionError),
            ("Access-Control-Request-Method", .accessControlRequestMethod), ("access-control-max-age", .accessControl),
            ("Access-Control-Allow-Origin", .accessControl), ("access-control-expose-headers", .accessControl),
            ("ACCESS-CONTROL-ALLOW-CREDENTIALS", .accessControl), ("hosts", .other), ("hos", .other), ("", .other),
            ("content_length", .other), ("x-access-control-a", .other), ("c\u{F}okie", .other),
        ] as [(String, FieldName)]
    )
    func names(text: String, name: FieldName) {
        #expect(Array(text.utf8).withUnsafeBytes { FieldName($0) } == name)
    }

    @Test("Numbers as text", arguments: [0, 7, 10, 99, 1_234_567_890, .max, .min, -1, -10])
    func decimals(number: Int) {
        let writer = ByteWriter(capacity: 1)
        writer.write(decimal: number)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\(number)")
    }

    @Test("Numbers from text are digits only, and never more than fit")
    func decimalValues() {
        func value(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { $0.decimalValue } }
        #expect(value("0") == 0)
        #expect(value("007") == 7)
        #expect(value("999999999999999999") == 999_999_999_999_999_999)
        for text in ["", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1000000000000000000", "١"] {
            #expect(value(text) == nil)
        }
    }
}
