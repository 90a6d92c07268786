// What a function prints, made fit to be shown.

internal import Operations

/// Text of functions in a log that people read.
enum TerminalText {
    static let reset = "\u{1B}[0m"

    /// A line without what would move the cursor, end the line, ring the bell or command the terminal.
    ///
    /// - Parameters:
    ///   - text: what was printed.
    ///   - keepsColors: whether sequences that choose colours and weight stay; they end with the line. Otherwise they
    ///     are left out.
    /// - Returns: the line; other control characters have become U+FFFD.
    static func harmless(_ text: String, keepsColors: Bool) -> String {
        guard text.unicodeScalars.contains(where: { LogText.isControl($0) && $0 != "\t" }) else { return text }
        var line = String.UnicodeScalarView()
        var hasColors = false
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if scalar == "\u{1B}", let end = endOfColors(rest) {
                if keepsColors {
                    line.append(contentsOf: rest[..<end])
                    hasColors = true
                }
                rest = rest[end...]
                continue
            }
            line.append(LogText.isControl(scalar) && scalar != "\t" ? "\u{FFFD}" : scalar)
            rest = rest.dropFirst()
        }
        return String(line) + (hasColors ? reset : "")
    }

    /// Where a sequence ends that sets graphic rendition (ECMA-48, SGR); nil where it is another one.
    private static func endOfColors(_ text: Substring.UnicodeScalarView) -> String.Index? {
        let parameters = text.dropFirst()
        guard parameters.first == "[" else { return nil }
        let end = parameters.dropFirst().prefix(64).firstIndex { !("0"..."9").contains($0) && $0 != ";" && $0 != ":" }
        guard let end, text[end] == "m" else { return nil }
        return text.index(after: end)
    }
}
