// A page that needs nothing but itself: the template with its style and script, and what stands in it.

/// What goes into the template of a page.
struct Page {
    /// What the window is called, as text.
    var title = ""
    /// The heading, as HTML.
    var heading = ""
    /// The line below it, as HTML.
    var summary = ""
    /// What the list can be narrowed to: the class of rows, and what the button says.
    var facets: [(name: String, title: String, count: Int)] = []
    /// The sections, as HTML.
    var main = ""

    /// The page; the same bytes for the same content.
    var text: String {
        let buttons = facets.filter { $0.count > 0 }.map { facet in
            "<button type=\"button\" aria-pressed=\"false\" data-facet=\"\(facet.name)\">\(facet.title) "
                + "<span>\(facet.count)</span></button>"
        }
        let parts = [
            "title": title.html, "heading": heading, "summary": summary, "facets": buttons.joined(separator: "\n"),
            "main": main, "style": Self.text(PackageResources.page_css), "script": Self.text(PackageResources.page_js),
        ]
        // What is put in is not looked at again: a name that looks like a part of the template stays a name.
        var text = ""
        for piece in Self.text(PackageResources.page_html).split(separator: "{{", omittingEmptySubsequences: false) {
            guard let end = piece.firstRange(of: "}}"), let part = parts[String(piece[..<end.lowerBound])] else {
                text += piece
                continue
            }
            text += part
            text += piece[end.upperBound...]
        }
        return text
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
