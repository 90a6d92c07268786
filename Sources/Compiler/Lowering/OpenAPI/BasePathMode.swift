// The base path of an OpenAPI document, and what an import makes of it.

internal import Diagnostics

/// What becomes of the base path of a document (API Gateway developer guide, "Set the OpenAPI basePath property").
enum BasePathMode: String, CaseIterable, Sendable {
    /// It is left out.
    case ignore
    /// It stands before every path.
    case prepend
    /// It stands before every path without its first segment.
    case split

    /// What stands before the paths of a document: empty, or a path without a slash at the end.
    ///
    /// - Parameter document: the document, OpenAPI 2.0 with `basePath` or 3.0 with `servers`.
    /// - Returns: the prefix; empty where the document names no base path.
    func prefix(_ document: Properties) -> String {
        guard self != .ignore else { return "" }
        let segments = (Self.basePath(document) ?? "").split(separator: "/").map(String.init)
        let kept = self == .split ? segments.dropFirst() : segments[...]
        return kept.map { "/\($0)" }.joined()
    }

    private static func basePath(_ document: Properties) -> String? {
        if let path = document["basePath"]?.value.text { return path }
        guard let server = document["servers"]?.value.list?.first, var url = server["url"]?.text else { return nil }
        for variable in server["variables"]?.members ?? [] {
            guard let text = variable.value["default"]?.text else { continue }
            url = url.replacing("{\(variable.key)}", with: text)
        }
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) }
    }
}
