// Nested stacks: bounds, files, and what a watcher must know of them.

import Compiler
import Diagnostics
import Foundation
import Manifest
import Testing

struct StackTests {
    private func compile(_ files: [String: String]) throws -> Compilation {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return Compiler.compile(
            CompilerOptions(template: folder.appending(path: "template.yaml").path(percentEncoded: false))
        )
    }

    private func nesting(_ locations: [String]) -> String {
        let stacks = locations.enumerated().map { index, location in
            "  S\(index): {Type: AWS::Serverless::Application, Properties: {Location: \(location)}}"
        }
        return "Transform: AWS::Serverless-2016-10-31\nResources:\n" + stacks.joined(separator: "\n") + "\n"
    }

    @Test func depthIsBounded() throws {
        var files = ["template.yaml": nesting(["t1.yaml"])]
        for level in 1...20 { files["t\(level).yaml"] = nesting(["t\(level + 1).yaml"]) }
        let compilation = try compile(files)
        #expect(compilation.diagnostics.contains { $0.code.name == "stack-limit" })
        #expect(compilation.manifest == nil)
    }

    /// Two to the tenth power of stacks, none of them deep.
    @Test func theirNumberIsBounded() throws {
        var files = ["template.yaml": nesting(["t1.yaml", "t1.yaml"]), "t10.yaml": nesting(["none.yaml"])]
        for level in 1...9 { files["t\(level).yaml"] = nesting(["t\(level + 1).yaml", "t\(level + 1).yaml"]) }
        let compilation = try compile(files)
        #expect(compilation.diagnostics.contains { $0.code.name == "stack-limit" })
    }

    @Test func theirFilesAreInputs() throws {
        let compilation = try compile([
            "template.yaml": nesting(["one.yaml", "missing.yaml"]), "one.yaml": nesting(["two.yaml"]),
            "two.yaml": nesting(["https://example.com/template.yaml"]),
        ])
        let names = compilation.inputs.compactMap { $0.split(separator: "/").last.map(String.init) }
        #expect(names == ["template.yaml", "one.yaml", "two.yaml", "missing.yaml"])
    }

    @Test func includedFilesAreInputs() throws {
        let include = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: ./part.yaml}}}"
        let compilation = try compile([
            "template.yaml": "Resources: {F: {Type: AWS::SNS::Topic, Properties: \(include)}}",
            "part.yaml": "TopicName: a",
        ])
        let names = compilation.inputs.compactMap { $0.split(separator: "/").last.map(String.init) }
        #expect(names == ["template.yaml", "part.yaml"])
    }

    @Test func allShareWhatTheyMayEvaluate() throws {
        // Each stack makes some 300 000 values; four of them are too many, though none is alone.
        let list = (0..<500).map(String.init).joined(separator: ",")
        let child = """
            Transform: AWS::Serverless-2016-10-31
            Parameters: {P: {Type: CommaDelimitedList, Default: '\(list)'}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: python3.12
                  Handler: a.b
                  Tags:
            \((0..<300).map { "        T\($0): !Join ['', !Ref P]" }.joined(separator: "\n"))
            """
        let one = try compile(["template.yaml": nesting(["c.yaml"]), "c.yaml": child])
        #expect(!one.diagnostics.contains { $0.code.name == "evaluation-limit" })
        let four = try compile([
            "template.yaml": nesting(["c.yaml", "c.yaml", "c.yaml", "c.yaml"]), "c.yaml": child,
        ])
        #expect(four.diagnostics.contains { $0.code.name == "evaluation-limit" })
    }
}
