// JSON from functions that mean harm, and the writing of JSON and base64.

import Manifest
import NIOCore
import Testing

@testable import Proxy

@Suite("JSON and base64 in place")
struct JSONScannerTests {
    /// Whether a text is one JSON value and nothing else.
    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { text in
            var scanner = JSONScanner(text)
            do throws(JSONScanner.Failure) {
                try scanner.skipValue()
                try scanner.finish()
                return true
            } catch { return false }
        }
    }

    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test(
        "Texts that are JSON",
        arguments: [
            "0", "-0", "12.50e+7", "1E-2", "1e999", "-123456789012345678901234567890", "true", "null", #""""#,
            #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\uD800""#, "[]", "{}", #" [ 1 , {"a":[{}]} ] "#,
            #"{"a":1,"a":2}"#, nested(128),
        ]
    )
    func accepted(text: String) { #expect(Self.isJSON(Array(text.utf8))) }

    @Test(
        "Texts that are none",
        arguments: [
            "", " ", "01", "+1", "-", "1.", ".5", "1e", "1e+", "tru", "truth", "nul", "NaN", "Infinity", "'a'", "\"",
            "\"\\", "\"\\u", "\"\\u12\"", "\"\\x\"", "\"\\u12g4\"", "\"a\nb\"", "\"\u{0}\"", "[", "[1", "[1,", "[1,]",
            "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}",
            "{\"a\" 1}", "1 2", "[]]", "\u{FEFF}1", "/**/1", nested(129), String(repeating: "[", count: 100_000),
            String(repeating: #"{"a":"#, count: 100_000),
        ]
    )
    func refused(text: String) { #expect(!Self.isJSON(Array(text.utf8))) }

    @Test("A result cut short anywhere is no result, and never a trap")
    func truncations() throws {
        let text = Array(
            """
            {"statusCode":"200","headers":{"a":"b\\u00e9\\ud83d","c":1.5e3,"d":true,"e":null},"cookies":["a=\\"1"],
            "multiValueHeaders":{"x":["y",2]},"isBase64Encoded":false,"body":"\\u0041\\\\é"}
            """.utf8
        )
        for payload in [PayloadFormat.v1, .v2] {
            for end in 0...text.count {
                let isResult = Array(text[..<end]).withUnsafeBytes { memory in
                    do throws(ProxyResult.Failure) {
                        _ = try ProxyResult(parsing: memory, isStrict: false, payload: payload)
                        return true
                    } catch { return false }
                }
                #expect(isResult == (end == text.count))
            }
        }
    }

    @Test("Every byte at every place of a result: an answer, never a trap")
    func mutations() {
        let text = Array(#"{"statusCode":200,"headers":{"a":"\u00e9"},"body":"\n"}"#.utf8)
        var results = 0
        for place in text.indices {
            for byte in UInt8.min...UInt8.max {
                var mutated = text
                mutated[place] = byte
                mutated.withUnsafeBytes { memory in
                    do throws(ProxyResult.Failure) {
                        let result = try ProxyResult(parsing: memory, isStrict: false, payload: .v1)
                        if let body = result.body {
                            let writer = ByteWriter()
                            writer.write(
                                unescaping: UnsafeRawBufferPointer(rebasing: memory[body.range])
                            )
                        }
                        results += 1
                    } catch {}
                }
            }
        }
        #expect(results > text.count)
    }

    @Test(
        "What the inside of a string means",
        arguments: [
            (#"a\"\\\/b"#, "a\"\\/b"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u20AC"#, "Aé€"),
            (#"\ud83d\ude00"#, "😀"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00x"#, "\u{FFFD}x"),
            (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud83dA"#, "\u{FFFD}A"),
            (#"\u0000"#, "\u{0}"), ("", ""),
        ]
    )
    func unescaping(text: String, meaning: String) {
        let writer = ByteWriter()
        Array(text.utf8).withUnsafeBytes { writer.write(unescaping: $0) }
        #expect(Array(writer.bytes) == Array(meaning.utf8))
    }

    @Test(
        "JSON strings are well-formed UTF-8 whatever the bytes",
        arguments: [
            ([0x61, 0x22, 0x5C, 0x2F], #""a\"\\/""#),
            ([0x00, 0x1F, 0x7F, 0x0A, 0x0D, 0x09], #""\u0000\u001f\u007f\n\r\t""#),
            ([0xC3, 0xA9], "\"é\""), ([0xF0, 0x9F, 0x98, 0x80], "\"😀\""), ([0xFF], "\"\u{FFFD}\""),
            ([0xC3], "\"\u{FFFD}\""), ([0xC0, 0xAF], "\"\u{FFFD}\u{FFFD}\""),
            ([0xED, 0xA0, 0x80], "\"\u{FFFD}\u{FFFD}\u{FFFD}\""),
            ([0xF4, 0x90, 0x80, 0x80], "\"\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\""),
            ([0xE2, 0x82, 0x41], "\"\u{FFFD}\u{FFFD}A\""),
            ([], "\"\""),
        ] as [([UInt8], String)]
    )
    func escaping(bytes: [UInt8], text: String) {
        let writer = ByteWriter()
        bytes.withUnsafeBytes { writer.write(jsonString: $0) }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }

    @Test("Every two bytes become valid UTF-8 and JSON")
    func everyPair() {
        let writer = ByteWriter()
        var failures = 0
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                writer.reset()
                [first, second].withUnsafeBytes { writer.write(jsonString: $0) }
                let text = Array(writer.bytes)
                if String(validating: text, as: UTF8.self) == nil || !Self.isJSON(text) { failures += 1 }
            }
        }
        #expect(failures == 0)
    }

    @Test(
        "Base64 both ways (RFC 4648 section 10)",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func base64(plain: String, encoded: String) {
        let writer = ByteWriter()
        Array(plain.utf8).withUnsafeBytes { writer.write(base64: $0) }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == encoded)
        let decoded = Array(encoded.utf8).withUnsafeBytes { Base64.decode($0) }
        #expect(decoded.map { String(buffer: $0) } == plain)
    }

    @Test("Base64 of all bytes comes back as they were")
    func base64RoundTrip() {
        let bytes = (UInt8.min...UInt8.max).flatMap { byte -> [UInt8] in [byte, 255 - byte, 7] }
        let writer = ByteWriter()
        bytes.withUnsafeBytes { writer.write(base64: $0) }
        #expect(Base64.decode(writer.bytes).map { Array($0.readableBytesView) } == bytes)
    }

    @Test(
        "What is no base64",
        arguments: ["Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z===", "Zg==Zg==", "Zm9 ", "Zm\n=", "Zm-_", "Zm9vé", "===="]
    )
    func notBase64(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Base64.decode($0) } == nil)
    }
}
