// In which forms `samovar routes` prints.

internal import ArgumentParser
internal import JSON
internal import Manifest
internal import Review

/// A form of a list of routes.
enum RouteFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, markdown, csv, openapi, html

    /// The routes of a manifest in this form.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - name: what it is called: a path.
    ///   - api: the id of the one API to show; nil for all of them.
    /// - Returns: the text, with a newline at its end; empty for no rows of a table.
    /// - Throws: `OpenAPICollision` where two APIs do not fit into one document.
    func render(_ manifest: Manifest, name: String, api: String?) throws(OpenAPICollision) -> String {
        let rows = manifest.rows.filter { api == nil || $0.api == api }
        return switch self {
        case .text: RouteTextRenderer.render(rows)
        case .json: JSONValue.array(rows.map(\.json)).canonicalText
        case .markdown: RouteMarkdownRenderer.render(rows)
        case .csv: RouteCSVRenderer.render(rows)
        case .openapi: try OpenAPIRenderer(manifest, api: api).render()
        case .html: RouteHTMLRenderer.render(manifest, name: name, api: api)
        }
    }
}
