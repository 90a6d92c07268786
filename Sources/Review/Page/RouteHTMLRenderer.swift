// Routes as a page to look at.

package import Manifest

/// Renders routes as one page that needs nothing else: no network, and no script but for its filter.
package enum RouteHTMLRenderer {
    /// Renders the routes of a manifest.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - name: what it is called: a path.
    ///   - api: the id of the one API to show; nil for all of them.
    /// - Returns: the page.
    package static func render(_ manifest: Manifest, name: String, api: String? = nil) -> String {
        let rows = manifest.rows.filter { api == nil || $0.api == api }
        let routes = Dictionary(grouping: rows.map { PageRoute(row: $0) }, by: \.row.api)
        var writer = PageWriter()
        let apis = manifest.apis.sortedByCodePoint.filter { api == nil || $0.key == api }
        for (id, api) in apis { writer.section(id, api, symbol: nil, changes: [], routes: routes[id] ?? []) }
        var page = Page()
        page.title = "Routes of \(name)"
        page.heading = "Routes of \(name.htmlCode)"
        let open = writer.counts["public"] ?? 0
        let closed = writer.counts["unserved"] ?? 0
        page.summary = "\(apis.count) \(apis.count == 1 ? "API" : "APIs"), \(rows.count) "
        page.summary += "\(rows.count == 1 ? "route" : "routes"): <b>\(open) public</b>"
        if closed > 0 { page.summary += ", \(closed) not served" }
        page.facets = writer.facets
        page.main = writer.text
        return page.text
    }
}
