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
    /// What the proxy does not serve it for.
    let unserved: [String]
    /// What the proxy answers then.
    let refusalStatus: Int
    /// Whether the proxy has the API on its port.
    let isMounted: Bool

    /// The row as `samovar routes --format json` prints it.
    var json: JSONValue {
        var object = JSONObject()
        object["api"] = .string(api)
        object["kind"] = .string(kind.rawValue)
        object["method"] = .string(key.method.rawValue)
        object["path"] = .string(key.pathText)
        switch route.target {
        case .function(let function, let payload):
            object["integration"] = "lambda"
            object["function"] = .string(function)
            object["auth"] = .string(route.auth.text)
            object["payload"] = .string(payload.rawValue)
        case .integration(let integration):
            object["integration"] = .string(integration.kind.rawValue)
            object["target"] = integration.targetText.map { .string($0) }
            object["auth"] = .string(route.auth.text)
        }
        if !unserved.isEmpty { object["unserved"] = .array(unserved.map { .string($0) }) }
        if !isMounted { object["mounted"] = false }
        return .object(object)
    }

    fileprivate var cells: [String] {
        let refusal = unserved.isEmpty ? "" : "answers \(refusalStatus): \(unserved.joined(separator: ", "))"
        let note = isMounted || kind == .webSocket ? refusal : "at http://\(Manifest.localHost(ofAPI: api))"
        var payload = "-"
        if case .function(_, let format) = route.target { payload = format.rawValue }
        return [
            api, kind.rawValue, key.method.rawValue, key.pathText, route.targetText, payload, route.auth.text, note,
        ].map(\.visible)
    }
}

extension Route {
    /// What answers, in a word: a function's id, an address, the action of a service, `mock`.
    var targetText: String {
        switch target {
        case .function(let id, _): id
        case .integration(let integration): integration.targetText ?? integration.kind.rawValue
        }
    }
}

extension Integration {
    /// Where the request goes: an address, a function's id, the action of a service; nil for nowhere.
    var targetText: String? { url ?? function ?? service }
}

extension Manifest {
    /// The routes in the order of the manifest.
    var rows: [RouteRow] {
        let mounted = Set(mountedAPIs.map(\.key))
        return apis.sortedByCodePoint.flatMap { id, api in
            api.routes.sorted { $0.key < $1.key }.map { key, route in
                RouteRow(
                    api: id,
                    kind: api.kind,
                    key: key,
                    route: route,
                    unserved: api.unserved(route),
                    refusalStatus: api.refusalStatus(route),
                    isMounted: mounted.contains(id)
                )
            }
        }
    }
}

/// Rows as aligned columns.
enum RouteTable {
    private static let heading = ["API", "KIND", "METHOD", "PATH", "TARGET", "PAYLOAD", "AUTH", ""]

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
