// The rules of the review, each with a pair of manifests: a folder a rule, whose files are the assertions.

import Foundation
import JSON
import Manifest
import Review
import Support
import Testing

/// A folder `Golden/<rule>`: `before.json` and `after.json`, perhaps each with its `.secrets.json`, and what
/// `samovar diff` prints of them, `changes.txt`.
struct ChangeGolden: CustomTestStringConvertible {
    static let folder = "Tests/ReviewTests/Golden"

    let name: String

    var testDescription: String { name }
    var path: String { "\(Self.folder)/\(name)" }

    static let all: [ChangeGolden] = {
        let root = Golden.root.appending(path: folder).path(percentEncoded: false)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { ChangeGolden(name: $0) }
    }()

    /// One of the two sides.
    ///
    /// - Throws: where its file is missing or no manifest.
    func revision(_ name: String) throws -> ManifestRevision {
        let file = Golden.root.appending(path: "\(path)/\(name).json")
        let manifest = try Manifest(parsing: try Data(contentsOf: file))
        let sidecar = try? Data(contentsOf: Golden.root.appending(path: "\(path)/\(name).secrets.json"))
        let secrets = try sidecar.map { try Secrets(parsing: $0) } ?? Secrets()
        return ManifestRevision(name: "\(name).json", manifest: manifest, secrets: secrets)
    }

    /// What the comparison of the two comes to.
    ///
    /// - Throws: where a file is missing or no manifest.
    func report() throws -> ChangeReport {
        ManifestDiff.compare(try revision("before"), try revision("after"), fingerprint: Self.fingerprint)
    }

    /// A fingerprint that is the same in every run.
    static func fingerprint(_ text: String) -> String {
        String(text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }, radix: 16)
    }
}

struct ChangeGoldenTests {
    /// Every rule has its folder, and every folder its rule.
    @Test func areTheRules() {
        #expect(ChangeGolden.all.map(\.name) == ChangeRules.all.map(\.id).sorted())
    }

    @Test(arguments: ChangeGolden.all)
    func showsItsRule(_ golden: ChangeGolden) throws {
        let report = try golden.report()
        #expect(report.changes.contains { $0.rule.id == golden.name })
        let text = ChangeTextRenderer(isColored: false).render(report)
        let difference = try Golden.difference(text, at: "\(golden.path)/changes.txt")
        #expect(difference == nil)
    }
}
