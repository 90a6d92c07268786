// The parts of pages: sections, branches, routes and changes as HTML.

internal import Diagnostics
internal import Manifest

/// Writes the sections of a page and counts what stands in them.
struct PageWriter {
    private(set) var text = ""
    /// How many rows there are of each facet.
    private(set) var counts: [String: Int] = [:]
    /// The anchors of routes that have changed.
    private(set) var anchors: [ChangePlace: String] = [:]
    private var rowCount = 0

    /// What names of facets are called on buttons, in their order.
    static let facetTitles = [
        ("differs", "Changed"), ("breaking", "Breaking"), ("weakens", "Weakens security"), ("public", "Public"),
        ("unserved", "Not served"),
    ]

    /// The facets of the rows that have been written.
    var facets: [(name: String, title: String, count: Int)] {
        Self.facetTitles.map { ($0.0, $0.1, counts[$0.0] ?? 0) }
    }

    // MARK: - Sections

    /// A section of an API.
    ///
    /// - Parameters:
    ///   - id: its logical id.
    ///   - api: its data; those of the old manifest where it is gone.
    ///   - symbol: whether it is new or gone.
    ///   - changes: what changed of it besides its routes.
    ///   - routes: its routes in the order of the manifest.
    mutating func section(_ id: String, _ api: API, symbol: ChangeSymbol?, changes: [Change], routes: [PageRoute]) {
        let state = symbol.map { "<small class=\"\($0.word)\">\($0.sign) \($0.word)</small>" } ?? ""
        text += "<section class=\"api\" data-name=\"\(id.html)\">\n<h2>\(id.htmlCode)\(state)"
        text += "<small>\(api.kind.title), stage \(api.stage.htmlCode)</small>"
        text += "<small>\(Self.count(routes))</small></h2>\n"
        list(changes)
        if !routes.isEmpty {
            text += "<div class=\"columns\" aria-hidden=\"true\"><span class=\"method\">method</span>"
            text += "<span class=\"path\">path</span><span class=\"auth\">auth</span>"
            text += "<span class=\"target\">answers</span><span class=\"payload\">event</span></div>\n"
            let root = PageBranch()
            for route in routes { root.insert(route) }
            root.join()
            tree(root)
        }
        text += "</section>\n"
    }

    /// A section of changes that belong to no API.
    mutating func section(_ title: String, changes: [Change]) {
        guard !changes.isEmpty else { return }
        text += "<section data-name=\"\(title.html)\">\n<h2>\(title.html)</h2>\n"
        list(changes)
        text += "</section>\n"
    }

    // MARK: - Routes

    private mutating func tree(_ branch: PageBranch) {
        text += "<ul class=\"tree\">\n"
        // What takes all that is left comes last, as it does in the manifest.
        let last = branch.routes.filter { $0.row.key == .fallback }
        for route in branch.routes where route.row.key != .fallback { row(route, prefix: branch.path) }
        for child in branch.branches {
            if child.branches.isEmpty {
                for route in child.routes { row(route, prefix: branch.path) }
                continue
            }
            let routes = child.allRoutes
            text += "<li><details class=\"branch\" open=\"\"><summary>\(Self.path(child.path, prefix: branch.path))"
            text += "<small>\(Self.count(routes))</small></summary>\n"
            tree(child)
            text += "</details></li>\n"
        }
        for route in last { row(route, prefix: "") }
        text += "</ul>\n"
    }

    private mutating func row(_ route: PageRoute, prefix: String) {
        let row = route.row
        let classes = route.classes
        for name in classes { counts[name, default: 0] += 1 }
        rowCount += 1
        anchors[.route(row.key, api: row.api)] = "r\(rowCount)"
        text += "<li class=\"\((["row"] + classes).joined(separator: " "))\" id=\"r\(rowCount)\">"
        text += "<div class=\"line\" tabindex=\"-1\">\(Self.mark(route.symbol)) "
        text += "<span class=\"method\">\(row.key.method.rawValue)</span> "
        text += "\(Self.path(row.key.pathText, prefix: prefix)) "
        text += "<span class=\"auth\">\(Self.auth(row))</span> "
        text += "<span class=\"target\">\(row.route.targetText.html)</span>"
        if case .function(_, let payload) = row.route.target {
            text += " <span class=\"payload\">\(payload.rawValue)</span>"
        }
        let note = row.note
        if !note.isEmpty {
            let tag = row.unserved.isEmpty ? "" : "<span class=\"tag unserved\">! not served</span> "
            text += " <span class=\"note\">\(tag)\(note.html)</span>"
        }
        text += "</div>"
        if !route.changes.isEmpty {
            text += "<ul class=\"changes\">"
            for change in route.changes { text += "<li>\(Self.words(change, isNamed: change.oldPlace != nil))</li>" }
            text += "</ul>"
        }
        text += "</li>\n"
    }

    private static func path(_ text: String, prefix: String) -> String {
        guard !prefix.isEmpty, text.hasPrefix(prefix), text != prefix else {
            return "<code class=\"path\">\(text.html)</code>"
        }
        return "<code class=\"path\"><i>\(prefix.html)</i>\(String(text.dropFirst(prefix.count)).html)</code>"
    }

    private static func auth(_ row: RouteRow) -> String {
        if row.isPublic { return "<span class=\"tag open\">○ public</span>" }
        return "<span class=\"lock\" aria-hidden=\"true\">●</span> \(RouteColumn.access.cell(row).html)"
    }

    private static func count(_ routes: [PageRoute]) -> String {
        let current = routes.filter { $0.symbol != .removed }
        var parts = ["\(current.count) \(current.count == 1 ? "route" : "routes")"]
        let open = current.count(where: \.row.isPublic)
        if open > 0 { parts.append("\(open) public") }
        let changed = routes.count { $0.symbol != nil }
        if changed > 0 { parts.append("\(changed) changed") }
        return parts.joined(separator: ", ")
    }

    // MARK: - Changes

    private mutating func list(_ changes: [Change]) {
        guard !changes.isEmpty else { return }
        text += "<ul class=\"changes\">\n"
        for change in changes {
            let classes = ["differs"] + [change].facets
            for name in classes { counts[name, default: 0] += 1 }
            text += "<li class=\"\((["row"] + classes).joined(separator: " "))\">"
            text += "\(Self.mark(change.symbol)) \(Self.words(change, isNamed: true))</li>\n"
        }
        text += "</ul>\n"
    }

    /// The sign of a change, and its word for those who do not see it.
    static func mark(_ symbol: ChangeSymbol?) -> String {
        guard let symbol else { return "<span class=\"mark\"></span>" }
        return "<span class=\"mark \(symbol.word)\"><span aria-hidden=\"true\">\(symbol.sign)</span>"
            + "<span class=\"said\">\(symbol.word)</span></span>"
    }

    /// A change in words.
    ///
    /// - Parameters:
    ///   - change: the change.
    ///   - isNamed: whether it says what it is a change of.
    ///   - anchor: where that stands on the page; nil for no link.
    /// - Returns: HTML.
    static func words(_ change: Change, isNamed: Bool, anchor: String? = nil) -> String {
        var parts: [String] = []
        if isNamed {
            let name = change.name.htmlCode
            parts.append(anchor.map { "<a href=\"#\($0)\">\(name)</a>" } ?? name)
        }
        if !change.detail.isEmpty { parts.append(change.detail.htmlCode) }
        parts.append(tag(change.impact))
        if let security = change.security { parts.append(tag(security)) }
        if change.isPublic { parts.append("<span class=\"tag open\">○ public</span>") }
        parts.append(
            "<span class=\"rule\"><a href=\"#rule-\(change.rule.id)\">\(change.rule.id)</a>: "
                + "\(change.rule.summary.htmlProse)</span>"
        )
        if let example = change.exampleText { parts.append("<span class=\"example\">\(example.htmlCode)</span>") }
        if let span = change.span {
            parts.append("<span class=\"example\">\("\(span.file):\(span.start.line)".htmlCode)</span>")
        }
        guard let reason = change.acceptance else { return parts.joined(separator: " ") }
        return "<span class=\"accepted\">\(parts.joined(separator: " ")) accepted: \(reason.html)</span>"
    }

    private static func tag(_ impact: Impact) -> String {
        let sign =
            switch impact {
            case .breaking: "✕"
            case .risky: "?"
            case .compatible: "✓"
            }
        return "<span class=\"tag \(impact.rawValue)\">\(sign) \(impact.rawValue)</span>"
    }

    private static func tag(_ security: SecurityEffect) -> String {
        let sign =
            switch security {
            case .weakens: "▼"
            case .strengthens: "▲"
            case .review: "◆"
            }
        return "<span class=\"tag \(security.rawValue)\">\(sign) \(security.words)</span>"
    }
}
