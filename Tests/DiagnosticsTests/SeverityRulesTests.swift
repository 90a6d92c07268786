// `--treat` and `--strict`: warnings may change, errors may not.

import Diagnostics
import Testing

struct SeverityRulesTests {
    private func severities(_ rules: SeverityRules) -> [Severity] {
        var collector = DiagnosticCollector()
        collector.emit(Diagnostic(.lid, "cold", at: nil))
        collector.emit(Diagnostic(.spout, "blocked", at: nil))
        collector.apply(rules)
        return collector.sorted.map(\.severity)
    }

    @Test func changesWarningsOnly() {
        #expect(severities(SeverityRules()) == [.error, .warning])
        #expect(severities(SeverityRules(isStrict: true)) == [.error, .error])
        #expect(severities(SeverityRules(treatments: [.lid: .error])) == [.error, .error])
        #expect(severities(SeverityRules(treatments: [.lid: .ignore])) == [.error])
        #expect(severities(SeverityRules(treatments: [.lid: .warning], isStrict: true)) == [.error, .warning])
        #expect(severities(SeverityRules(treatments: [.lid: .ignore], isStrict: true)) == [.error])
        #expect(severities(SeverityRules(treatments: [.spout: .ignore])) == [.error, .warning])
    }
}
