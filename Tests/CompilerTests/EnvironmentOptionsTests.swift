// What else comes from beside the template: overridden parameters and the file of endpoints.

import Compiler
import Diagnostics
import Manifest
import Testing

struct ParameterOverridesTests {
    @Test(
        arguments: [
            (["A=1"], ["A": "1"]),
            (["A=1 B=2", "C=3"], ["A": "1", "B": "2", "C": "3"]),
            (["ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=x=y,z"], ["A": "1", "B": "x=y,z"]),
            (["ParameterKey=A,ParameterValue=\"a b\" B=2"], ["A": "a b", "B": "2"]),
            (["A=\"a \\\"b\\\" \\\\ c\\d\" B='x y'"], ["A": "a \"b\" \\ c\\d", "B": "x y"]),
            (["\"A=a b\" B=2"], ["A": "a b", "B": "2"]),
            (["A={\"a\":1}"], ["A": "{\"a\":1}"]),
            (["A= B=\"\" ParameterKey=C,ParameterValue="], ["A": "", "B": "", "C": ""]),
            (["A=1", "A=2"], ["A": "2"]),
            (["  "], [:]),
            ([], [:]),
        ]
    )
    func reads(_ arguments: [String], _ expected: [String: String]) throws {
        var values: [String: String] = [:]
        for override in try ParameterOverrides.parse(arguments) {
            guard case .value(let name, let value) = override else { continue }
            values[name] = value
        }
        #expect(values == expected)
    }

    @Test(
        arguments: [
            ("A", "'A' is not of the form 'NAME=VALUE'"),
            ("A=a b", "'b' is not of the form 'NAME=VALUE'; a value with spaces needs quotes"),
            ("=1", "'=1' is not of the form"),
            ("ParameterKey=A", "'ParameterKey=A' is not of the form 'ParameterKey=NAME,ParameterValue=VALUE'"),
            ("ParameterKey=A,Value=1", "'ParameterKey=A,Value=1' is not of the form"),
            ("ParameterValue=1,ParameterKey=A,ParameterKey", ""),
            ("A=\"1", "the quotes of '\"1' are not closed"),
            ("A=\"1\"2", "the quotes of '\"1\"2' are not closed, or text follows"),
            ("\"A=1", "are not closed"),
            ("file://", "'file://' names no file"),
        ].filter { !$0.1.isEmpty }
    )
    func refuses(_ argument: String, _ expected: String) {
        let error = #expect(throws: ParameterOverridesError.self) { try ParameterOverrides.parse([argument]) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
}

/// Files of parameters, in memory.
struct ParameterFileTests {
    private func compile(_ files: [String: String], _ arguments: String...) throws -> Compilation {
        let names = ["A", "B", "C", "D"]
        let parameters = names.map { "  \($0): {Type: String, Default: ''}\n" }.joined()
        let variables = names.map { "\($0): !Ref \($0)" }.joined(separator: ", ")
        let template = """
            Transform: AWS::Serverless-2016-10-31
            Parameters:
            \(parameters)Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: a.b
                  Runtime: python3.12
                  InlineCode: pass
                  Environment: {Variables: {\(variables)}}
                  Events: {Get: {Type: Api, Properties: {Path: /, Method: get}}}

            """
        var options = CompilerOptions(template: "t.yaml")
        options.parameterArguments = try ParameterOverrides.parse(arguments)
        options.contents = files.mapValues { Array($0.utf8) }
        options.contents["t.yaml"] = Array(template.utf8)
        return Compiler.compile(options)
    }

    private func values(_ files: [String: String], _ arguments: String...) throws -> String {
        let compilation = try compile(files, arguments.joined(separator: " "))
        let environment = compilation.manifest?.functions["F"]?.environment ?? [:]
        return ["A", "B", "C", "D"].map { name in
            if case .text(let text)? = environment[name] { text } else { "?" }
        }.joined(separator: "|")
    }

    private func faults(_ files: [String: String], _ arguments: String...) throws -> [String] {
        try compile(files, arguments.joined(separator: " ")).diagnostics.map(\.summary)
            .filter { $0.contains("parameter-") || $0.contains("file-") || $0.contains("yaml-") }
    }

    @Test func readsEveryFormat() throws {
        let files = [
            "p.yaml": "A: x y\nB: 007\nC: [1, ' b ', '', ~]\nD:\n",
            "p.json": #"{"A": "x y", "B": "007", "C": [1, " b ", ""], "D": null}"#,
            "p.toml": "A = 'x y'\nB = '007'\nC = [1, ' b ', '']\n",
            "p.yml": "[A=\"x y\", 'ParameterKey=B,ParameterValue=007', {C: '1,b'}, ~, [[D=]]]",
        ]
        for file in files.keys { #expect(try values(files, "file://\(file)") == "x y|007|1,b|", "\(file)") }
    }

    @Test func readsTheFormOfTheAWSCommandLine() throws {
        let text = #"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "2"}]"#
        #expect(try values(["p.json": text], "file://p.json") == "1|2||")
    }

    @Test func lastOneCounts() throws {
        let files = ["p.yaml": "{A: 1, B: 1}", "q.toml": "B = 2"]
        #expect(try values(files, "A=0 file://p.yaml file://q.toml C=3") == "1|2|3|")
        #expect(try values(files, "file://q.toml file://p.yaml A=9") == "9|1||")
    }

    @Test func filesNameFiles() throws {
        let files = [
            "a/p.yaml": "$include: [file://b/q.toml, D=4]\nA: 1\n",
            "a/b/q.toml": "B = 2\n'$include' = 'file://../r.json'",
            "a/b/../r.json": #"["C=3"]"#,
        ]
        #expect(try values(files, "file://a/p.yaml") == "1|2|3|4")
    }

    @Test func saysWhatIsWrong() throws {
        let expected: [(String, String, String)] = [
            ("p.txt", "A=1", "the file of parameters 'p.txt' is none that can be read; its name ends with .json"),
            ("p.yaml", "A: {B: 1}", "1:4 parameter-file: the value of the parameter 'A' is a text, a number or a list"),
            ("p.yaml", "5", "1:1 parameter-file: a number stands where parameters are expected"),
            ("p.yaml", "[oops]", "1:2 parameter-file: 'oops' is not of the form 'NAME=VALUE'"),
            ("p.yaml", "[file://p.yaml]", "1:2 parameter-file: the file of parameters 'p.yaml' names itself"),
            ("p.yaml", "[file://q.yaml]", "1:2 file-unreadable: cannot read 'q.yaml': no such file"),
            ("p.yaml", "A: [", "yaml-syntax"),
            ("p.json", "A: 1", "1:1 parameter-file: this is no JSON: invalid token near 'A'"),
            ("p.toml", "A = ", "1:5 parameter-file: a value is expected here"),
            ("p.yaml", "A: true", "1:4 parameter-boolean: the value of the parameter 'A' is a boolean"),
        ]
        for (file, text, message) in expected {
            let said = try faults([file: text], "file://\(file)")
            #expect(said.count == 1 && said.first?.contains(message) == true, "\(said)")
        }
    }

    /// Each file names the next twice: what is read stays bounded.
    @Test func boundsWhatIsRead() throws {
        let files = Dictionary(
            uniqueKeysWithValues: (0..<30).map { ("\($0).yaml", "[file://\($0 + 1).yaml, file://\($0 + 1).yaml]") }
        )
        #expect(try faults(files, "file://0.yaml").contains { $0.contains("one too many") })
    }
}

struct EndpointsFileTests {
    private func overlay(_ text: String) -> (Manifest, [String]) {
        var diagnostics = DiagnosticCollector()
        var manifest = Manifest(functions: ["Ratings": Function(), "Hello": Function()])
        EndpointsFile.parse(Array(text.utf8), file: "endpoints.json", into: &diagnostics)?
            .overlay(on: &manifest, into: &diagnostics)
        return (manifest, diagnostics.sorted.map(\.summary))
    }

    @Test func setsEndpoints() {
        let text =
            #"{"Ratings": {"protocol": "http", "url": "http://10.0.0.1:8080"}, "Hello": {"url": "http://127.0.0.1:3001"}}"#
        let (manifest, said) = overlay(text)
        #expect(said == [])
        #expect(manifest.functions["Ratings"]?.endpoint == Endpoint(wire: .http, host: "10.0.0.1", port: 8080))
        // The default is not written down.
        #expect(manifest.functions["Hello"]?.endpoint == nil)
    }

    @Test(
        arguments: [
            (
                #"{"Rating": {"url": "http://h:1"}}"#,
                "1:2 endpoints-file: the template has no function 'Rating'; did you mean 'Ratings'?"
            ),
            (
                #"{"Ratings": {"url": "h:1"}}"#,
                "1:21 endpoints-file: 'h:1' is no address of the form 'http://host:port'"
            ),
            (#"{"Ratings": {}}"#, "1:13 endpoints-file: 'url' is missing"),
            (
                #"{"Ratings": {"url": "http://h:1", "a/b": 1}}"#,
                "1:42 endpoints-file: unknown member 'a/b'; known here: 'protocol', 'url'"
            ),
            (#"{"Ratings": "http://h:1"}"#, "1:13 endpoints-file: expected an object, found a string"),
            (
                #"{"Ratings": {"url": "http://h:1"},}"#,
                "1:34 endpoints-file: JSON has no comma after the last member; remove it"
            ),
            ("[]", "1:1 endpoints-file: a file of endpoints is an object, not an array"),
        ]
    )
    func refuses(_ text: String, _ expected: String) {
        let (manifest, said) = overlay(text)
        #expect(said == [expected])
        #expect(manifest.functions.values.allSatisfy { $0.endpoint == nil })
    }
}
