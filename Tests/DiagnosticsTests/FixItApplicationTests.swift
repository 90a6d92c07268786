// Fix-its carried out on texts: which go together, and which are left out.

import Diagnostics
import Testing

struct FixItApplicationTests {
    private func diagnostic(_ fixIts: Diagnostic.FixIt...) -> Diagnostic {
        Diagnostic(.lid, "m", at: nil, fixIts: fixIts)
    }

    private func fix(_ place: Span, _ replacement: String) -> Diagnostic.FixIt {
        Diagnostic.FixIt("write '\(replacement)'", at: place, replacement: replacement)
    }

    private func apply(
        _ text: String,
        _ diagnostics: Diagnostic...,
        isSound: (String) -> Bool = { _ in true }
    ) -> String? {
        let results = FixItApplication.apply(diagnostics, to: ["t.yaml": Array(text.utf8)]) { _, _, new in
            isSound(String(decoding: new, as: UTF8.self))
        }
        return results["t.yaml"].map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func replacesInsertsAndRemoves() {
        let text = apply(
            "ab\ncdé,\nf",
            diagnostic(fix(span(3, 1, to: 2), "F")),
            diagnostic(fix(span(1, 1), "x\n")),
            diagnostic(fix(span(2, 4, to: 5), ""))
        )
        #expect(text == "x\nab\ncdé\nF")
    }

    @Test func appliesTheSameOnce() {
        let same = fix(span(1, 1, to: 2), "x")
        #expect(apply("ab", diagnostic(same), Diagnostic(.lid, "n", at: nil, fixIts: [same])) == "xb")
    }

    @Test func leavesChoicesOverlapsAndLinesAlone() {
        #expect(apply("ab", diagnostic(fix(span(1, 1, to: 2), "x"), fix(span(1, 1, to: 2), "y"))) == nil)
        #expect(apply("ab\nc", diagnostic(fix(span(1, 2, to: 2, endLine: 2), "x"))) == nil)
        #expect(apply("ab", diagnostic(fix(span(7, 1, to: 2), "x"))) == nil)
        #expect(apply("ab", diagnostic(fix(span(1, 1, to: 2), "a"))) == nil)
        let overlapping = [fix(span(1, 2, to: 4), "Y"), fix(span(1, 1, to: 3), "X")]
        #expect(apply("abcd", diagnostic(overlapping[0]), diagnostic(overlapping[1])) == "Xcd")
        #expect(apply("ab", diagnostic(fix(span(1, 1), "y")), diagnostic(fix(span(1, 1), "x"))) == "xab")
    }

    @Test func leavesOutWhatWouldBreakTheText() {
        let text = apply(
            "abc",
            diagnostic(fix(span(1, 1, to: 2), "x")),
            diagnostic(fix(span(1, 2, to: 3), "!")),
            diagnostic(fix(span(1, 3, to: 4), "z"))
        ) { !$0.contains("!") }
        #expect(text == "xbz")
        #expect(apply("abc", diagnostic(fix(span(1, 1, to: 2), "x"))) { _ in false } == nil)
    }

    @Test func touchesNoOtherFile() {
        let fix = Diagnostic.FixIt("write", at: Span(startOf: "other.yaml"), replacement: "x")
        #expect(FixItApplication.apply([diagnostic(fix)], to: ["t.yaml": []]) { _, _, _ in true } == [:])
    }

    @Test func saysWhatItDid() {
        let results = FixItApplication.apply(
            [diagnostic(fix(span(1, 2, to: 3), "y")), diagnostic(fix(span(1, 1, to: 2), "x"))],
            to: ["t.yaml": Array("ab".utf8)]
        ) { _, _, _ in true }
        #expect(results["t.yaml"]?.steps.map(\.fixIt.message) == ["write 'x'", "write 'y'"])
    }
}
