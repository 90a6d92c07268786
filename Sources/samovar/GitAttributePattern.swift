// How a file is named in git's attributes.

/// Patterns of gitattributes(5).
enum GitAttributePattern {
    /// The files that have these names by custom, in any folder.
    static let usual = ["routes.json"] + CompilationArguments.usualTemplates

    /// A pattern for a single file.
    ///
    /// - Parameter path: the file, relative to the top of the working tree.
    /// - Returns: the pattern that matches it and no other.
    static func matching(_ path: String) -> String {
        var pattern = "/"
        for character in path {
            if "*?[\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return quoted(pattern)
    }

    /// The pattern as one word: quoted as in C where it has blanks, quotation marks or control characters.
    private static func quoted(_ pattern: String) -> String {
        let isPlain = pattern.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") }
        guard !isPlain else { return pattern }
        var text: [UInt8] = [UInt8(ascii: "\"")]
        for byte in pattern.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case ..<0x20, 0x7F:
                let digits = String(byte, radix: 8)
                text += Array("\\\(String(repeating: "0", count: 3 - digits.count))\(digits)".utf8)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self) + "\""
    }
}
