// Diagnostics from passes to users: each once, in order, and no more than anybody reads.

import Diagnostics
import Testing

struct DiagnosticCollectorTests {
    private static let many = DiagnosticCode("many", .warning, "")
    private static let few = DiagnosticCode("few", .error, "")

    private func diagnostic(_ code: DiagnosticCode, line: Int) -> Diagnostic {
        Diagnostic(code, "m", at: Span(file: "f", at: SourcePosition(line: line, column: 1)))
    }

    @Test func keepsSoManyOfAKind() {
        let limit = DiagnosticCollector.maximumOfOneKind
        var collector = DiagnosticCollector()
        for line in 1...(limit + 5) { collector.emit(diagnostic(Self.many, line: line)) }
        // The same one again is not one more.
        collector.emit(diagnostic(Self.many, line: 1))
        #expect(!collector.hasErrors)
        collector.emit(diagnostic(Self.few, line: 1))
        #expect(collector.hasErrors)
        let sorted = collector.sorted
        #expect(sorted.count == limit + 2)
        #expect(sorted.first?.message == "5 more of the kind 'many' are not shown")
        #expect(sorted.first?.severity == .note)
        #expect(sorted.filter { $0.code == Self.few }.count == 1)
    }

    @Test func saysEachOnceAndInOrder() {
        var collector = DiagnosticCollector()
        for line in [3, 1, 2, 1] { collector.emit(diagnostic(Self.few, line: line)) }
        #expect(collector.sorted.compactMap { $0.span?.start.line } == [1, 2, 3])
    }
}
