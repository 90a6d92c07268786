// Fix-its that write another text in the place of a property's value.

internal import Diagnostics

extension Property {
    /// Writes another text in the place of the value, where the value stands there as it is.
    ///
    /// - Parameters:
    ///   - text: the text, which needs no escapes in YAML or JSON.
    ///   - isQuoted: whether YAML would take it for something else than a text without quotes.
    /// - Returns: one fix-it; none where a function gave the value, or it stands on several lines.
    func rewriting(as text: String, isQuoted: Bool = false) -> [Diagnostic.FixIt] {
        guard !value.isComputed, span.start.line == span.end.line, span.start < span.end else { return [] }
        let replacement = isQuoted ? "\"\(text)\"" : text
        return [Diagnostic.FixIt("write '\(text)'", at: span, replacement: replacement)]
    }
}
