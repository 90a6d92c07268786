// Percent-encoding and the paths that come of it.

import Routing
import Testing

@testable import Proxy

@Suite("Paths")
struct PercentEncodingTests {
    @Test(
        "Decoding",
        arguments: [
            ("", "", ""), ("abc", "abc", "abc"), ("a%20b+c", "a b+c", "a b c"), ("%41", "A", "A"), ("%4", "%4", "%4"),
            ("%", "%", "%"), ("%zz", "%zz", "%zz"), ("%%41", "%A", "%A"), ("%2541", "%41", "%41"),
            ("%c3%A9", "é", "é"), ("a%2fb", "a/b", "a/b"), ("%2B", "+", "+"),
        ]
    )
    func decoding(text: String, path: String, form: String) {
        Array(text.utf8).withUnsafeBytes { bytes in
            #expect(PercentEncoding.decode(bytes, plusIsSpace: false) == Array(path.utf8))
            #expect(PercentEncoding.decode(bytes, plusIsSpace: true) == Array(form.utf8))
        }
    }

    @Test("Decoding an array of one byte less than an escape reads nothing beyond it")
    func edges() {
        let text = Array("ab%41".utf8)
        for end in 0...text.count {
            Array(text[..<end]).withUnsafeBytes { bytes in
                let decoded = PercentEncoding.decode(bytes, plusIsSpace: false)
                #expect(decoded == (end == text.count ? Array("abA".utf8) : Array(text[..<end])))
            }
        }
    }

    @Test(
        "R1.7, R1.8: the part of a path that counts in a REST API",
        arguments: [
            ("/", "/"), ("//", "/"), ("///", "/"), ("/a", "/a"), ("/a/", "/a"), ("/a//", "/a"), ("//a", "/a"),
            ("/a//b", "/a//b"), ("/%2F/", "/%2F"),
        ]
    )
    func canonical(path: String, expected: String) {
        let bytes = Array(path.utf8)
        let range = bytes.withUnsafeBytes { RoutePath.rest($0) }
        #expect(String(decoding: bytes[range], as: UTF8.self) == expected)
    }

    @Test(
        "Segments that another server may resolve",
        arguments: [
            ("/a/../b", true), ("/a/./b", true), ("/..", true), ("/%2e%2E/b", true), ("/a%2f..%2fb", true),
            ("/a\\..\\b", true), ("/a%5c..%5cb", true), ("/...", false), ("/a..b", false), ("/.well-known", false),
            ("/", false),
        ]
    )
    func dotSegments(path: String, expected: Bool) {
        #expect(Array(path.utf8).withUnsafeBytes { RoutePath.hasDotSegment($0) } == expected)
    }
}
