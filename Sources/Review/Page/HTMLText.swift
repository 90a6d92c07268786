// Texts of users in a page, where they must stay texts.

internal import Diagnostics

extension String {
    /// The text for HTML, between tags and within attributes in double quotes; what would reorder or hide it is visible.
    var html: String {
        let isPlain = utf8.allSatisfy { byte in
            byte >= 0x20 && byte < 0x7F && !"&<>\"'".utf8.contains(byte)
        }
        if isPlain { return self }
        return visible.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// The text as code.
    var htmlCode: String { "<code>\(html)</code>" }

    /// Prose of a rule, in which backticks enclose code.
    var htmlProse: String {
        let parts = split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().map { offset, part in
            offset.isMultiple(of: 2) ? String(part).html : String(part).htmlCode
        }.joined()
    }
}
