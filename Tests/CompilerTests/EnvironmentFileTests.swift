// env.json: what is read, what is forgiven, and where its faults are.

import Compiler
import Diagnostics
import Testing

struct EnvironmentFileTests {
    private func parse(_ text: String) -> (file: EnvironmentFile?, diagnostics: [Diagnostic]) {
        parse(Array(text.utf8))
    }

    private func parse(_ bytes: [UInt8]) -> (file: EnvironmentFile?, diagnostics: [Diagnostic]) {
        var collector = DiagnosticCollector()
        let file = EnvironmentFile.parse(bytes, file: "env.json", into: &collector)
        return (file, collector.sorted)
    }

    @Test func readsTheShapeOfTheDocumentation() throws {
        let text = """
            {
              "MyFunction1": {
                "TABLE_NAME": "localtable",
                "BUCKET_NAME": "amzn-s3-demo-bucket"
              },
              "MyFunction2": {
                "TABLE_NAME": "localtable",
                "STAGE": "dev"
              },
            }
            """
        let (file, diagnostics) = parse(text)
        let sections = try #require(file?.sections)
        #expect(sections.map(\.key) == ["MyFunction1", "MyFunction2"])
        #expect(sections[1].variables.map { "\($0.name)=\($0.value)" } == ["TABLE_NAME=localtable", "STAGE=dev"])
        #expect(sections[1].variables[1].nameSpan.start == SourcePosition(line: 8, column: 5))
        #expect(diagnostics.map(\.summary) == ["9:4 env-trailing-comma: JSON has no comma after the last member"])
        #expect(diagnostics.first?.severity == .warning)
        let fix = try #require(diagnostics.first?.fixIts.first)
        #expect(
            fix.span.start == SourcePosition(line: 9, column: 4) && fix.span.end == SourcePosition(line: 9, column: 5)
        )
        #expect(fix.replacement == "")
    }

    @Test func warnsAtEveryTrailingComma() {
        let (file, diagnostics) = parse("{\"F\":{\"A\":\"x,}\\\"\",\"B\":\",]\" , }\n,}")
        #expect(file?.sections.first?.variables.map(\.value) == ["x,}\"", ",]"])
        #expect(
            diagnostics.map { $0.span?.start } == [
                SourcePosition(line: 1, column: 28), SourcePosition(line: 2, column: 1),
            ]
        )
    }

    @Test func keepsTheTextOfNumbersAndBooleans() {
        let (file, diagnostics) = parse(
            #"{"F":{"a":1.50,"b":true,"c":-0,"d":1e3,"e":"😀","f":"","g":"\uD83D\uDE00 \/"}}"#
        )
        #expect(diagnostics == [])
        #expect(file?.sections.first?.variables.map(\.value) == ["1.50", "true", "-0", "1e3", "😀", "", "😀 /"])
    }

    @Test(
        arguments: [
            ("", "1:1 env-syntax: the file is empty; with nothing in it, it is '{}'"),
            (" \n", "1:1 env-syntax: the file is empty; with nothing in it, it is '{}'"),
            (
                "\u{FEFF}{}",
                "1:1 env-syntax: a byte order mark stands before the text; save the file as UTF-8 without one"
            ),
            (
                "# stage\nexport STAGE = dev\n",
                "1:1 env-syntax: this is a file in '.env' format; in JSON it is '{\"Parameters\": {\"STAGE\": \"…\"}}'"
            ),
            ("{\n  // local\n  \"F\": {}\n}", "2:3 env-syntax: JSON has no comments; remove this one"),
            ("{\n  \"F\": {} # local\n}", "2:11 env-syntax: JSON has no comments; remove this one"),
            ("{'F': {}}", "1:2 env-syntax: JSON quotes names and texts with '\"'"),
            ("{\"F\": {\"a\": 1 \"b\": 2}}", "1:15 env-syntax: ',' or '}' is expected here, not '\"b\"'"),
            ("{\"F\": {\"a\": 1", "1:13 env-syntax: ',' or '}' is expected here, not the end of the file"),
            ("{,}", "1:2 env-syntax: string or '}' expected near ','"),
            ("{\"F\": {\"a\":1,,}}", "1:14 env-syntax: string or '}' expected near ','"),
            ("{\"F\": {\"a\": tru}}", "1:13 env-syntax: invalid token near 'tru'"),
            ("{\"F\": {\"a\": 1,\n\"a\": 2}}", "2:1 env-syntax: the key 'a' is there twice"),
            ("{\"\u{E9}\": {},\n\"e\u{301}\": {}}", "2:1 env-syntax: the key 'e\u{301}' is there twice"),
            ("{} {}", "1:4 env-syntax: end of file expected near '{'"),
            ("[]", "1:1 env-shape: a file of environment variables is an object of objects, not an array"),
            ("5", "1:1 env-shape: a file of environment variables is an object of objects, not an integer"),
            ("{\"A\": \"b\"}", "1:2 env-shape: 'A' is a string, where an object of variables is expected"),
            (
                "{\"F\": {\"a\": null}}",
                "1:13 env-value: the value of 'a' is null, not a text, number or boolean; an empty value is '\"\"'"
            ),
            (
                "{\"F\": {\"a\": [1]}}",
                "1:13 env-value: the value of 'a' is an array, not a text, number or boolean; write it as a text in quotes"
            ),
        ]
    )
    func saysWhatIsWrong(_ text: String, _ expected: String) {
        #expect(parse(text).diagnostics.map(\.summary) == [expected])
    }

    @Test func namesBothPlacesOfADuplicate() {
        let notes = parse("{\"F\": {},\n\"F\": {}}").diagnostics.first?.notes
        #expect(notes?.first?.span?.start == SourcePosition(line: 1, column: 2))
    }

    @Test func refusesWhatIsNoText() {
        let expected = ["1:1 env-syntax: the file is binary or in UTF-16; save it as UTF-8"]
        #expect(parse([0xFF, 0xFE, 0x7B, 0x00]).diagnostics.map(\.summary) == expected)
        #expect(parse([0x7F, 0x45, 0x4C, 0x46, 0x00]).diagnostics.map(\.summary) == expected)
        #expect(parse(Array("{\"F\":{\"a\":\"".utf8) + [0xFC, 0x22]).diagnostics.map(\.code.name) == ["env-syntax"])
    }

    @Test func readsOnWithoutWhatIsWrong() {
        let (file, diagnostics) = parse(#"{"A": 1, "F": {"a": null, "b": "c"}}"#)
        #expect(diagnostics.count == 2)
        #expect(file?.sections.first?.variables.map(\.name) == ["b"])
    }
}
