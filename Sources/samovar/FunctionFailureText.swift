// The error of a function, as people read it.

internal import Diagnostics
internal import JSON

/// Words what a function has failed with: an object with `errorType`, `errorMessage` and `stackTrace`, which Node.js calls `trace`
/// (Lambda developer guide, the pages of the runtimes on errors).
enum FunctionFailureText {
    /// The longest stack trace that is shown, in lines.
    private static let maximumLines = 200

    /// - Parameters:
    ///   - payload: what the function has answered.
    ///   - function: its name.
    ///   - isColored: whether to colour with the escape sequences of terminals (ECMA-48).
    /// - Returns: lines, each with its end.
    static func text(_ payload: [UInt8], of function: String, isColored: Bool) -> String {
        let error = try? JSONParser.parse(payload)
        let parts = [error?["errorType"]?.string, error?["errorMessage"]?.string].compactMap { $0 }
        let message =
            parts.isEmpty ? String(decoding: payload.prefix(4096), as: UTF8.self) : parts.joined(separator: ": ")
        var text = "\(paint("error: ", "1;31", isColored))"
        text += paint("'\(function)' failed: \(lines(message).joined(separator: "\n  "))", "1", isColored) + "\n"
        var trace =
            (error?["stackTrace"] ?? error?["trace"])?.array?.flatMap { lines($0.string ?? $0.compactText) } ?? []
        // Node.js begins it with the error itself.
        if trace.starts(with: lines(message)) { trace.removeFirst(lines(message).count) }
        for line in trace.prefix(maximumLines) { text += "  \(line)\n" }
        if trace.count > maximumLines { text += "  … \(trace.count - maximumLines) more lines\n" }
        return text
    }

    /// The lines of a text of the function's, which is not trusted with the terminal.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: true).map { String($0).visible }
    }

    private static func paint(_ text: String, _ style: String, _ isColored: Bool) -> String {
        isColored ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
}
