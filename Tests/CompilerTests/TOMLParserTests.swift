// TOML 1.0.0: what it means, what is none, and that no text brings the reader down.

import Compiler
import Diagnostics
import Testing

extension DiagnosticCode {
    fileprivate static let toml = DiagnosticCode("toml", .error, "It is no TOML.")
}

struct TOMLParserTests {
    private func parse(_ bytes: [UInt8]) -> (value: SettingValue?, said: [String]) {
        var diagnostics = DiagnosticCollector()
        let value = TOMLParser.parse(bytes, file: "t.toml", code: .toml, into: &diagnostics)
        return (value, diagnostics.sorted.map(\.summary))
    }

    /// A value in a notation of the tests' own: keys sorted, moments with `@`.
    private func text(_ value: SettingValue) -> String {
        switch value.content {
        case .text(let text): "'\(text)'"
        case .boolean(let truth): "\(truth)"
        case .number(let number): number
        case .moment(let moment): "@\(moment)"
        case .list(let elements): "[\(elements.map(text).joined(separator: " "))]"
        case .table(let entries):
            "{\(entries.map { "\($0.key):\(text($0.value))" }.sorted().joined(separator: " "))}"
        case .null: "null"
        }
    }

    @Test(
        arguments: [
            ("", "{}"), ("# only\n\n", "{}"), ("\u{FEFF}a = 1", "{a:1}"), ("a=1\r\nb=2", "{a:1 b:2}"),
            ("a = 'C:\\x'", "{a:'C:\\x'}"), (#"a = "\t\"\\\u00e9\U0001F375""#, "{a:'\t\"\\é🍵'}"),
            ("a = \"\"\"\none\\\n   \n  two\"\"\"", "{a:'onetwo'}"), ("a = '''\none\ntwo'''", "{a:'one\ntwo'}"),
            ("a = \"\"\"x\"\"\"\"\"", "{a:'x\"\"'}"), ("a = ''''x''''", "{a:''x''}"),
            ("a = +1_000\nb = -0\nc = 0xFF\nd = 0o17\ne = 0b101", "{a:1000 b:0 c:255 d:15 e:5}"),
            ("a = 1.50\nb = 5e+22\nc = -1_0.5E-1\nd = inf\ne = -nan", "{a:1.50 b:5e+22 c:-10.5E-1 d:inf e:-nan}"),
            ("a = true\nb = false", "{a:true b:false}"),
            (
                "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00.5-07:00",
                "{a:@1979-05-27T07:32:00Z b:@1979-05-27 07:32:00.5-07:00}"
            ),
            ("a = 2000-02-29\nb = 07:32:00\nc = 1979-05-27 # c", "{a:@2000-02-29 b:@07:32:00 c:@1979-05-27}"),
            ("a = [1, 'x', [true],\n # c\n]\nb = []", "{a:[1 'x' [true]] b:[]}"),
            ("a = {b = 1, c.d = 2}\ne = {}", "{a:{b:1 c:{d:2}} e:{}}"),
            ("a.b = 1\na.c.d = 2\n'x y' . \"z\" = 3\n1 = 4", "{1:4 a:{b:1 c:{d:2}} x y:{z:3}}"),
            ("[a.b]\nc = 1\n[a]\nd = 2\n[ x . y ]", "{a:{b:{c:1} d:2} x:{y:{}}}"),
            ("[[a]]\nb = 1\n[a.c]\nd = 1\n[[a]]\n[[a.e]]\n", "{a:[{b:1 c:{d:1}} {e:[{}]}]}"),
            ("[a]\nb.c = 1\n[a.b.d]\ne = 1", "{a:{b:{c:1 d:{e:1}}}}"),
            ("3.14 = 'pi'\n\"\" = 1", "{3:{14:'pi'} :1}"),
        ]
    )
    func reads(_ source: String, _ expected: String) {
        let (value, said) = parse(Array(source.utf8))
        #expect(said == [])
        #expect(value.map(text) == expected)
    }

    @Test(
        arguments: [
            ("a", "1:2 toml: '=' is expected behind the key 'a'"),
            ("a = ", "1:5 toml: a value is expected here"),
            ("a = x", "1:5 toml: 'x' is no value; a text stands in quotes"),
            ("a = 1 b = 2", "1:7 toml: the end of the line is expected here"),
            ("a = 1\n\n  a = 2", "3:3 toml: 'a' is there twice"),
            ("[a]\n[a]", "2:2 toml: 'a' is there twice"),
            ("a.b = 1\n[a]", "2:2 toml: 'a' is there twice"),
            ("[a]\nb.c = 1\n[a.b]", "3:4 toml: 'b' is there twice"),
            ("[a.b]\nc=1\n[a]\nb.d = 1", "4:1 toml: 'b' is a table that is complete, nothing can be added to it"),
            ("a = {b = 1}\n[a.c]", "2:2 toml: 'a' is a table, nothing can be added to it"),
            ("a = []\n[[a]]", "2:3 toml: 'a' is there twice"),
            ("[[a]]\n[a]", "2:2 toml: 'a' is there twice"),
            ("a = 1\na.b = 2", "2:1 toml: 'a' is a number, nothing can be added to it"),
            ("a = {b.c = 1, b = 2}", "1:15 toml: 'b' is there twice"),
            ("a = {b = 1,}", "1:12 toml: a key is expected here"),
            ("a = {b = 1\n}", "1:11 toml: ',' or '}' is expected here; a table in braces stands on one line"),
            ("a = [1 2]", "1:8 toml: ',' or ']' is expected here"),
            ("a = 'x\ny'", "1:7 toml: the quotes are not closed on this line"),
            ("a = \"x", "1:7 toml: the quotes are not closed"),
            ("a = \"\"\"x", "1:5 toml: the quotes are not closed"),
            (#"a = "\q""#, "1:6 toml: there is no escape '\\q'; a backslash is written '\\\\'"),
            (#"a = "\ud800""#, "1:6 toml: there is no character of this number"),
            ("a = \"\u{1}\"", "1:6 toml: a control character cannot stand in a text; escape it"),
            ("# \u{0}", "1:3 toml: a control character cannot stand in a comment"),
            ("a = 1\rb = 2", "1:6 toml: a carriage return stands here without a line feed"),
            ("[a", "1:3 toml: the header of a table ends with ']'"),
            ("[[a]", "1:5 toml: the header of an array of tables ends with ']]'"),
            ("[]", "1:2 toml: a key is expected here"),
            ("\"\"\"a\"\"\" = 1", "1:1 toml: a key stands on one line"),
            ("= 1", "1:1 toml: a key is expected here"),
        ]
    )
    func saysWhatIsWrong(_ source: String, _ expected: String) {
        let (value, said) = parse(Array(source.utf8))
        #expect(value == nil)
        #expect(said.count == 1 && said.first?.hasPrefix(expected) == true, "\(said)")
    }

    @Test(
        arguments: [
            "01", "1__0", "_1", "1_", "0x", "0xG", "+0x1", "1.", ".5", "1e", "1.e5", "00.1", "9223372036854775808",
            "--1",
            "1979-13-01", "2001-02-29", "1979-5-27", "24:00:00", "07:32", "07:32:61", "1979-05-27T07:32:00+24:00",
            "1979-05-27T", "True", "nul", "1979-05-27  07:32:00",
        ]
    )
    func refusesValues(_ value: String) { #expect(parse(Array("a = \(value)".utf8)).value == nil) }

    @Test func namesTheFirstPlace() {
        var diagnostics = DiagnosticCollector()
        _ = TOMLParser.parse(Array("a = 1\na = 2".utf8), file: "t.toml", code: .toml, into: &diagnostics)
        #expect(diagnostics.sorted.first?.notes.first?.span?.start == SourcePosition(line: 1, column: 1))
    }

    @Test func knowsPlaces() {
        let value = parse(Array("['é']\n  b = 'x'".utf8)).value?["é"]
        #expect(value?["b"]?.span.start == SourcePosition(line: 2, column: 7))
        #expect(value?.table?.first?.keySpan.start == SourcePosition(line: 2, column: 3))
    }

    @Test func boundsLength() {
        #expect(parse([UInt8](repeating: 0x0A, count: 1_000_001)).said == ["1:1 toml: the file is larger than 1 MB"])
        #expect(parse([UInt8](repeating: 0x0A, count: 1_000_000)).value != nil)
    }

    @Test func boundsDepth() {
        for source in [
            "a = " + String(repeating: "[", count: 100_000), "a = " + String(repeating: "{a=", count: 100_000),
            String(repeating: "a.", count: 100_000) + "a = 1", "[" + String(repeating: "a.", count: 100_000) + "a]",
        ] {
            #expect(parse(Array(source.utf8)).value == nil)
        }
    }

    @Test func survivesEveryTruncationAndChange() {
        let source = """
            version = 0.1 # c
            [a.'b c']
            "d\\u00e9" = { e = [1, 2.5], f.g = 1979-05-27 07:32:00Z }
            [[h]]
            i = \"\"\"x\\
              y\"\"\"
            """
        let bytes = Array(source.utf8)
        for length in 0..<bytes.count {
            let (value, said) = parse(Array(bytes.prefix(length)))
            #expect((value == nil) == !said.isEmpty)
        }
        for index in bytes.indices {
            for byte in [0, 0x0A, 0x22, 0x27, 0x2E, 0x3D, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0xC3, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                let (value, said) = parse(changed)
                #expect((value == nil) == !said.isEmpty)
            }
        }
    }
}
