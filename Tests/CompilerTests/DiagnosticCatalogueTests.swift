// The catalogue of codes: well-formed, each once, and the same as the page in docs.

import Compiler
import Diagnostics
import Support
import Testing

struct DiagnosticCatalogueTests {
    @Test func namesAreUniqueAndKebabCase() {
        let names = DiagnosticCatalogue.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names == names.sorted())
        for name in names {
            let words = name.split(separator: "-", omittingEmptySubsequences: false)
            let isKebab = words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 } }
            #expect(isKebab, "\(name)")
        }
    }

    @Test func everyCodeIsExplained() {
        for code in DiagnosticCatalogue.all {
            #expect(code.explanation.count > 40, "\(code.name)")
        }
    }

    @Test func findsCodesAndNearNames() {
        #expect(DiagnosticCatalogue.code(named: "yaml-syntax")?.severity == .error)
        #expect(DiagnosticCatalogue.code(named: "yaml-sintax") == nil)
        #expect(DiagnosticCatalogue.hint(for: "yaml-sintax") == "; did you mean 'yaml-syntax'?")
    }

    @Test func thePageIsUpToDate() throws {
        #expect(try Golden.difference(DiagnosticCatalogue.page, at: "docs/diagnostics.md") == nil)
    }
}
