// Routes for a wiki or a pull request: a table for each API that GitHub renders.

internal import Manifest

/// Renders routes as Markdown with GitHub's tables.
package enum RouteMarkdownRenderer {
    private static let columns: [RouteColumn] = [.method, .path, .target, .payload, .access, .note]

    /// A heading and a table for each API; a sentence for no rows.
    package static func render(_ rows: [RouteRow]) -> String {
        guard !rows.isEmpty else { return "There are no routes.\n" }
        var text = ""
        for api in rows.chunked(by: \.api) {
            guard let first = api.first else { continue }
            if !text.isEmpty { text += "\n" }
            let open = api.count(where: \.isPublic)
            text += "### \(MarkdownCell.code(first.api))\n\n"
            text += "\(first.kind.title), stage \(MarkdownCell.code(first.stage)): "
            text += "\(api.count) \(api.count == 1 ? "route" : "routes"), \(open) public\n\n"
            // A column with nothing in it says nothing.
            let columns = columns.filter { column in api.contains { !column.cell($0).isEmpty } }
            text += line(columns.map { $0.name.prefix(1).uppercased() + $0.name.dropFirst() })
            text += line(columns.map { _ in "---" })
            for row in api {
                text += line(columns.map { cell($0, of: row) })
            }
        }
        return text
    }

    private static func cell(_ column: RouteColumn, of row: RouteRow) -> String {
        if column.name == "auth", row.isPublic { return "**public**" }
        return MarkdownCell.code(column.cell(row))
    }

    private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
}

extension Array {
    /// Stretches of elements of which one member is the same.
    func chunked(by member: (Element) -> some Equatable) -> [ArraySlice<Element>] {
        var chunks: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices where index > start && member(self[index]) != member(self[start]) {
            chunks.append(self[start..<index])
            start = index
        }
        if start < endIndex { chunks.append(self[start...]) }
        return chunks
    }
}

extension APIKind {
    /// What people call it.
    var title: String {
        switch self {
        case .rest: "REST API"
        case .http: "HTTP API"
        case .webSocket: "WebSocket API"
        case .functionURL: "function URL"
        }
    }
}
