// What holds for every template: order does not matter, and no text brings the compiler down.

import Compiler
import Diagnostics
import Foundation
import Manifest
import Support
import Testing

struct CompilerTests {
    /// A folder of a test's own that is gone afterwards.
    private static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path(percentEncoded: false))
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// The pieces of a text that begin with a line that `isFirst` takes, in reverse; what stands before them stays.
    private static func reversed(_ text: String, where isFirst: (String) -> Bool) -> String {
        var head = ""
        var pieces: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map({ String($0) + "\n" }) {
            if isFirst(line) {
                pieces.append(line)
            } else if pieces.isEmpty {
                head += line
            } else {
                pieces[pieces.count - 1] += line
            }
        }
        return head + pieces.reversed().joined()
    }

    @Test(arguments: GoldenCase.all.filter { $0.has("template.yaml") && $0.has("routes.json") })
    func doesNotDependOnTheOrderOfTheTemplate(_ golden: GoldenCase) throws {
        var options = try golden.options()
        let expected = Compiler.compile(options)
        let text = try String(contentsOf: URL(filePath: options.template), encoding: .utf8)
        // Members of a section stand at two spaces, sections at none.
        let members = Self.reversed(text, where: { !$0.hasPrefix(" ") })
        let sections = members.split(separator: "\nResources:\n", maxSplits: 1, omittingEmptySubsequences: false)
        try #require(sections.count == 2 || members.hasPrefix("Resources:\n"))
        let resources = sections.count == 2 ? String(sections[1]) : String(members.dropFirst("Resources:\n".count))
        let end = resources.firstRange(of: /(?m)^\S/)?.lowerBound ?? resources.endIndex
        let turned = Self.reversed(String(resources[..<end])) { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        let before = sections.count == 2 ? sections[0] + "\n" : ""
        try Self.withFolder { folder in
            // Files that the template includes lie beside it.
            for name in try FileManager.default.contentsOfDirectory(atPath: golden.location) {
                try FileManager.default.copyItem(atPath: "\(golden.location)/\(name)", toPath: "\(folder)/\(name)")
            }
            options.template = "\(folder)/template.yaml"
            try Self.write("\(before)Resources:\n\(turned)\(resources[end...])", to: options.template)
            let compilation = Compiler.compile(options)
            #expect(compilation.manifest?.text == expected.manifest?.text)
            #expect(compilation.secrets == expected.secrets)
        }
    }

    @Test(arguments: ["auth/http", "intrinsics/functions", "cors/rest", "apis/json", "parameters/wrong"])
    func survivesEveryTruncation(_ name: String) throws {
        let golden = try #require(GoldenCase.all.first { $0.name == name })
        var options = try golden.options()
        let bytes = try Data(contentsOf: URL(filePath: options.template))
        try Self.withFolder { folder in
            options.template = "\(folder)/template"
            for length in 0..<bytes.count {
                try bytes.prefix(length).write(to: URL(filePath: options.template))
                let compilation = Compiler.compile(options)
                let hasErrors = compilation.diagnostics.contains { $0.severity == .error }
                #expect((compilation.manifest == nil) == hasErrors)
            }
        }
    }

    /// Every value of a template in turn is replaced by something that does not belong there.
    @Test(arguments: ["auth/http", "auth/rest", "intrinsics/functions", "cors/rest", "cors/http", "apis/policies"])
    func survivesWrongValues(_ name: String) throws {
        let golden = try #require(GoldenCase.all.first { $0.name == name })
        var options = try golden.options()
        let lines = try String(contentsOf: URL(filePath: options.template), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        try Self.withFolder { folder in
            options.template = "\(folder)/template.yaml"
            for (index, line) in lines.enumerated() {
                guard let colon = line.firstRange(of: ": ") else { continue }
                for value in [
                    "[]", "{}", "null", "''", "!Ref AWS::NoValue", "!GetAtt A.B", "99999999999999999999", "[[{a: }]]",
                ] {
                    var changed = lines
                    changed[index] = line[..<colon.upperBound] + Substring(value)
                    try Self.write(changed.joined(separator: "\n"), to: options.template)
                    let compilation = Compiler.compile(options)
                    let hasErrors = compilation.diagnostics.contains { $0.severity == .error }
                    #expect((compilation.manifest == nil) == hasErrors)
                    if let manifest = compilation.manifest {
                        #expect(try Manifest(parsing: manifest.text.utf8).text == manifest.text, "\(changed[index])")
                    }
                }
            }
        }
    }

    @Test func namesEveryFileItReads() throws {
        try Self.withFolder { folder in
            let options = CompilerOptions(
                template: "\(folder)/template.yaml",
                environmentFile: "\(folder)/env.json",
                endpointsFile: folder
            )
            let compilation = Compiler.compile(options)
            #expect(compilation.inputs == [options.template, "\(folder)/env.json", folder])
            #expect(compilation.manifest == nil)
            #expect(
                compilation.diagnostics.map(\.message) == [
                    "cannot read '\(folder)': it is a folder",
                    "cannot read '\(folder)/env.json': no such file",
                    "cannot read '\(folder)/template.yaml': no such file",
                ]
            )
        }
    }

    @Test func usesTheRegion() throws {
        let golden = try #require(GoldenCase.all.first { $0.name == "apis/json" })
        var options = try golden.options()
        options.region = "eu-central-1"
        let manifest = try #require(Compiler.compile(options).manifest)
        #expect(manifest.functions["Hello"]?.environment["REGION"] == .text("eu-central-1"))
    }
}
