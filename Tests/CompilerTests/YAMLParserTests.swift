// What the YAML parser makes of texts, where it says things are, and what it refuses.

import Compiler
import Diagnostics
import Testing

/// Parses a text and hands over what was said about it.
func parseYAML(_ text: String) -> (node: YAMLNode?, diagnostics: [Diagnostic]) {
    parseYAML(Array(text.utf8))
}

func parseYAML(_ bytes: [UInt8]) -> (node: YAMLNode?, diagnostics: [Diagnostic]) {
    var collector = DiagnosticCollector()
    let node = YAMLParser.parse(bytes, file: "t.yaml", into: &collector)
    return (node, collector.sorted)
}

extension Diagnostic {
    /// `line:column code: message`, for expectations.
    var summary: String {
        (span.map { "\($0.start.line):\($0.start.column) " } ?? "") + "\(code): \(message)"
    }
}

struct YAMLParserTests {
    @Test func knowsPlaces() throws {
        let (node, diagnostics) = parseYAML("a: 1\nb:\n  - \"ü\": !Ref X\n    c: {d: [e]}\n\n# end\n")
        #expect(diagnostics == [])
        let root = try #require(node)
        #expect(root.span == Span(file: "t.yaml", start: .init(line: 1, column: 1), end: .init(line: 4, column: 16)))
        let element = try #require(root["b"]?.elements?.first)
        #expect(element.entry("ü")?.keySpan.start == SourcePosition(line: 3, column: 5))
        let reference = try #require(element["ü"])
        #expect(reference.tag == "!Ref")
        #expect(reference.span.start == SourcePosition(line: 3, column: 10))
        #expect(reference.span.end == SourcePosition(line: 3, column: 16))
        #expect(element["c"]?.span.end == SourcePosition(line: 4, column: 16))
    }

    @Test(arguments: ["", "\u{FEFF}"])
    func countsLinesAsEditorsDo(_ mark: String) {
        let (node, diagnostics) = parseYAML("\(mark)# a\u{2028}# b\r\na: é # \u{85}# c\nb: 2\n")
        #expect(diagnostics == [])
        #expect(node?.entry("a")?.keySpan.start == SourcePosition(line: 2, column: 1))
        #expect(node?.entry("b")?.value.span.start == SourcePosition(line: 3, column: 4))
        let within = parseYAML("a: 1 # \u{2028}b: 2\n")
        #expect(within.node?.entry("b")?.keySpan.start == SourcePosition(line: 1, column: 9))
    }

    @Test func expandsAliasesAndMerges() throws {
        let text = """
            one: &one {a: 1, b: 1}
            two: &two {b: 2, c: 2}
            all:
              <<: [*one, *two]
              c: 3
            quoted: {"<<": *one}
            """
        let (node, diagnostics) = parseYAML(text)
        #expect(diagnostics == [])
        let all = try #require(node?["all"]?.mapping)
        #expect(all.map { "\($0.key)=\($0.value.string ?? "")" } == ["c=3", "a=1", "b=1"])
        #expect(node?["quoted"]?.mapping?.map(\.key) == ["<<"])
    }

    @Test func readsJSONThatYAMLRefuses() throws {
        let text = "\t{\n\t\"a\": \"\\uD83D\\uDE00\\\\\\/\", \"b\": 1,\r\n\t\"c\":[\"\\\"\\uD83D\\uDE00\"]}\n\t"
        let (node, diagnostics) = parseYAML(text)
        #expect(diagnostics == [])
        #expect(node?["a"]?.string == "😀\\/")
        #expect(node?["c"]?.elements?.first?.string == "\"😀")
        #expect(node?.entry("b")?.keySpan.start == SourcePosition(line: 2, column: 27))
    }

    @Test func readsCharactersOfJSONThatYAMLRefuses() {
        let text = "a\u{7F}b\u{85} \u{2028}c\u{9F}\u{FEFF}\u{FFFF}é😀"
        let (node, diagnostics) = parseYAML("{\"a\": \"\(text)\", \"b\": 1}")
        #expect(diagnostics == [])
        #expect(node?["a"]?.string == text)
        #expect(node?.entry("b")?.keySpan.start == SourcePosition(line: 1, column: 23))
    }

    @Test(
        arguments: [
            ("", "1:1 yaml-empty: the file is empty"),
            (" \n# only a comment\n", "1:1 yaml-empty: the file is empty"),
            ("---\n...\n", "1:1 yaml-empty: the file is empty"),
            ("a: 1\na: 2\n", "2:1 yaml-duplicate-key: the key 'a' is there twice"),
            ("{\"a\":1,\"a\":2}", "1:8 yaml-duplicate-key: the key 'a' is there twice"),
            ("? [a]\n: 1\n", "1:3 yaml-key: a key is a text, not a list"),
            ("!Sub a: 1\n", "1:1 yaml-key: a key is a text, not the tagged value '!Sub'"),
            ("a: &a [*a]\n", "1:8 yaml-alias: the alias '*a' stands within what it names"),
            ("a: *b\n", "1:4 yaml-alias: no anchor '&b' stands before this alias"),
            ("a: 1\n---\nb: 2\n", "2:1 yaml-documents: a second document starts here, a template is one"),
            ("a:\n  <<: 5\n", "2:3 yaml-merge: '<<' merges a mapping or a list of mappings, not a number"),
            ("a:\n\t- b\n", "2:1 yaml-syntax: a tab cannot indent YAML; use spaces"),
            ("a: @b\n", "1:4 yaml-syntax: a text that begins with '@' needs quotes"),
            ("a: !!python/object:os.system x\n", "1:4 yaml-tag: the tag '!!python/object:os.system' is not known"),
            ("a: !!int x\n", "1:4 yaml-tag: 'x' is no value of the type '!!int'"),
            ("a: !!seq x\n", "1:4 yaml-tag: the tag '!!seq' does not fit a text"),
            ("a: !!binary eA==\n", "1:4 yaml-tag: the tag '!!binary' is not known"),
            ("a: \"\\uD83D\"\n", "1:7 yaml-syntax: found invalid Unicode character escape code"),
        ]
    )
    func refuses(_ text: String, _ expected: String) {
        #expect(parseYAML(text).diagnostics.map(\.summary) == [expected])
    }

    @Test func namesBothPlacesOfADuplicate() {
        let notes = parseYAML("a: 1\nb: 2\na: 3\n").diagnostics.first?.notes
        #expect(notes?.map(\.span?.start) == [SourcePosition(line: 1, column: 1)])
    }

    @Test func namesTheByteThatIsNoText() {
        let latin = parseYAML(Array("a: b\nü: ".utf8) + [0xFC, 0x0A])
        #expect(
            latin.diagnostics.map(\.summary) == [
                "2:4 yaml-encoding: the byte 0xFC is not valid UTF-8 here; save the file as UTF-8"
            ]
        )
        let truncated = parseYAML(Array("a: ".utf8) + [0xE2, 0x82])
        #expect(
            truncated.diagnostics.map(\.summary) == [
                "1:4 yaml-encoding: the byte 0xE2 is not valid UTF-8 here; save the file as UTF-8"
            ]
        )
        let wide = parseYAML([0xFF, 0xFE, 0x61, 0x00])
        #expect(wide.diagnostics.map(\.summary) == ["1:1 yaml-encoding: the file is in UTF-16; save it as UTF-8"])
    }

    @Test func refusesWhatIsNoText() {
        let control = parseYAML("a: \u{7}\n")
        #expect(control.diagnostics.map(\.summary) == ["1:4 yaml-syntax: control characters are not allowed"])
        let zero = parseYAML("a: \0\n")
        let expected = "1:4 yaml-encoding: the file is binary or in UTF-16: a zero byte stands here"
        #expect(zero.diagnostics.map(\.summary) == [expected])
    }

    @Test func skipsAByteOrderMark() {
        let (node, diagnostics) = parseYAML("\u{FEFF}a: 1\n")
        #expect(diagnostics == [])
        #expect(node?.entry("a")?.keySpan.start == SourcePosition(line: 1, column: 1))
    }

    @Test func boundsDepthInFlowAndBlock() {
        #expect(parseYAML(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).diagnostics == [])
        let deep = parseYAML(String(repeating: "[", count: 500_000))
        #expect(deep.diagnostics.map(\.summary) == ["1:65 yaml-too-deep: nested deeper than 64 levels"])
        let block = parseYAML((0..<65).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
        #expect(block.diagnostics.map(\.summary) == ["65:65 yaml-too-deep: nested deeper than 64 levels"])
    }

    @Test func countsDepthThroughAliases() {
        let nested = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let around = String(repeating: "[", count: 30) + "*a" + String(repeating: "]", count: 30)
        let (_, diagnostics) = parseYAML("a: &a \(nested)\nb: \(around)\n")
        #expect(diagnostics.map(\.code.name) == ["yaml-too-deep"])
    }

    @Test func boundsAliasExpansion() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        let (node, diagnostics) = parseYAML(text)
        #expect(node == nil)
        #expect(diagnostics.map(\.code.name) == ["yaml-too-many-nodes"])
    }

    @Test func boundsSize() {
        let (node, diagnostics) = parseYAML([UInt8](repeating: UInt8(ascii: "a"), count: 5_000_001))
        #expect(node == nil)
        #expect(diagnostics.map(\.summary) == ["1:1 yaml-too-large: the file is larger than 5 MB"])
    }

    @Test func boundsDirectives() {
        let directives = (0..<65).map { "%TAG !e\($0)! tag:example.com,2000:\n# comment\n\n" }
        let (node, diagnostics) = parseYAML(directives.joined() + "--- a\n")
        #expect(node == nil)
        #expect(diagnostics.map(\.summary) == ["1:1 yaml-syntax: the file begins with more than 64 directives"])
        #expect(parseYAML("\u{FEFF}" + directives.joined() + "--- a\n").node == nil)
        #expect(parseYAML(directives.dropFirst().joined() + "--- a\n").node != nil)
        #expect(parseYAML("a: |\n" + String(repeating: "  %\n", count: 100)).diagnostics == [])
    }

    @Test(
        arguments: [
            ("a:\n  - [b, c\nd: 1\n", "3:2", "',' or ']' is expected here", 2, 5),
            ("a: [{b: c}, {d: [e]\n", "2:1", "',' or '}' is expected here", 1, 13),
            ("a:\n  b: 1\n c: 2\n", "3:2", "a key is expected here; look at the indentation", 1, 1),
            ("a: 'b\n", "2:1", "the file ends before the quotes are closed", 1, 4),
        ]
    )
    func saysWhatItWasReading(_ text: String, _ place: String, _ message: String, _ line: Int, _ column: Int) throws {
        let diagnostic = try #require(parseYAML(text).diagnostics.first)
        #expect(diagnostic.summary == "\(place) yaml-syntax: \(message)")
        #expect(diagnostic.notes.first?.span?.start == SourcePosition(line: line, column: column))
    }
}

struct YAMLNodeReadingTests {
    private func value(_ text: String) -> YAMLNode? { parseYAML("a: \(text)\n").node?["a"] }

    @Test(arguments: [
        ("true", true), ("Yes", true), ("ON", true), ("off", false), ("'true'", true), ("'yes'", nil), ("y", nil),
        ("!Ref true", nil),
    ])
    func readsBooleans(_ text: String, _ expected: Bool?) {
        #expect(value(text)?.boolean == expected)
    }

    @Test(
        arguments: [
            ("5", 5), ("-7", -7), ("+7", 7), ("1_000", 1000), ("012", 10), ("'012'", 12), ("0x1F", 31), ("0b101", 5),
            ("09", nil), ("1.0", nil), ("'5'", 5), ("'0x1F'", nil), ("99999999999999999999", nil), ("+-1", nil),
            ("--1", nil), ("-", nil), ("0x-1", nil),
        ]
    )
    func readsIntegers(_ text: String, _ expected: Int?) {
        #expect(value(text)?.integer == expected)
    }

    @Test(arguments: [
        ("012", "012"), ("1.0", "1.0"), ("yes", "yes"), ("~", nil), ("", nil), ("''", ""), ("'null'", "null"),
        ("!Ref x", nil), ("[]", nil),
    ])
    func keepsTexts(_ text: String, _ expected: String?) {
        #expect(value(text)?.string == expected)
    }

    @Test(arguments: ["1", "1.5", "-.5", "1e3", "1_0.0", ".inf", "-.INF", ".nan", "0x1F"])
    func knowsNumbers(_ text: String) {
        #expect(value(text)?.kind == "a number")
    }

    @Test(arguments: [
        (".", "a text"), ("1.2.3", "a text"), ("'1'", "a text"), ("e3", "a text"), ("{}", "a mapping"),
        ("[]", "a list"), ("", "nothing"), ("no", "a boolean"), ("!Ref a", "'!Ref'"), ("!!str 1", "a text"),
        ("! 1", "a text"),
    ])
    func namesKinds(_ text: String, _ kind: String) {
        #expect(value(text)?.kind == kind)
    }

    @Test func hidesTheArgumentsOfFunctions() {
        let node = value("!Join [a, [b]]")
        #expect(node?.elements == nil)
        #expect(node?.untagged.elements?.count == 2)
    }
}
