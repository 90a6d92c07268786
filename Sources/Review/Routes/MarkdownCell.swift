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
        return isPlain ? "`\(text)`" : "<code>\(references(text))</code>"
    }

    /// The text with numeric character references for all that is neither a letter nor a digit nor a space.
    private static func references(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            let isMarkup = scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
            if isMarkup, scalar != " " { result += "&#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
        }
    }
}
