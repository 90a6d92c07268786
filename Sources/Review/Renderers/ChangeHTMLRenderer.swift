// Changes as a page to look at: among all routes of the new manifest, with those that are gone.

package import Manifest

/// Renders changes as one page that needs nothing else: no network, and no script but for its filter.
package struct ChangeHTMLRenderer {
    private let report: ChangeReport
    private let old: Manifest
    private let new: Manifest
    /// What an API of the old manifest is called in the new one, where that is another name.
    private let names: [String: String]
    private let changes: [ChangePlace: [Change]]

    /// Renders a report.
    ///
    /// - Parameters:
    ///   - report: what a comparison came to.
    ///   - old: the manifest before.
    ///   - new: the manifest after.
    /// - Returns: the page.
    package static func render(_ report: ChangeReport, from old: Manifest, to new: Manifest) -> String {
        Self(report, old, new).text
    }

    private init(_ report: ChangeReport, _ old: Manifest, _ new: Manifest) {
        self.report = report
        self.old = old
        self.new = new
        var names: [String: String] = [:]
        for change in report.changes {
            if case (.api(let before)?, .api(let after)) = (change.oldPlace, change.place) { names[before] = after }
        }
        self.names = names
        changes = Dictionary(grouping: report.changes, by: \.place)
    }

    private var text: String {
        var writer = PageWriter()
        let routes = Dictionary(grouping: routes, by: \.row.api)
        let shown = Set(routes.values.joined().flatMap(\.changes).map(\.place))
        let elsewhere = report.changes.filter { !shown.contains($0.place) }
        var sections = Dictionary(grouping: elsewhere.filter { $0.place.api != nil }) { $0.place.api ?? "" }
        for id in apiIDs {
            guard let api = new.apis[id] ?? oldAPI(id) else { continue }
            let symbol: ChangeSymbol? = new.apis[id] == nil ? .removed : oldAPI(id) == nil ? .added : nil
            let own = sections.removeValue(forKey: id) ?? []
            let sorted = (routes[id] ?? []).sorted { $0.row.key < $1.row.key }
            writer.section(id, api, symbol: symbol, changes: own, routes: sorted)
        }
        for (id, rest) in sections.sortedByCodePoint { writer.section(id, changes: rest) }
        let others = elsewhere.filter { $0.place.api == nil }
        for part in others.chunked(by: \.place.heading) {
            writer.section(part.first?.place.heading ?? "", changes: Array(part))
        }
        return page(writer).text
    }

    // MARK: - Routes

    private func oldAPI(_ id: String) -> API? {
        old.apis[names.first { $0.value == id }?.key ?? id]
    }

    private var apiIDs: [String] {
        let all = Set(new.apis.keys).union(old.apis.keys.map { names[$0] ?? $0 })
        return all.inCodePointOrder
    }

    /// The routes of the new manifest, and those of the old one that are gone, at the new names of their APIs.
    private var routes: [PageRoute] {
        let oldRows = old.rows.map { (place: $0.place, row: $0.moved(to: names[$0.api] ?? $0.api)) }
        let before = Set(oldRows.map(\.row.place))
        let rows = new.rows
        let after = Set(rows.map(\.place))
        // A route whose path or method is written otherwise is there still.
        var moved: Set<ChangePlace> = []
        for case .route(let key, let api)? in report.changes.filter(\.isRename).map(\.oldPlace) {
            moved.insert(.route(key, api: names[api] ?? api))
        }
        let gone = oldRows.filter { !after.contains($0.row.place) && !moved.contains($0.row.place) }
        return rows.map { row in
            let changes = changes[row.place] ?? []
            let isKnown = before.contains(row.place) || changes.contains(where: \.isRename)
            return PageRoute(row: row, symbol: isKnown ? changes.isEmpty ? nil : .changed : .added, changes: changes)
        }
            + gone.map { place, row in
                // A change says where its route stood, which may be an API that has another name now.
                let places = place == row.place ? [place] : [place, row.place]
                return PageRoute(row: row, symbol: .removed, changes: places.flatMap { changes[$0] ?? [] })
            }
    }

    // MARK: - The page

    private func page(_ writer: PageWriter) -> Page {
        var page = Page()
        page.title = "Changes from \(report.oldName) to \(report.newName)"
        page.heading = "Changes from \(report.oldName.htmlCode) to \(report.newName.htmlCode)"
        page.summary = "<b>\(report.summary.html)</b>"
        page.facets = writer.facets
        page.main = first(writer.anchors) + writer.text + rules
        return page
    }

    /// What a reviewer looks at before anything else.
    private func first(_ anchors: [ChangePlace: String]) -> String {
        let urgent = report.open.filter { $0.impact == .breaking || $0.security == .weakens }
        var text = ""
        if !report.remarks.isEmpty {
            text += "<section data-name=\"\"><h2>Remarks</h2>"
            for remark in report.remarks { text += "<p class=\"words\">\(remark.html)</p>" }
            text += "</section>\n"
        }
        guard !report.changes.isEmpty else { return text }
        guard !urgent.isEmpty else {
            return text + "<p>No change that is open breaks requests or weakens security.</p>\n"
        }
        let limit = 30
        text += "<section data-name=\"\">\n<h2>Look at first</h2>\n<ul class=\"first\">\n"
        for change in urgent.prefix(limit) {
            let api = change.place.api.map { "\($0.html) " } ?? ""
            let words = PageWriter.words(change, isNamed: true, anchor: anchors[change.place])
            text += "<li>\(PageWriter.mark(change.symbol)) \(api)\(words)</li>\n"
        }
        if urgent.count > limit { text += "<li>and \(urgent.count - limit) more below</li>\n" }
        return text + "</ul>\n</section>\n"
    }

    /// What the rules that were met say.
    private var rules: String {
        let rules = Set(report.changes.map(\.rule)).sorted()
        guard !rules.isEmpty else { return "" }
        var text = "<section data-name=\"\">\n<h2>Rules</h2>\n<dl class=\"rules\">\n"
        for rule in rules {
            text += "<dt id=\"rule-\(rule.id)\">\(rule.id): \(rule.summary.htmlProse)</dt>\n"
            text += "<dd>\(rule.explanation.htmlProse)</dd>\n"
        }
        return text + "</dl>\n</section>\n"
    }
}

extension Change {
    /// Whether it is of a route that is written otherwise now, and not of requests that go to another route.
    fileprivate var isRename: Bool { oldPlace != nil && rule != .routeCaptured && rule != .routeReleased }
}

extension RouteRow {
    fileprivate var place: ChangePlace { .route(key, api: api) }

    /// The same in an API of another name.
    fileprivate func moved(to api: String) -> RouteRow {
        guard api != self.api else { return self }
        return RouteRow(
            api: api,
            kind: kind,
            stage: stage,
            key: key,
            route: route,
            unserved: unserved,
            refusalStatus: refusalStatus,
            isMounted: isMounted
        )
    }
}
