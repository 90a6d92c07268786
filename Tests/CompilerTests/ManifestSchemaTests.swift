// The published JSON Schema of manifests, held against every golden by a validator that is not ours.

import Compiler
import Foundation
import Manifest
import Support
import Testing

struct ManifestSchemaTests {
    private static func validate(_ files: [String]) throws -> JSONSchema.Verdict {
        try JSONSchema.validate(files, against: "config/manifest.schema.json")
    }

    @Test func allowsEveryGolden() throws {
        var files = GoldenCase.all.filter { $0.has("routes.json") }.map { "\($0.location)/routes.json" }
        #expect(files.count >= 15)
        let example = Golden.root.appending(path: "config/example/manifest.json").path(percentEncoded: false)
        if FileManager.default.fileExists(atPath: example) { files.append(example) }
        let verdict = try Self.validate(files)
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    /// What the reader refuses for its shape, the schema refuses too.
    @Test func refusesWhatTheReaderRefuses() throws {
        let changes = [
            (#""manifest": 1"#, #""manifest": 2"#),
            (#""kind": "http""#, #""kind": "soap""#),
            (#""kind": "http""#, #""kind": "http", "extra": 1"#),
            (#""auth": "none""#, #""auht": "none""#),
            (#""$default""#, #""default""#),
            (#""timeoutMilliseconds": 5000"#, #""timeoutMilliseconds": 5"#),
            (#""payload": "1.0""#, #""payload": "1""#),
            (#""memoryMegabytes": 256"#, #""memoryMegabytes": "256""#),
            (#""runtime": "nodejs20.x""#, #""runtime": null"#),
            (#""kind": "http""#, #""kind": "rest""#),
        ]
        let golden = try #require(GoldenCase.all.first { $0.name == "apis/implicit-http" })
        let text = try String(contentsOf: URL(filePath: "\(golden.location)/routes.json"), encoding: .utf8)
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        var files: [String] = []
        for (index, (original, replacement)) in changes.enumerated() {
            let changed = text.replacing(original, with: replacement)
            #expect(throws: ManifestError.self, "\(replacement)") { try Manifest(parsing: changed.utf8) }
            let file = folder.appending(path: "\(index).json")
            try Data(changed.utf8).write(to: file)
            files.append(file.path(percentEncoded: false))
        }
        let verdict = try Self.validate(files)
        #expect(verdict.status == 1, "\(verdict.output)")
        for file in files { #expect(verdict.output.contains(file), "the schema allows \(file)") }
    }
}
