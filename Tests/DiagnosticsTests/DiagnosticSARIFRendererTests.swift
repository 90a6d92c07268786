// The SARIF log: valid by a schema that is stricter than the standard's, and every address percent-encoded.

import Diagnostics
import Foundation
import JSON
import Support
import Testing

struct DiagnosticSARIFRendererTests {
    private static let renderer = DiagnosticSARIFRenderer(
        toolName: "samovar",
        version: "1.2.3",
        workingFolder: "/home/tea pot/shop",
        entries: [.lid: DiagnosticEntry("the lid is open", .template, faulty: "lid: open", mended: "lid: shut")]
    )

    private func run(_ diagnostics: [Diagnostic]) throws -> JSONValue {
        let log = try JSONParser.parse(Self.renderer.render(diagnostics))
        return try #require(log["runs"]?.array?.first)
    }

    private func address(_ file: String) throws -> JSONValue? {
        let diagnostic = Diagnostic(.lid, "cold", at: Span(startOf: file))
        let result = try run([diagnostic])["results"]?.array?.first
        return result?["locations"]?.array?.first?["physicalLocation"]?["artifactLocation"]
    }

    private static var everything: [Diagnostic] {
        let fixes = [
            Diagnostic.FixIt("remove it", at: span(2, 4, to: 5), replacement: ""),
            Diagnostic.FixIt("write 'tea'", at: span(2, 4, to: 5), replacement: "tea"),
        ]
        let notes = [Diagnostic.Note("see here", at: span(1, 1, to: 2)), Diagnostic.Note("water helps")]
        return [
            Diagnostic(.spout, "no 'te'", at: span(2, 4, to: 6), notes: notes, fixIts: fixes),
            Diagnostic(.lid, "cold", at: nil),
            Diagnostic(.spout, "again", at: span(3, 1, to: 2, endLine: 4)),
        ]
    }

    @Test func namesRulesOnceAndResultsInOrder() throws {
        let run = try run(Self.everything)
        let rules = run["tool"]?["driver"]?["rules"]?.array ?? []
        #expect(rules.compactMap { $0["id"]?.string } == ["lid-open", "spout-blocked"])
        #expect(rules.first?["help"]?["markdown"]?.string?.contains("    lid: shut\n") == true)
        #expect(rules.compactMap { $0["shortDescription"]?["text"]?.string } == ["the lid is open", "spout-blocked"])
        let results = run["results"]?.array ?? []
        #expect(results.map { $0["ruleIndex"]?.integer } == [1, 0, 1])
        #expect(results.map { $0["level"]?.string } == ["error", "warning", "error"])
        #expect(results.first?["message"]?["text"]?.string == "no 'te'\nwater helps")
        let region: JSONValue = ["startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 6]
        #expect(results.first?["locations"]?.array?.first?["physicalLocation"]?["region"] == region)
        #expect(results.first?["relatedLocations"]?.array?.count == 1)
        let replacements = results.first?["fixes"]?.array?.compactMap {
            $0["artifactChanges"]?.array?.first?["replacements"]?.array?.first
        }
        #expect(replacements?.first?["insertedContent"] == nil)
        #expect(replacements?.last?["insertedContent"]?["text"] == "tea")
        #expect(results[1]["locations"] == nil)
    }

    @Test(
        arguments: [
            ("t.yaml", "t.yaml"), ("./a/../b//t.yaml", "b/t.yaml"), ("a b/%41:é.yaml", "a%20b/%2541%3A%C3%A9.yaml"),
        ]
    )
    func addressesAreRelative(_ file: String, _ uri: String) throws {
        let address = try address(file)
        #expect(address?["uri"]?.string == uri)
        #expect(address?["uriBaseId"]?.string == "%SRCROOT%")
    }

    @Test(
        arguments: [
            ("/etc/t.yaml", "file:///etc/t.yaml"), ("../t.yaml", "file:///home/tea%20pot/t.yaml"),
            ("../../../../../t.yaml", "file:///t.yaml"), ("/../t.yaml", "file:///t.yaml"),
        ]
    )
    func addressesOutsideAreAbsolute(_ file: String, _ uri: String) throws {
        let address = try address(file)
        #expect(address?["uri"]?.string == uri)
        #expect(address?["uriBaseId"] == nil)
    }

    @Test func isValid() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let outside = Diagnostic(.lid, "cold", at: Span(startOf: "/tmp/ä.yaml"))
        var files: [String] = []
        for (index, diagnostics) in [[], Self.everything, [outside]].enumerated() {
            let file = folder.appending(path: "\(index).sarif")
            try Data(Self.renderer.render(diagnostics).utf8).write(to: file)
            files.append(file.path(percentEncoded: false))
        }
        let schema = "Tests/DiagnosticsTests/sarif.schema.json"
        let verdict = try JSONSchema.validate(files, against: schema)
        #expect(verdict.status == 0, "\(verdict.output)")
        // The schema does refuse something.
        let wrong = folder.appending(path: "wrong.sarif")
        let text = Self.renderer.render(Self.everything).replacing("\"startLine\": 2", with: "\"startLine\": 0")
        try Data(text.utf8).write(to: wrong)
        #expect(try JSONSchema.validate([wrong.path(percentEncoded: false)], against: schema).status == 1)
    }
}
