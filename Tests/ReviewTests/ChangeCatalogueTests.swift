// The rules as a table: well-formed, mirrored, and the same as the page in docs.

import Foundation
import Review
import Support
import Testing

struct ChangeCatalogueTests {
    @Test func namesAreUniqueAndKebabCase() {
        let names = ChangeRules.all.map(\.id)
        #expect(Set(names).count == names.count)
        for name in names {
            let words = name.split(separator: "-", omittingEmptySubsequences: false)
            #expect(words.count > 1 && words.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isLowercase) }, "\(name)")
            #expect(ChangeRules.rule(named: name)?.id == name)
        }
    }

    /// The mirror of a rule's mirror is the rule, and what strengthens one way weakens the other.
    @Test(arguments: ChangeRules.all.map(\.id))
    func mirrorsAreMutual(_ id: String) throws {
        let rule = try #require(ChangeRules.rule(named: id))
        guard let name = rule.mirror else { return }
        let mirror = try #require(ChangeRules.rule(named: name), "no rule '\(name)'")
        #expect(mirror.mirror == id)
        if rule.security == .weakens { #expect(mirror.security != .weakens || mirror.id == id, "\(id) and \(name)") }
    }

    @Test(arguments: ChangeRules.all.map(\.id))
    func isExplained(_ id: String) throws {
        let rule = try #require(ChangeRules.rule(named: id))
        #expect(rule.explanation.count > 20 && rule.explanation.hasSuffix("."))
        for text in [rule.summary, rule.exception].compactMap({ $0 }) {
            #expect(!text.hasSuffix("."), "\(text)")
        }
    }

    @Test func thePageIsUpToDate() throws {
        var examples: [String: ChangeCatalogue.Example] = [:]
        for golden in ChangeGolden.all {
            func text(_ name: String) throws -> String {
                try String(contentsOf: Golden.root.appending(path: "\(golden.path)/\(name)"), encoding: .utf8)
            }
            let report = try golden.report()
            examples[golden.name] = ChangeCatalogue.Example(
                before: try text("before.json"),
                after: try text("after.json"),
                changes: ChangeTextRenderer(isColored: false).render(report)
            )
        }
        #expect(try Golden.difference(ChangeCatalogue.page(examples: examples), at: "docs/changes.md") == nil)
    }
}
