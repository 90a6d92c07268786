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

    @Test func keepsEndsOfLines() {
        let mending = mend("\u{FEFF}Resorces:\r\n  F:\r\n    Tpye: AWS::SNS::Topic\r\n")
        #expect(text(mending.files.first) == "\u{FEFF}Resources:\r\n  F:\r\n    Type: AWS::SNS::Topic\r\n")
    }
}
