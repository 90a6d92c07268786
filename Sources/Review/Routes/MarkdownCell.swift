// Names in Markdown, where they must not become markup, mentions of people, or the end of a cell.

internal import Diagnostics

/// Writes names as code that GitHub renders as it is, in tables too (GitHub Flavored Markdown, "Code spans", "Tables").
enum MarkdownCell {
    /// A name as code; empty for an empty one.
    static func code(_ name: String) -> String {
        let text = name.visible
        guard !text.isEmpty else { return "" }
        // In a table a bar ends the cell even within a code span, and a backslash before it would be a question of who
        // reads it: such names are written as HTML, whose references mean the same to everyone.
        let isPlain = !text.hasPrefix(" ") && !text.hasSuffix(" ") && !text.contains { "|`\\\r\n".contains($0) }
        return isPlain ? "`\(text)`" : htmlCode(text)
    }

    /// A text in the letters of code, in which nothing is markup, a mention or a reference: GitHub looks for none in
    /// code, and what Markdown could read is written as character references.
    static func htmlCode(_ text: String) -> String {
        var output = "<code>"
        var last: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            let isLink = scalar == "." && last.suffix(3).allSatisfy { $0 == "w" || $0 == "W" } && last.count >= 3
            let isPlain =
                !scalar.isASCII || scalar.properties.isAlphabetic
                || " 0123456789-+/.,={}()%;'".unicodeScalars.contains(scalar)
            if isPlain, !isLink {
                output.unicodeScalars.append(scalar)
            } else {
                output += "&#\(scalar.value);"
            }
            last = Array((last + [scalar]).suffix(3))
        }
        return output + "</code>"
    }
}
