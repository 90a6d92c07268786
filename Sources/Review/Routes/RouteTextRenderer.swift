// Routes for people, in a terminal.

internal import Diagnostics

/// Renders routes as aligned columns.
package enum RouteTextRenderer {
    private static let columns: [RouteColumn] = [.api, .kind, .method, .path, .target, .payload, .access, .note]

    /// The table with its heading; empty for no rows.
    package static func render(_ rows: [RouteRow]) -> String {
        guard !rows.isEmpty else { return "" }
        let heading = columns.map { $0.name == "note" ? "" : $0.name.uppercased() }
        let lines = [heading] + rows.map { row in columns.map { cell($0, of: row) } }
        let widths = heading.indices.map { column in lines.map { $0[column].displayWidth }.max() ?? 0 }
        return lines.map { cells in
            trimmed(zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ")) + "\n"
        }.joined()
    }

    private static func cell(_ column: RouteColumn, of row: RouteRow) -> String {
        let text = column.cell(row)
        return text.isEmpty && column.name == "payload" ? "-" : text
    }

    private static func trimmed(_ line: String) -> Substring {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return line
    }
}
