// Routes for spreadsheets: comma-separated values (RFC 4180).

/// Renders routes as a file of comma-separated values.
package enum RouteCSVRenderer {
    private static let columns: [RouteColumn] = [
        .api, .kind, .stage, .method, .path, .integration, .target, .payload, .auth, .scopes, .apiKey, .note,
    ]

    /// The lines with their heading, which is there for no rows, too.
    package static func render(_ rows: [RouteRow]) -> String {
        let lines = [columns.map(\.name)] + rows.map { row in columns.map { field($0.cell(row)) } }
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// A field, in quotes where it needs them.
    ///
    /// What a spreadsheet would take for a formula has an apostrophe before it, which spreadsheets do not show (OWASP,
    /// "CSV Injection"). No path and no name of CloudFormation begins like one; the name of a message may.
    private static func field(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map {
            "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0)
        }
        let safe = isFormula == true ? "'\(text)" : text
        let isPlain = safe.unicodeScalars.allSatisfy { !",;\"' \r\n\t".unicodeScalars.contains($0) }
        return isPlain ? safe : "\"\(safe.replacing("\"", with: "\"\""))\""
    }
}
