// Pages of routes and changes without a browser: whole, well-formed, closed to the network and to names that are markup.

import Crypto
import Diagnostics
import Foundation
import JSON
import Manifest
import Review
import Support
import Testing

struct PageTests {
    private static let manifests = (0..<8).map { RouteManifest.random(seed: UInt64($0)) }

    private static let pages =
        manifests.map { RouteHTMLRenderer.render($0, name: "<routes>.json") }
        + zip(manifests, manifests.dropFirst()).map(changes)

    private static func changes(_ old: Manifest, _ new: Manifest) -> String {
        let (before, after) = (
            ManifestRevision(name: "{{main}}", manifest: old), ManifestRevision(name: "b", manifest: new)
        )
        return ChangeHTMLRenderer.render(
            ManifestDiff.compare(before, after, fingerprint: ChangeGolden.fingerprint),
            from: old,
            to: new
        )
    }

    // MARK: - What is there

    @Test func hasEveryRouteOnce() {
        for manifest in Self.manifests {
            let page = RouteHTMLRenderer.render(manifest, name: "routes.json")
            #expect(Self.routes(page) == manifest.rows.map(Self.text).sorted())
            let anchors = page.matches(of: /id="(r[0-9]+)"/).map { String($0.1) }
            #expect(Set(anchors).count == manifest.rows.count)
        }
    }

    @Test func showsOneAPI() throws {
        let manifest = try #require(Self.manifests.first { $0.apis.count > 1 })
        let api = try #require(manifest.apis.keys.min())
        let page = RouteHTMLRenderer.render(manifest, name: "routes.json", api: api)
        #expect(Self.routes(page) == manifest.rows.filter { $0.api == api }.map(Self.text).sorted())
    }

    /// A page of changes has the routes of the new manifest, those that are gone, and every change.
    @Test(arguments: ChangeGolden.all)
    func showsEveryChange(_ golden: ChangeGolden) throws {
        let (old, new) = (try golden.revision("before").manifest, try golden.revision("after").manifest)
        let report = try golden.report()
        let page = ChangeHTMLRenderer.render(report, from: old, to: new)
        #expect(Self.fault(page) == nil)
        let shown = Self.routes(page)
        for row in new.rows { #expect(shown.contains(Self.text(row))) }
        #expect(Set(shown).isSubset(of: (old.rows + new.rows).map(Self.text)))
        for rule in Set(report.changes.map(\.rule)) {
            // Each change has a link to its rule; what is urgent has another one at the top.
            let urgent = report.changes.filter { $0.impact == .breaking || $0.security == .weakens }
            let wanted = (report.changes + urgent.prefix(30)).count { $0.rule == rule }
            #expect(page.components(separatedBy: "<a href=\"#rule-\(rule.id)\">").count - 1 == wanted)
            #expect(page.contains("<dt id=\"rule-\(rule.id)\">"))
        }
    }

    @Test func strikesOutWhatIsGone() {
        let manifest = Self.manifest(routes: ["GET /a", "GET /b"])
        let page = Self.changes(manifest, Self.manifest(routes: ["GET /a", "GET /c"]))
        #expect(Self.routes(page) == ["GET /a", "GET /b", "GET /c"])
        #expect(page.firstMatch(of: /<li class="row differs removed breaking"[^>]*>(?:(?!<\/li>).)*\/b</) != nil)
        #expect(page.firstMatch(of: /<li class="row public differs added weakens"[^>]*>(?:(?!<\/li>).)*\/c</) != nil)
    }

    /// What is gone stands in the old template.
    @Test func namesTheOldPlaceOfWhatIsGone() throws {
        let (old, new) = (Self.manifest(routes: ["GET /a", "GET /b"]), Self.manifest(routes: ["GET /a"]))
        func span(_ file: String, _ line: Int) -> Span {
            let start = SourcePosition(line: line, column: 1)
            return Span(file: file, start: start, end: start)
        }
        let rule = try #require(ChangeRules.rule(named: "route-removed"))
        var change = Change(rule, at: .route(try RouteKey("GET /b", kind: .http), api: "A"))
        change.oldSpan = span("HEAD:template.yaml", 7)
        change.newSpan = span("template.yaml", 3)
        let report = ChangeReport(oldName: "old", newName: "new", changes: [change])
        let page = ChangeHTMLRenderer.render(report, from: old, to: new)
        #expect(page.contains("HEAD:template.yaml:7") && !page.contains(">template.yaml:3"))
    }

    @Test func isTheSameForTheSameManifest() throws {
        for manifest in Self.manifests {
            let again = try Manifest(parsing: manifest.text.utf8)
            #expect(RouteHTMLRenderer.render(manifest, name: "a") == RouteHTMLRenderer.render(again, name: "a"))
        }
    }

    @Test func nestsWithoutEnd() {
        let deep = (1...80).map { "GET " + String(repeating: "/a", count: $0) }
        let page = RouteHTMLRenderer.render(Self.manifest(routes: deep), name: "routes.json")
        #expect(Self.routes(page) == deep.sorted())
        #expect(page.components(separatedBy: "<details").count - 1 < 16)
    }

    // MARK: - What it must not do

    @Test func isWellFormed() {
        for page in Self.pages { #expect(Self.fault(page) == nil) }
    }

    @Test func loadsNothing() {
        for page in Self.pages {
            let (_, tags) = Self.tags(page)
            for tag in tags {
                #expect(tag.firstMatch(of: /\s(?:src|style|srcset|action|on[a-z]+)=/) == nil)
                for link in tag.matches(of: /href="([^"]*)"/) { #expect(link.1.hasPrefix("#")) }
            }
            #expect(tags.filter { $0.hasPrefix("<script") }.count == 1)
            #expect(tags.filter { $0.hasPrefix("<link") }.isEmpty)
            #expect(!page.contains("url(") && !page.contains("@import"))
        }
    }

    /// Style and script run because the page's policy names them by their hashes, and nothing else does.
    @Test func allowsItsOwnScriptOnly() throws {
        let page = try #require(Self.pages.first)
        for element in ["style", "script"] {
            let start = try #require(page.firstRange(of: "<\(element)>")).upperBound
            let end = try #require(page[start...].firstRange(of: "</\(element)>")).lowerBound
            let hash = Data(SHA256.hash(data: Data(page[start..<end].utf8))).base64EncodedString()
            #expect(page.contains("\(element)-src 'sha256-\(hash)';"), "the hash of page.\(element) is \(hash)")
        }
        #expect(page.contains("content=\"default-src 'none'; "))
    }

    @Test func keepsNamesAsTexts() {
        let name = "<script>alert('x')</script>\u{202E}\u{1B}{{main}}"
        var manifest = Self.manifest(routes: ["GET /<script>x</script>", "GET /{{\"'&"])
        manifest.apis[name] = manifest.apis["A"]
        let page = RouteHTMLRenderer.render(manifest, name: name)
        #expect(Self.fault(page) == nil)
        #expect(page.components(separatedBy: "<script").count == 2)
        #expect(!page.contains("\u{202E}") && !page.contains("\u{1B}"))
        #expect(page.contains("&lt;/script&gt;&lt;U+202E&gt;&lt;U+001B&gt;{{main}}</title>"))
    }

    // MARK: - Who can read it

    /// Text has the contrast of WCAG 2.2, success criterion 1.4.3, on what it stands on, by day and by night.
    @Test(arguments: [false, true])
    func canBeRead(isDark: Bool) throws {
        let file = Golden.root.appending(path: "Sources/Review/Page/page.css")
        let text = try String(contentsOf: file, encoding: .utf8)
        let blocks = text.matches(of: /:root \{([^}]*)\}/).map { String($0.1) }.filter { $0.contains("--ink") }
        try #require(blocks.count == 2)
        var colors: [String: Double] = [:]
        for match in blocks[isDark ? 1 : 0].matches(of: /--([a-z-]+): #([0-9a-f]{6});/) {
            colors[String(match.1)] = Self.luminance(String(match.2))
        }
        var pairs = ["ink", "muted", "accent"].flatMap { ink in ["paper", "sheet", "hover"].map { (ink, $0) } }
        for mark in ["compatible-ink", "breaking-ink"] { pairs += [(mark, "sheet"), (mark, "hover")] }
        for tag in ["open", "breaking", "risky", "compatible", "weakens", "strengthens", "review"] {
            pairs.append(("\(tag)-ink", "\(tag)-back"))
        }
        for (ink, back) in pairs + [("paper", "ink")] {
            let (first, second) = (try #require(colors[ink]), try #require(colors[back]))
            let contrast = (max(first, second) + 0.05) / (min(first, second) + 0.05)
            #expect(contrast >= 4.5, "\(ink) on \(back) has the contrast \(contrast)")
        }
    }

    private static func luminance(_ hex: String) -> Double {
        let parts = stride(from: 0, to: 6, by: 2).map { offset -> Double in
            let value = Double(Int(hex.dropFirst(offset).prefix(2), radix: 16) ?? 0) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    // MARK: - Reading pages

    private static func manifest(routes: [String]) -> Manifest {
        var api = API(kind: .http, stage: "$default")
        for route in routes {
            guard let key = try? RouteKey(route, kind: .http) else { continue }
            api.routes[key] = Route(function: "F", payload: .v2)
        }
        return Manifest(apis: ["A": api], functions: ["F": Function()])
    }

    private static func text(_ row: RouteRow) -> String { "\(row.key.method.rawValue) \(row.key.pathText)" }

    /// The routes that a page shows, sorted.
    private static func routes(_ page: String) -> [String] {
        page.matches(of: /<span class="method">([A-Z]+)<\/span> <code class="path">(.*?)<\/code>/).map { match in
            var path = match.2.replacing(/<\/?i>/, with: "")
            for (reference, text) in [
                ("&lt;U+001B&gt;", "\u{1B}"), ("&lt;U+202E&gt;", "\u{202E}"), ("&lt;", "<"), ("&gt;", ">"),
                ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
            ] { path = path.replacing(reference, with: text) }
            return "\(match.1) \(path)"
        }.sorted()
    }

    /// The text between tags, and the tags; those of style and script have nothing in them.
    private static func tags(_ page: String) -> (texts: [Substring], tags: [Substring]) {
        let bare = page.replacing(/(<style>)(?s:.*?)(<\/style>)/) { "\($0.1)\($0.2)" }
            .replacing(/(<script>)(?s:.*?)(<\/script>)/) { "\($0.1)\($0.2)" }
        var texts: [Substring] = []
        var tags: [Substring] = []
        var rest = bare[...]
        while let start = rest.firstIndex(of: "<") {
            texts.append(rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else { break }
            tags.append(rest[start...end])
            rest = rest[rest.index(after: end)...]
        }
        return (texts + [rest], tags)
    }

    /// What is wrong with a page; nil where every element is closed in its turn and every text is escaped.
    private static func fault(_ page: String) -> String? {
        guard page.hasPrefix("<!doctype html>\n<html lang=\"en\">") else { return "the page does not begin as one" }
        let (texts, tags) = tags(page)
        var open: [Substring] = []
        for tag in tags.dropFirst() {
            guard let match = tag.wholeMatch(of: /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<]*")*)(\/?)>/) else {
                return "\(tag) is no tag"
            }
            if match.1 == "/" {
                if open.popLast() != match.2 { return "\(tag) closes what is not open" }
            } else if match.4.isEmpty, match.2 != "input" {
                open.append(match.2)
            }
        }
        if !open.isEmpty { return "\(open) are not closed" }
        let bad = texts.first { text in
            text.contains(">") || text.replacing(/&(?:amp|lt|gt|quot|#39);/, with: "").contains("&")
        }
        return bad.map { "'\($0)' is not escaped" }
    }
}
