// Contents compressed between REST APIs and their clients.

import JSON
import Manifest
import NIOCore
import Testing

@testable import Proxy

@Suite("Compression")
struct CompressionTests {
    private static let large = String(repeating: "compress me ", count: 5000)

    private static func serve(
        minimum: Int? = 100,
        kind: APIKind = .rest,
        wire: Endpoint.Wire = .lambda,
        more: String = "",
        route: String = "",
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        script: @escaping TestEndpoint.Script = { _ in .result(#"{"statusCode":200,"body":"\#(large)"}"#) },
        _ test: (TestGateway) async throws -> Void
    ) async throws {
        let setting = minimum.map { #""minimumCompressionBytes":\#($0),"# } ?? ""
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(kind, ["ANY /"], more: setting + more, route: route))}"#,
            wire: wire,
            configure: configure,
            script: script,
            test
        )
    }

    private static func inflated(_ response: ClientResponse, _ coding: ContentCoding = .gzip) throws -> String {
        let content = try Inflater.inflate(ByteBuffer(bytes: response.content), coding, limit: 1 << 24)
        return String(buffer: content)
    }

    // MARK: What is accepted

    @Test(
        "6.7: the coding that the client likes best is used where it is one that there is",
        arguments: [
            (["gzip"], "gzip"), (["GZIP"], "gzip"), (["x-gzip"], "gzip"), (["deflate"], "deflate"),
            (["gzip, deflate, br"], "gzip"), (["deflate, gzip"], "gzip"), (["deflate", "gzip"], "gzip"),
            (["gzip;q=0.5, deflate"], "deflate"), (["gzip;q=0.5, deflate;q=0.501"], "deflate"),
            (["gzip;q=0.9, identity"], nil), (["gzip, identity;q=0.9"], "gzip"), (["br;q=1, gzip;q=0.5"], nil),
            (["br, gzip"], "gzip"), (["*"], nil), (["*;q=0.5, gzip;q=0.5"], "gzip"), (["identity"], nil), ([""], nil),
            (["gzip;q=0"], nil), (["gzip;q=0, deflate;q=0.001"], "deflate"), (["gzip;q=2"], nil),
            (["gzip;q=1.5"], nil), (["gzip;q="], nil), (["gzip;q=0.5555"], nil), (["gzip;level=1"], nil),
            (["gzip ; q=1.000"], "gzip"), ([";q=1"], nil), (["gzip;q=-1"], nil), (["gzip;q=1.x"], nil), ([], nil),
        ]
    )
    func accepted(values: [String], name: String?) {
        var fields = FieldSection()
        for value in values { fields.append(.acceptEncoding, "Accept-Encoding", value: Array(value.utf8)) }
        #expect(ContentCoding.accepted(by: fields).map { String(decoding: $0.name, as: UTF8.self) } == name)
    }

    // MARK: Responses

    @Test("6.7: a response of the size is compressed for a client that asks for it", arguments: ["gzip", "deflate"])
    func compressed(name: String) async throws {
        try await Self.serve { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept-Encoding: \(name)"])
            #expect(response["content-encoding"] == name)
            #expect(response["content-length"] == String(response.content.count))
            #expect(response["vary"] == "Accept-Encoding")
            #expect(response.content.count < 2000)
            #expect(try Self.inflated(response, name == "gzip" ? .gzip : .deflate) == Self.large)
            let head = try await gateway.send("HEAD", "/", ["Accept-Encoding: \(name)"])
            #expect(head["content-length"] == response["content-length"])
            let plain = try await gateway.send("GET", "/")
            #expect(plain["content-encoding"] == nil)
            #expect(plain.body == Self.large)
        }
    }

    @Test(
        "6.7: what is smaller, encoded already, a part, or empty goes out as it is",
        arguments: [
            #"{"statusCode":200,"body":"99 bytes are not enough"}"#,
            #"{"statusCode":200,"headers":{"Content-Encoding":"br"},"body":"\#(large)"}"#,
            #"{"statusCode":206,"body":"\#(large)"}"#, #"{"statusCode":204}"#, #"{"statusCode":304}"#,
            #"{"statusCode":200}"#,
        ]
    )
    func untouched(result: String) async throws {
        try await Self.serve(script: { _ in .result(result) }) { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept-Encoding: gzip"])
            #expect(response["content-encoding"] == (result.contains("br") && result.contains("Encoding") ? "br" : nil))
            #expect(response["vary"] == nil)
        }
    }

    @Test(
        "6.7: exactly the size is enough, and 0 compresses everything",
        arguments: [(5, true), (6, false), (0, true)]
    )
    func threshold(minimum: Int, isCompressed: Bool) async throws {
        try await Self.serve(minimum: minimum, script: { _ in .result(#"{"body":"12345"}"#) }) { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept-Encoding: gzip"])
            #expect(response["content-encoding"] == (isCompressed ? "gzip" : nil))
        }
    }

    @Test("6.7: without the setting, and for HTTP APIs, nothing is compressed")
    func off() async throws {
        for (minimum, kind) in [(nil, APIKind.rest), (0, .http)] {
            try await Self.serve(minimum: minimum, kind: kind) { gateway async throws in
                let response = try await gateway.send("GET", "/", ["Accept-Encoding: gzip"])
                #expect(response["content-encoding"] == nil)
            }
        }
    }

    @Test("The gateway's own errors are not compressed")
    func errors() async throws {
        try await Self.serve(minimum: 0, script: { _ in .result("no json") }) { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept-Encoding: gzip"])
            #expect(response.body == #"{"message": "Internal server error"}"#)
        }
    }

    @Test("Responses of web servers are compressed as they pass", arguments: [true, false])
    func streamed(isChunked: Bool) async throws {
        let script: TestEndpoint.Script = { request in
            if request.requestLine.hasPrefix("HEAD") {
                return .bytes(Array("HTTP/1.1 200 X\r\nContent-Length: \(Self.large.utf8.count)\r\n\r\n".utf8))
            }
            guard isChunked else { return .response(200, Self.large.utf8, fields: ["ETag: \"x\""]) }
            let half = Self.large.prefix(30_000)
            let chunk = String(half.utf8.count, radix: 16) + "\r\n\(half)\r\n"
            return .bytes(Array("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)0\r\n\r\n".utf8))
        }
        try await Self.serve(wire: .http, script: script) { gateway async throws in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
                let response = try await client.response()
                #expect(response["content-encoding"] == "gzip")
                #expect(response["transfer-encoding"] == "chunked")
                #expect(response["content-length"] == nil)
                #expect(response.content.count < 2000)
                #expect(try Self.inflated(response).utf8.count == 60_000)
            }
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().content.count == 60_000)
            await client.close()
            let head = try await gateway.send("HEAD", "/", ["Accept-Encoding: gzip"])
            #expect(head["content-encoding"] == nil)
            #expect(head["content-length"] == "60000")
        }
    }

    @Test(
        "What is compressed has no strong entity tag, and what must not be transformed is not",
        arguments: [
            (["ETag: \"x\""], "W/\"x\"", "gzip"), (["etag: W/\"x\""], "W/\"x\"", "gzip"),
            (["ETag: \"x\"", "Cache-Control: public, No-Transform"], "\"x\"", nil),
        ] as [([String], String, String?)]
    )
    func validators(_ fields: [String], _ tag: String, _ coding: String?) async throws {
        try await Self.serve(
            wire: .http,
            script: { _ in .response(200, Self.large.utf8, fields: fields) }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept-Encoding: gzip"])
            #expect(response["etag"] == tag)
            #expect(response["content-encoding"] == coding)
        }
    }

    @Test("A client of HTTP/1.0 has a compressed response until the connection closes")
    func oldClient() async throws {
        try await Self.serve(wire: .http, script: { _ in .response(200, Self.large.utf8) }) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("GET / HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
            try await client.waitForClose()
            #expect(client.received.contains("Content-Encoding: gzip"))
            #expect(!client.received.contains("chunked"))
            await client.close()
        }
    }

    @Test("A small response of a web server, or one without content, passes as it is", arguments: [200, 204, 304])
    func smallStreamed(status: Int) async throws {
        try await Self.serve(
            wire: .http,
            script: { _ in
                status == 200 ? .response(200, "small".utf8) : .bytes(Array("HTTP/1.1 \(status) X\r\n\r\n".utf8))
            }
        ) { gateway async throws in
            let response = try await gateway.send("GET", "/", ["Accept-Encoding: gzip"])
            #expect(response.status == status)
            #expect(response["content-encoding"] == nil)
        }
    }

    // MARK: Requests

    private static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 50, 172, 5, 0, 175, 172, 27, 86, 7, 0, 0, 0,
    ]
    private static let zlib: [UInt8] = [120, 156, 171, 86, 74, 84, 178, 50, 172, 5, 0, 8, 42, 2, 9]

    @Test(
        "E6: contents of requests are decompressed where compression is enabled",
        arguments: [
            ("gzip", gzip), ("GZip", gzip), ("deflate", zlib), ("identity", Array(#"{"a":1}"#.utf8)),
            ("gzip, identity", gzip),
        ]
    )
    func request(coding: String, content: [UInt8]) async throws {
        try await Self.serve { gateway async throws in
            let fields = ["Content-Encoding: \(coding)", "Content-Type: application/json"]
            #expect(try await gateway.send("POST", "/", fields, content: content).status == 200)
            let event = try gateway.event()
            #expect(event["body"] == #"{"a":1}"#)
            #expect(event.at("headers/Content-Encoding")?.string == (coding == "identity" ? "identity" : nil))
        }
    }

    @Test("E6: without compression they pass as they are, in the event and to web servers")
    func requestUntouched() async throws {
        for wire in [Endpoint.Wire.lambda, .http] {
            try await Self.serve(minimum: nil, wire: wire) { gateway async throws in
                _ = try await gateway.send("POST", "/", ["Content-Encoding: gzip"], content: Self.gzip)
                let request = try #require(gateway.endpoint.requests.last)
                if wire == .http { #expect(request.content == Self.gzip) }
                // The event has bytes that our own parser does not take.
                if wire == .lambda { #expect(request.text.contains(#""Content-Encoding":"gzip""#)) }
            }
        }
    }

    @Test("E6: a web server gets the content decompressed, with its length")
    func forwarded() async throws {
        try await Self.serve(wire: .http, script: { _ in .response(200, "ok".utf8) }) { gateway async throws in
            let client = try await gateway.connect()
            let chunk = String(Self.gzip.count, radix: 16)
            let head =
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\r\n"
            try await client.send(Array(head.utf8) + Self.gzip + Array("\r\n0\r\n\r\n".utf8))
            #expect(try await client.response().status == 200)
            let request = try #require(gateway.endpoint.requests.last)
            #expect(request.text == #"{"a":1}"#)
            #expect(request.values("Content-Length") == ["7"])
            #expect(request.values("Content-Encoding") == [])
            await client.close()
        }
    }

    @Test("6.1: the model checks what was decompressed")
    func validated() async throws {
        try await Self.serve(
            more: #""models":{"M":{"required":["b"]}},"#,
            route: #","validation":{"models":{"application/json":"M"}}"#
        ) { gateway async throws in
            let response = try await gateway.send("POST", "/", ["Content-Encoding: gzip"], content: Self.gzip)
            #expect(response.body == #"{"message": "Invalid request body"}"#)
        }
    }

    @Test(
        "E6: another coding, or a content that is not in the one that it names, is a media type that is not supported",
        arguments: [
            ("br", gzip), ("gzip, gzip", gzip), ("gzip", Array("plain".utf8)), ("gzip", Array(gzip.dropLast(9))),
            ("gzip", gzip + [1, 2, 3]), ("deflate", gzip), ("gzip", zlib), ("gzip", Array(gzip.prefix(3))),
        ]
    )
    func unsupported(coding: String, content: [UInt8]) async throws {
        try await Self.serve { gateway async throws in
            let response = try await gateway.send("POST", "/", ["Content-Encoding: \(coding)"], content: content)
            #expect(response.status == 415)
            #expect(response.body == #"{"message": "Unsupported Media Type"}"#)
            #expect(response["x-amzn-errortype"] == "BadRequestException")
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A few bytes that stand for very many are refused: the limit is that of the content as it is meant")
    func bomb() async throws {
        let zeros = ByteBuffer(repeating: 0, count: 20_000_000)
        let content = Array(try #require(Deflater.deflate(zeros, .gzip)).readableBytesView)
        #expect(content.count < 100_000)
        try await Self.serve { gateway async throws in
            let response = try await gateway.send("POST", "/", ["Content-Encoding: gzip"], content: content)
            #expect(response.status == 413)
            #expect(response.body == #"{"message":"Request Too Long"}"#)
            let several = Self.gzip + Self.gzip
            _ = try await gateway.send("POST", "/", ["Content-Encoding: gzip"], content: several)
            #expect(try gateway.event()["body"] == #"{"a":1}{"a":1}"#)
        }
    }

    @Test("A request without content is not looked at", arguments: ["gzip", "br"])
    func noContent(coding: String) async throws {
        try await Self.serve { gateway async throws in
            #expect(try await gateway.send("GET", "/", ["Content-Encoding: \(coding)"]).status == 200)
        }
    }
}
