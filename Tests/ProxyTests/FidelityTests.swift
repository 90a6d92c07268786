// The table of docs/fidelity.md is made of the names of tests, so that it cannot say what no test proves.

import Foundation
import Support
import Testing

/// A line of docs/fidelity.rows.
private struct FidelityRow {
    let id: String
    let gateway: String
    let emulators: [String]
    let note: String
    let section: String

    /// Whether the row says itself that Samovar does not do the same.
    var isServed: Bool { !note.hasPrefix("not the same") }
}

/// A test whose name begins with the rows that it proves: `A5, A13: …`, `R1.1 to R1.10: …`.
private struct RowTest {
    let file: String
    let rows: String

    /// Whether it proves a row; `4.1.2` proves `4.1`, and `R1.1 to R1.10` all between.
    func proves(_ id: String) -> Bool {
        rows.split(separator: ",").contains { part in
            let ends = part.split(separator: " ").filter { $0 != "to" }.map(String.init)
            if ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
                let own = Self.number(id), own.prefix == first.prefix
            {
                return first.number <= own.number && own.number <= last.number
            }
            return ends.contains { $0 == id || $0.hasPrefix(id + ".") && id.contains(".") && !id.hasPrefix("R") }
        }
    }

    /// `R1.20` is `R1.` and 20, `A5` is `A` and 5.
    private static func number(_ id: String) -> (prefix: Substring, number: Int)? {
        let digits = id.reversed().prefix { $0.isNumber }.count
        guard let number = Int(id.suffix(digits)) else { return nil }
        return (id.dropLast(digits), number)
    }
}

@Suite("The table of what is like the real gateway")
struct FidelityTests {
    @Test("Every row is proven by a test that names it, and the table is what the names say")
    func table() throws {
        let rows = try Self.rows()
        let tests = try Self.tests()
        #expect(rows.count > 60)
        for row in rows where row.isServed {
            #expect(tests.contains { $0.proves(row.id) }, "no test names row \(row.id)")
        }
        let text = Self.page(rows, tests)
        #expect(try Golden.difference(text, at: "docs/fidelity.md") == nil)
    }

    @Test("Every row that a test names is one of the table")
    func known() throws {
        let rows = try Self.rows()
        for test in try Self.tests() {
            #expect(rows.contains { test.proves($0.id) }, "'\(test.rows)' in \(test.file) is no row of the table")
        }
    }

    private static func rows() throws -> [FidelityRow] {
        let text = try String(contentsOf: Golden.root.appending(path: "docs/fidelity.rows"), encoding: .utf8)
        var section = ""
        return text.split(separator: "\n").compactMap { line in
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            guard !line.hasPrefix("#") else { return nil }
            let cells = line.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces).replacing("\u{1}", with: "\\|") }
            return FidelityRow(
                id: cells[0],
                gateway: cells[1],
                emulators: Array(cells[2...3]),
                note: cells.count > 4 ? cells[4] : "",
                section: section
            )
        }
    }

    private static func tests() throws -> [RowTest] {
        let names = #/@Test\(\s*"((?:[EPA]\d+|R?\d+\.\d[\d.]*)(?:(?:, | to )(?:[EPA]\d+|R?\d+\.\d[\d.]*))*): /#
        let folder = Golden.root.appending(path: "Tests")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            .sorted { $0.path() < $1.path() }
            .flatMap { file in
                try String(contentsOf: file, encoding: .utf8).matches(of: names).map { match in
                    RowTest(file: file.deletingPathExtension().lastPathComponent, rows: String(match.output.1))
                }
            }
    }

    private static func page(_ rows: [FidelityRow], _ tests: [RowTest]) -> String {
        var lines = [
            "# Fidelity", "",
            "What Amazon API Gateway does, row by row; whether Samovar does the same; what two emulators make of it; and the",
            "tests that prove ours. The table is made from `docs/fidelity.rows` and the names of the tests by one of them",
            "(`FidelityTests`), so a row without a test fails. The columns of the emulators are what their sources of 2026 and",
            "their documentation say; they are not measured here.",
        ]
        var section = ""
        for row in rows {
            if row.section != section {
                section = row.section
                lines += [
                    "", "## \(section)", "",
                    "| row | API Gateway | Samovar | `sam local start-api` | LocalStack, open edition | tests |",
                    "|---|---|---|---|---|---|",
                ]
            }
            let proofs = tests.filter { $0.proves(row.id) }
            let files = Set(proofs.map(\.file)).sorted().map { "`\($0)`" }.joined(separator: ", ")
            let ours = row.note.isEmpty ? "the same" : row.note
            let proof = proofs.isEmpty ? "" : "\(files) (\(proofs.count))"
            let cells = [row.id, row.gateway, ours] + row.emulators + [proof]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
