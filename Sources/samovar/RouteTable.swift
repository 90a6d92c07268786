// The routes of a manifest as rows.

internal import Diagnostics
internal import JSON
internal import Manifest

/// One route with its API.
struct RouteRow {
    let api: String
    let kind: APIKind
    let key: RouteKey
    let route: Route

    /// The row as `samovar routes --format json` prints it.
    var json: JSONValue {
        [
            "api": .string(api),
            "kind": .string(kind.rawValue),
            "method": .string(key.method.rawValue),
            "path": .string(key.pathText),
            "integration": "lambda",
            "function": .string(route.function),
            "auth": .string(route.auth.text),
            "payload": .string(route.payload.rawValue),
        ]
    }

    fileprivate var cells: [String] {
        let note = route.unsupported.isEmpty ? "" : "answers 501: \(route.unsupported.joined(separator: ", "))"
        return [
            api, kind.rawValue, key.method.rawValue, key.pathText, route.function, route.payload.rawValue,
            route.auth.text, note,
        ].map(\.visible)
    }
}

extension Manifest {
    /// The routes in the order of the manifest.
    var rows: [RouteRow] {
        apis.sortedByCodePoint.flatMap { id, api in
            api.routes.sorted { $0.key < $1.key }.map { key, route in
                RouteRow(api: id, kind: api.kind, key: key, route: route)
            }
        }
    }
}

/// Rows as aligned columns.
enum RouteTable {
    private static let heading = ["API", "KIND", "METHOD", "PATH", "FUNCTION", "PAYLOAD", "AUTH", ""]

    /// The table with its heading; empty for no rows.
    static func text(_ rows: [RouteRow]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = [heading] + rows.map(\.cells)
        let widths = heading.indices.map { column in lines.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return lines.map { cells in
            let line = zip(cells, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
            }.joined(separator: "  ")
            return trimmed(line) + "\n"
        }.joined()
    }

    private static func trimmed(_ line: String) -> Substring {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return line
    }
}
