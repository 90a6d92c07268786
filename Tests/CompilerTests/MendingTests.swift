// Mending: every fix-it of every golden leads to a text that is no worse, and one of its own kind.

import Compiler
import Diagnostics
import JSON
import Testing

struct MendingTests {
    private func mend(_ text: String, file: String = "template.yaml") -> Mending {
        var options = CompilerOptions(template: file)
        options.contents[file] = Array(text.utf8)
        return Mending(options)
    }

    private func text(_ file: Mending.File?) -> String? { file.map { String(decoding: $0.new, as: UTF8.self) } }

    @Test(arguments: GoldenCase.all)
    func makesNoGoldenWorse(_ golden: GoldenCase) throws {
        let options = try golden.options()
        let before = Compiler.compile(options)
        let mending = Mending(options)
        #expect(mending.files.allSatisfy { before.inputs.contains($0.path) && $0.old != $0.new })
        // What mends itself is gone: mending again changes nothing.
        var again = options
        for file in mending.files { again.contents[file.path] = file.new }
        #expect(Mending(again).files.isEmpty)
        let isReadable = { (diagnostics: [Diagnostic]) in
            !diagnostics.contains { $0.code.name.hasPrefix("yaml-") || $0.code.name == "env-syntax" }
        }
        if isReadable(before.diagnostics) { #expect(isReadable(mending.compilation.diagnostics)) }
        if before.manifest != nil { #expect(mending.compilation.manifest != nil) }
    }

    @Test func keepsJSONJSON() throws {
        let mending = mend(#"{"Resorces": {"F": {"Tpye": "AWS::SNS::Topic"}}}"#, file: "template.json")
        let text = try #require(self.text(mending.files.first))
        #expect(text == #"{"Resources": {"F": {"Type": "AWS::SNS::Topic"}}}"#)
        #expect(throws: Never.self) { try JSONParser.parse(text) }
    }

    /// The second key would be there twice, so it stays; the rest is mended.
    @Test func leavesOutWhatWouldMakeADuplicate() {
        let mending = mend("Resources:\n  F:\n    Type: AWS::SNS::Topic\n    Tpye: x\n    Metadta: {}\n")
        #expect(
            text(mending.files.first) == "Resources:\n  F:\n    Type: AWS::SNS::Topic\n    Tpye: x\n    Metadata: {}\n"
        )
    }

    /// Three errors away it is a guess: worth a word, but not done without asking.
    @Test func leavesGuessesAlone() {
        let mending = mend("Resources:\n  F:\n    Type: AWS::SNS::Topic\n    UpdtReplcePolcy: Retain\n")
        #expect(mending.compilation.diagnostics.contains { $0.message.contains("did you mean 'UpdateReplacePolicy'?") })
        #expect(mending.files.isEmpty)
    }

    @Test func keepsEndsOfLines() {
        let mending = mend("\u{FEFF}Resorces:\r\n  F:\r\n    Tpye: AWS::SNS::Topic\r\n")
        #expect(text(mending.files.first) == "\u{FEFF}Resources:\r\n  F:\r\n    Type: AWS::SNS::Topic\r\n")
    }

    @Test(
        arguments: [
            ("Resources: {F: {Type: AWS::Serverless::Function}}", "Transform: AWS::Serverless-2016-10-31\n"),
            (
                "# a\n---\nResources:\n  F:\n    Type: AWS::Serverless::Function",
                "Transform: AWS::Serverless-2016-10-31\n"
            ),
            (
                #"{"Resources":{"F":{"Type":"AWS::Serverless::Function"}}}"#,
                #""Transform": "AWS::Serverless-2016-10-31", "#
            ),
            ("{\nResources: {F: {Type: AWS::Serverless::Function}}}", #""Transform": "AWS::Serverless-2016-10-31", "#),
        ]
    )
    func addsTheTransform(_ template: String, _ inserted: String) throws {
        let mended = try #require(text(mend(template).files.first))
        let key = template.hasPrefix("{\"") ? "\"Resources" : "Resources"
        #expect(mended == template.replacing(key, with: inserted + key))
    }

    private static func template(_ event: String) -> String {
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Handler: a.b
              Runtime: python3.12
              CodeUri: .
              Events:
                Get: {\(event)}

        """
    }

    @Test(
        arguments: [
            ("Type: Apii, Properties: {Path: /a, Method: get}", "Type: Api, Properties: {Path: /a, Method: get}"),
            ("Type: Api, Properties: {Path: /a/, Method: get}", "Type: Api, Properties: {Path: /a, Method: get}"),
            (
                "Type: HttpApi, Properties: {Path: $default, Method: get}",
                "Type: HttpApi, Properties: {Path: $default, Method: ANY}"
            ),
            (
                "Type: HttpApi, Properties: {Path: /a, Method: get, PayloadFormatVersion: 2}",
                "Type: HttpApi, Properties: {Path: /a, Method: get, PayloadFormatVersion: \"2.0\"}"
            ),
            // What a function gives is not at its place.
            ("Type: Api, Properties: {Path: !Sub '/a/', Method: get}", nil),
        ]
    )
    func mendsEvents(_ event: String, _ expected: String?) {
        #expect(text(mend(Self.template(event)).files.first) == expected.map(Self.template))
    }

    @Test func mendsSeveralFilesInSeveralRounds() throws {
        var options = CompilerOptions(template: "t.yaml", environmentFile: "env.json")
        // The name of the variable can be known only when that of the section is.
        let template = """
            Resorces:
              F:
                Type: AWS::Serverless::Funktion
                Properties: {Handler: a.b, Runtime: python3.12, CodeUri: ., Environment: {Variables: {TABLE: ''}}}

            """
        options.contents = [
            "t.yaml": Array(template.utf8), "env.json": Array(#"{"F": {"TABEL": "x",}}"#.utf8),
        ]
        let mending = Mending(options)
        #expect(mending.files.map(\.path) == ["env.json", "t.yaml"])
        #expect(text(mending.files.first) == #"{"F": {"TABLE": "x"}}"#)
        let expected = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        #expect(text(mending.files.last)?.hasPrefix(expected) == true)
        #expect(mending.compilation.diagnostics.map(\.code.name).filter { $0 != "no-routes" } == [])
    }
}
