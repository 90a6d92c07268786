// The error that a runtime has posted, as far as the host reads it.

internal import JSON

/// An object of `errorType`, `errorMessage` and a stack trace, which is `stackTrace` in Python and Ruby and `trace` in
/// Node.js (Lambda developer guide, the pages of the runtimes on errors). It is the function's own, so everything of it
/// may be missing.
struct ReportedError {
    private static let maximumBytes = 65_536

    private let payload: String
    private let value: JSONValue?

    init(payload: String) {
        self.payload = payload
        value = payload.utf8.count <= Self.maximumBytes ? try? JSONParser.parse(payload) : nil
    }

    /// `errorType`, bounded, and `Runtime.Unknown` in its absence.
    var type: String {
        guard let type = value?["errorType"]?.string, !type.isEmpty, type.utf8.count <= 256 else {
            return "Runtime.Unknown"
        }
        return type
    }

    /// Type, first line of the message and the place in the code, in one line; the runtime has printed the rest itself.
    /// Without a message, the beginning of what was posted.
    var summary: String {
        guard let message = value?["errorMessage"]?.string else { return String(payload.prefix(1000)) }
        let line = message.split(whereSeparator: \.isNewline).first ?? ""
        let text = line.isEmpty ? type : "\(type): \(line.prefix(1024))"
        return text + (place.map { " (\($0.prefix(1024)))" } ?? "")
    }

    /// Where it happened: Python's last frame; Node.js's first, or the line above a syntax error; Ruby's first.
    private var place: String? {
        if let frames = value?["trace"]?.array {
            return frames.prefix(2).compactMap { $0.string.flatMap(Self.placeInNode) }.first
        }
        let frames = value?["stackTrace"]?.array?.compactMap { $0.string } ?? []
        if let last = frames.last.map(Self.trimmed), last.hasPrefix("File \"") { return last }
        return frames.first { $0.hasPrefix("/") }.map(Self.trimmed)
    }

    private static func placeInNode(_ frame: String) -> String? {
        let line = trimmed(frame)
        let place = line.hasPrefix("at ") ? line.dropFirst(3)[...] : line[...]
        let end = place.hasSuffix(")") ? place.dropLast() : place
        let isPlace = end.last?.isNumber == true && end.contains(":") && (line.hasPrefix("at ") || place.contains("/"))
        return isPlace && !place.contains("node:") && !place.contains("/bootstrap.mjs:") ? String(place) : nil
    }

    /// The first line without white space around it.
    private static func trimmed(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        let start = line.firstIndex { !$0.isWhitespace } ?? line.endIndex
        let end = line.lastIndex { !$0.isWhitespace }.map(line.index(after:)) ?? start
        return String(line[start..<end])
    }
}
