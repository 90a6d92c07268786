// Lists of routes as text, Markdown and comma-separated values: all routes are there, and no name does harm.

import JSON
import Manifest
import Review
import Testing

struct RouteRendererTests {
    private static let manifests = (0..<40).map { RouteManifest.random(seed: UInt64($0)) }

    /// Secrets within addresses are in no list, nor on the page that shows routes among changes.
    @Test func keepsSecrets() throws {
        var integration = Integration(kind: .httpProxy)
        integration.url = "https://shop:q8Zr2Lw6Tn@backend.example.com/pets?api_key=q8Zr2Lw6Tn&page=1"
        let manifest = try Manifest.shop { api in
            api.routes[try RouteKey("GET /pets", kind: .http)] = Route(target: .integration(integration))
        }
        let rows = manifest.rows
        let report = ManifestDiff.compare(
            ManifestRevision(name: "a", manifest: Manifest()),
            ManifestRevision(name: "b", manifest: manifest),
            fingerprint: ChangeGolden.fingerprint
        )
        let pages = [
            RouteHTMLRenderer.render(manifest, name: "b"),
            ChangeHTMLRenderer.render(report, from: Manifest(), to: manifest),
        ]
        let texts = [RouteTextRenderer.render(rows), RouteCSVRenderer.render(rows), RouteMarkdownRenderer.render(rows)]
        let documents = [JSONValue.array(rows.map(\.json)).canonicalText, try OpenAPIRenderer(manifest).render()]
        for text in pages + texts + documents {
            #expect(!text.contains("q8Zr2Lw6Tn") && text.contains("backend.example.com"), "\(text)")
        }
    }

    /// Letters that take two columns move no column.
    @Test func columnsAreThoseOfATerminal() throws {
        let manifest = try Manifest.shop { try $0.set(["GET /漢字": "none", "GET /abcd": "none"]) }
        let lines = RouteTextRenderer.render(manifest.rows).split(separator: "\n").dropFirst()
        let columns = lines.map { line in
            line.prefix { $0 != "P" }.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
        }
        #expect(columns.count == 2 && Set(columns).count == 1, "\(lines)")
    }

    @Test func hasARowForEachRoute() {
        for manifest in Self.manifests {
            let rows = manifest.rows
            #expect(rows.count == manifest.apis.values.reduce(0) { $0 + $1.routes.count })
            let text = RouteTextRenderer.render(rows)
            #expect(text.split(separator: "\n").count == (rows.isEmpty ? 0 : rows.count + 1))
            #expect(RouteCSVRenderer.render(rows).split(separator: "\r\n").count == rows.count + 1)
            let lines = RouteMarkdownRenderer.render(rows).split(separator: "\n")
            let tables = Set(rows.map(\.api)).count
            #expect(lines.count { $0.hasPrefix("| ") } == rows.count + 2 * tables)
        }
    }

    /// Every row of a table has as many cells, whatever names hold (GitHub Flavored Markdown, "Tables").
    @Test func keepsTheCellsOfTables() {
        for manifest in Self.manifests {
            var wanted: Int?
            for line in RouteMarkdownRenderer.render(manifest.rows).split(
                separator: "\n",
                omittingEmptySubsequences: false
            ) {
                guard line.hasPrefix("|") else {
                    wanted = nil
                    continue
                }
                let cells = line.count { $0 == "|" }
                #expect(cells == wanted ?? cells)
                wanted = cells
            }
        }
    }

    @Test func writesNoMarkup() {
        for manifest in Self.manifests {
            let text = RouteMarkdownRenderer.render(manifest.rows)
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
            let outside = text.replacing(/`[^`\n]*`|<code>[^<\n]*<\/code>/, with: "")
            #expect(!outside.contains { "<>[`@$".contains($0) })
        }
    }

    /// Fields with commas and quotes are quoted (RFC 4180 section 2); formulas are not left as such.
    @Test func readsBackAsFields() throws {
        for manifest in Self.manifests {
            let rows = manifest.rows
            let records = Self.records(RouteCSVRenderer.render(rows))
            #expect(records.allSatisfy { $0.count == 12 })
            for (record, row) in zip(records.dropFirst(), rows) {
                #expect(record[3] == row.key.method.rawValue)
                let path = row.key.pathText
                if path.hasPrefix("=") { #expect(record[4] == "'\(path)") }
                if path.hasPrefix("/") { #expect(record[4] == path) }
                #expect(record.allSatisfy { !"=+-@".contains($0.first ?? " ") })
            }
        }
    }

    private static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field = ""
        var isQuoted = false
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            switch scalar {
            case "\"" where isQuoted && next == "\"":
                field += "\""
                index += 1
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                record.append(field)
                field = ""
            case "\r" where !isQuoted:
                records.append(record + [field])
                (record, field) = ([], "")
                index += 1
            default: field.unicodeScalars.append(scalar)
            }
            index += 1
        }
        return records
    }
}
