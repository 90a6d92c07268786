// Places and the bytes they lead to, and fixes that stay within quotes.

import Diagnostics
import Testing

struct SourceTextTests {
    private func offset(_ text: String, _ line: Int, _ column: Int) -> Int? {
        var source = SourceText(Array(text.utf8))
        return source?.offset(of: SourcePosition(line: line, column: column))
    }

    @Test func findsBytes() {
        #expect(offset("ab\ncd", 2, 2) == 4)
        #expect(offset("ab\r\ncd", 2, 1) == 4)
        #expect(offset("é茶x", 1, 3) == 5)
        #expect(offset("\u{FEFF}a", 1, 1) == 3)
        #expect(offset("", 1, 1) == 0)
    }

    @Test func findsEndsAndNothingBehindThem() {
        #expect(offset("ab\n", 1, 3) == 2)
        #expect(offset("ab\r\n", 1, 4) == nil)
        #expect(offset("ab\n", 2, 1) == 3)
        #expect(offset("ab\n", 3, 1) == nil)
        #expect(offset("ab", 1, 0) == nil)
        #expect(offset("ab", 0, 1) == nil)
    }

    @Test(arguments: [127, 128, 129, 256, 1000])
    func findsBytesOfLongLines(_ column: Int) {
        #expect(offset(String(repeating: "é", count: 1000), 1, column + 1) == column * 2)
        #expect(offset(String(repeating: "é", count: column - 1), 1, column + 1) == nil)
    }

    @Test func refusesWhatHasNoCertainPlaces() {
        #expect(SourceText([0xFF]) == nil)
        #expect(SourceText(Array("a\rb".utf8)) == nil)
    }

    private func replacement(_ text: String, _ replacement: String, at place: Span) -> String? {
        let fix = Diagnostic.FixIt("write it", at: place, replacement: replacement)
        let fixed = [Diagnostic(.lid, "m", at: place, fixIts: [fix])].keepingQuotes(in: ["t.yaml": text])
        return fixed.first?.fixIts.first?.replacement
    }

    @Test func keepsQuotes() {
        #expect(replacement("{\"Tpye\": 1}", "Type", at: span(1, 2, to: 8)) == "\"Type\"")
        #expect(replacement("'Tpye': 1", "Type", at: span(1, 1, to: 7)) == "'Type'")
        #expect(replacement("Tpye: 1", "Type", at: span(1, 1, to: 5)) == "Type")
        #expect(replacement("\"*\"", "\"'*'\"", at: span(1, 1, to: 4)) == "\"'*'\"")
        #expect(replacement("'a'", "[\"b\", \"a\"]", at: span(1, 1, to: 4)) == "[\"b\", \"a\"]")
        #expect(replacement("\"a\",", "", at: span(1, 1, to: 4)) == "")
        #expect(replacement("\"Tpye\"", "Type", at: span(9, 1, to: 4)) == "Type")
    }
}
