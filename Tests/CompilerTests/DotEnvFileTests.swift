// Files in `.env` format, by vectors that python-dotenv was asked about.

import Compiler
import Diagnostics
import Testing

struct DotEnvFileTests {
    private func parse(_ text: String, file: String = ".env") -> (values: [String], said: [String]) {
        var diagnostics = DiagnosticCollector()
        let parsed = EnvironmentFile.parse(Array(text.utf8), file: file, host: ["HOST": "h"], into: &diagnostics)
        let variables = parsed?.sections.flatMap(\.variables) ?? []
        return (variables.map { "\($0.name)=\($0.value)" }, diagnostics.sorted.map(\.summary))
    }

    @Test(
        arguments: [
            ("A=1", ["A=1"]),
            ("export A=1\nB = 2", ["A=1", "B=2"]),
            ("  A=1  # c\n# c\nB=x#y z #w", ["A=1", "B=x#y z"]),
            ("A=", ["A="]),
            ("A=\nB=''\nC=\"\"", ["A=", "B=", "C="]),
            ("A='a b' # c", ["A=a b"]),
            ("A=\"a\\nb\\t\\q\\\"'\"", ["A=a\nb\t\\q\"'"]),
            ("A='a\\nb\\'\\\\'", ["A=a\\nb'\\"]),
            ("A=\"one\ntwo\"\nB=3", ["A=one\ntwo", "B=3"]),
            ("A= # c\nB=#n", ["A=", "B=#n"]),
            ("'A B'=1", ["A B=1"]),
            ("A=1\r\nB=2\rC=3", ["A=1", "B=2", "C=3"]),
            ("A=1\nB=${A}2\nC=${B}-${NO:-d}", ["A=1", "B=12", "C=12-d"]),
            ("A='${X}'\nX=1", ["A=", "X=1"]),
            ("A=${A", ["A=${A"]),
            ("A=${x:y}z", ["A=${x:y}z"]),
            ("A=$B ${}", ["A=$B "]),
            ("\u{FEFF}A=1", ["A=1"]),
            ("export=1", ["export=1"]),
            ("A=a b\tc  ", ["A=a b\tc"]),
            ("A==1", ["A==1"]),
            ("é=ü", ["é=ü"]),
            ("A=\"\\a\\b\\f\\r\\v\"", ["A=\u{7}\u{8}\u{C}\r\u{B}"]),
            ("A=1\n\n\n   B=2", ["A=1", "B=2"]),
            ("A=x # ${B}", ["A=x"]),
            ("export\tA=1", ["A=1"]),
            ("A=${HOST}", ["A=h"]),
            ("HOST=1\nA=${HOST}", ["HOST=1", "A=1"]),
            ("A.b-c=1", ["A.b-c=1"]),
        ]
    )
    func readsWhatSAMReads(_ text: String, _ expected: [String]) { #expect(parse(text).values == expected) }

    @Test(
        arguments: [
            ("A", "1:1 env-syntax: 'A' has no value; write 'A=' for an empty one"),
            ("A=1\nB C=2", "2:1 env-syntax: 'B' has no value; write 'B=' for an empty one"),
            ("=1", "1:1 env-syntax: a name is expected here, as in 'NAME=value'"),
            ("A='x", "1:3 env-syntax: the quotes are not closed"),
            ("A=\"x' \nB=1", "1:3 env-syntax: the quotes are not closed"),
            ("'A=1", "1:1 env-syntax: the quotes of the name are not closed"),
            ("A='x' y", "1:7 env-syntax: nothing but a comment may follow the closing quote"),
            ("# nothing\n", "1:1 env-syntax: the file sets no variable; a line of it is 'NAME=value'"),
            ("A=${B}", "1:3 env-unset: '${B}' is set nowhere, so nothing stands in its place"),
            ("A=1\nA=2", "2:1 env-twice: 'A' is set twice; the last one wins"),
        ]
    )
    func saysWhatIsWrong(_ text: String, _ expected: String) { #expect(parse(text).said == [expected]) }

    @Test func readsOnAfterAFault() {
        #expect(parse("A\nB=2\n").values == ["B=2"])
        #expect(parse("A=1\nA=2\n").values == ["A=2"])
    }

    @Test func boundsWhatItPutsTogether() {
        let text = "A=xxxxxxxxxx\n" + (0..<40).map { _ in "A=${A}${A}\n" }.joined()
        let (_, said) = parse(text)
        #expect(said.contains { $0.contains("env-value: with 'A' the values become longer than 5 MB") })
    }

    /// Beginnings of references that never end, a million of them: each is looked at once.
    @Test(arguments: ["${", "${a:b", "${a:-", "${a"])
    func readsWhatLooksLikeReferences(_ piece: String) {
        for end in ["", ":x}"] {
            let text = "A=" + String(repeating: piece, count: 200_000) + end
            #expect(parse(text).values.count == 1)
        }
    }

    @Test(arguments: [".env", "a/.env.local", "local.env", "variables"])
    func isRecognized(_ file: String) { #expect(parse("A=1", file: file).values == ["A=1"]) }

    /// What looks like JSON is never read as a list of lines that happen to be none.
    @Test(
        arguments: [
            ("{\"F\": {\"A\": 1,}} x", ".env"), ("[\nA=1\n]", "variables"), ("A=1", "env.json"),
            ("\"F\": 1", "variables"), ("", "variables"),
        ]
    )
    func isNotTakenForIt(_ text: String, _ file: String) {
        let (values, said) = parse(text, file: file)
        #expect(values == [])
        #expect(said.contains { $0.contains(" env-syntax: ") })
    }

    @Test func everyTruncationIsRead() {
        let text = "export A='x\\'y' # c\nB=\"${A:-d}\n\\t\"\r\n'C'=é ${B}\n"
        let bytes = Array(text.utf8)
        for length in 0...bytes.count {
            var diagnostics = DiagnosticCollector()
            let parsed = EnvironmentFile.parse(Array(bytes.prefix(length)), file: ".env", into: &diagnostics)
            #expect(parsed != nil || diagnostics.hasErrors)
        }
    }
}
