// How diagnostics look to people: places, carets, notes, fix-its, and lines that terminals could get wrong.

import Diagnostics
import Testing

extension DiagnosticCode {
    static let spout = DiagnosticCode("spout-blocked", .error, "The spout is blocked.")
    static let lid = DiagnosticCode("lid-open", .warning, "The lid is open.")
}

func span(_ line: Int, _ column: Int, to endColumn: Int? = nil, endLine: Int? = nil) -> Span {
    Span(
        file: "t.yaml",
        start: SourcePosition(line: line, column: column),
        end: SourcePosition(line: endLine ?? line, column: endColumn ?? column)
    )
}

struct DiagnosticTextRendererTests {
    private func render(_ source: String, _ diagnostics: Diagnostic..., isColored: Bool = false) -> String {
        DiagnosticTextRenderer(sources: ["t.yaml": source], isColored: isColored).render(diagnostics)
    }

    @Test func showsPlacesNotesAndFixes() {
        let fix = Diagnostic.FixIt("write 'tea'", at: span(2, 4, to: 6), replacement: "tea")
        let note = Diagnostic.Note("the first is here", at: span(1, 1, to: 2))
        let text = render(
            "a: 1\nb: te\n",
            Diagnostic(.spout, "no 'te'", at: span(2, 4, to: 6), notes: [note], fixIts: [fix])
        )
        let expected = """
            t.yaml:2:4: error: no 'te' [spout-blocked]
                2 | b: te
                  |    ^~
                  |    tea
                  = fix: write 'tea'
            t.yaml:1:1: note: the first is here
                1 | a: 1
                  | ^

            """
        #expect(text == expected)
    }

    @Test func goesWithoutWhatIsNotThere() {
        #expect(render("", Diagnostic(.lid, "cold", at: nil)) == "warning: cold [lid-open]\n")
        let elsewhere = Span(startOf: "other.yaml")
        #expect(render("", Diagnostic(.lid, "cold", at: elsewhere)) == "other.yaml:1:1: warning: cold [lid-open]\n")
        #expect(render("a", Diagnostic(.lid, "cold", at: span(7, 1))) == "t.yaml:7:1: warning: cold [lid-open]\n")
        #expect(DiagnosticTextRenderer(sources: [:]).render([]) == "")
    }

    @Test(
        arguments: [
            // A tab reaches to the next multiple of four.
            ("\ta: b", 5, 6, "    a: b", "       ^"),
            // Characters of two columns, and marks of none.
            ("茶: x", 4, 5, "茶: x", "    ^"),
            ("e\u{301}: x", 5, 6, "e\u{301}: x", "   ^"),
            ("茶茶: x", 1, 3, "茶茶: x", "^~~~"),
            // What would steer the terminal is named.
            ("a\u{1B}[2J: x", 8, 9, "a<U+001B>[2J: x", "              ^"),
            ("a\u{202E}b", 3, 4, "a<U+202E>b", "         ^"),
            // Behind the end of the line.
            ("a:", 5, 5, "a:", "    ^"),
        ]
    )
    func alignsTheCaret(_ source: String, _ start: Int, _ end: Int, _ line: String, _ caret: String) {
        let text = render(source, Diagnostic(.lid, "m", at: span(1, start, to: end)))
        #expect(text == "t.yaml:1:\(start): warning: m [lid-open]\n    1 | \(line)\n      | \(caret)\n")
    }

    @Test func underlinesToTheEndOfTheFirstLine() {
        #expect(render("a: [b,\nc]\n", Diagnostic(.lid, "m", at: span(1, 4, to: 3, endLine: 2))).contains("|    ^~~\n"))
    }

    @Test(arguments: ["a\nb\nc", "a\r\nb\r\nc", "a\rb\rc", "\u{FEFF}a\nb\nc"])
    func splitsLines(_ source: String) {
        let text = render(source, Diagnostic(.lid, "m", at: span(1, 1)), Diagnostic(.lid, "m", at: span(3, 1)))
        #expect(text.contains(" 1 | a\n"))
        #expect(text.contains(" 3 | c\n"))
    }

    @Test func cutsLongLines() throws {
        let source = String(repeating: "a", count: 1000) + "TEA" + String(repeating: "b", count: 1000)
        let lines = render(source, Diagnostic(.lid, "m", at: span(1, 1001, to: 1004))).split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[1].count < 120)
        let caret = try #require(lines[2].firstIndex(of: "^"))
        let offset = lines[2].distance(from: lines[2].startIndex, to: caret)
        #expect(lines[1].dropFirst(offset).hasPrefix("TEA"))
        #expect(lines[2].hasSuffix("^~~"))
        #expect(lines[1].dropFirst(8).first == "…" && lines[1].last == "…")
    }

    @Test func boundsTildesOfCutLines() {
        let source = String(repeating: "a", count: 1000)
        #expect(
            render(source, Diagnostic(.lid, "m", at: span(1, 1, to: 1001))).split(separator: "\n").allSatisfy {
                $0.count < 120
            }
        )
    }

    @Test func paintsOnlyWhenAsked() {
        let diagnostic = Diagnostic(.spout, "m\u{1B}[31m", at: span(1, 1))
        #expect(render("a", diagnostic, isColored: true).contains("\u{1B}[1;31merror: \u{1B}[0m"))
        #expect(!render("a", diagnostic).contains("\u{1B}"))
    }

    @Test func capsACode() {
        let count = DiagnosticTextRenderer.maximumPerCode
        let many = (1...count + 2).map { Diagnostic(.lid, "cold \($0)", at: nil) }
        let text = DiagnosticTextRenderer(sources: [:]).render(many + [Diagnostic(.spout, "blocked", at: nil)])
        #expect(text.contains("cold \(count) ["))
        #expect(!text.contains("cold \(count + 1) ["))
        #expect(
            text.hasSuffix(
                "blocked [spout-blocked]\nnote: … and 2 more of 'lid-open'; other formats have all of them\n"
            )
        )
        #expect(!DiagnosticTextRenderer(sources: [:]).render(Array(many.prefix(count))).contains("more of"))
    }

    @Test func countsInTheSummary() {
        let error = Diagnostic(.spout, "m", at: nil)
        let warning = Diagnostic(.lid, "m", at: nil)
        #expect(DiagnosticTextRenderer.summary(of: []) == nil)
        #expect(DiagnosticTextRenderer.summary(of: [error]) == "1 error")
        #expect(DiagnosticTextRenderer.summary(of: [warning, error, warning]) == "1 error, 2 warnings")
    }
}
