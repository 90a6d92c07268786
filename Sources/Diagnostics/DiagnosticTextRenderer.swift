// Diagnostics for people, as clang prints them: the place, the message, the line, and a caret under it.

/// Renders diagnostics as text.
package struct DiagnosticTextRenderer: Sendable {
    /// The columns of a line of source that are shown; longer ones are cut around the place.
    private static let sourceWidth = 100
    /// How many diagnostics of one code are shown; a fault in a generated template is there a thousand times.
    package static let maximumPerCode = 50

    private let sources: [String: String]
    private let isColored: Bool

    /// - Parameters:
    ///   - sources: the texts of files by the name that spans carry; of a file that is not there no line is shown.
    ///   - isColored: whether to colour with the escape sequences of terminals (ECMA-48).
    package init(sources: [String: String], isColored: Bool = false) {
        self.sources = sources
        self.isColored = isColored
    }

    /// The text of them, in the order given; empty for none, else with a line feed at the end.
    ///
    /// Of one code and severity the first `maximumPerCode` are shown, and a note at the end counts the others.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        var lines = SourceLines(sources)
        var output = ""
        var counts: [Kind: Int] = [:]
        for diagnostic in diagnostics {
            let kind = Kind(severity: diagnostic.severity, code: diagnostic.code)
            counts[kind, default: 0] += 1
            guard counts[kind, default: 0] <= Self.maximumPerCode else { continue }
            let heading = "\(diagnostic.message) [\(diagnostic.code)]"
            output += render(diagnostic.severity, heading, at: diagnostic.span, fixIts: diagnostic.fixIts, from: &lines)
            for note in diagnostic.notes {
                output += render(.note, note.message, at: note.span, fixIts: [], from: &lines)
            }
        }
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) where count > Self.maximumPerCode {
            let message = "… and \(count - Self.maximumPerCode) more of '\(kind.code)'; other formats have all of them"
            output += render(.note, message, at: nil, fixIts: [], from: &lines)
        }
        return output
    }

    /// What is counted together.
    private struct Kind: Hashable, Comparable {
        let severity: Severity
        let code: DiagnosticCode

        static func < (left: Self, right: Self) -> Bool {
            (left.severity, left.code) < (right.severity, right.code)
        }
    }

    /// "1 error, 2 warnings"; nil where there is neither.
    package static func summary(of diagnostics: [Diagnostic]) -> String? {
        let counts = [(Severity.error, "error"), (.warning, "warning")].compactMap { severity, word -> String? in
            let count = diagnostics.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        return counts.isEmpty ? nil : counts.joined(separator: ", ")
    }

    private func render(
        _ severity: Severity,
        _ message: String,
        at span: Span?,
        fixIts: [Diagnostic.FixIt],
        from lines: inout SourceLines
    ) -> String {
        var heading = ""
        if let span {
            heading = paint("\(span.file.visible):\(span.start.line):\(span.start.column): ", .bold)
        }
        heading += paint("\(severity.rawValue): ", Style(severity)) + paint(message.visible, .bold) + "\n"
        guard let span, let line = lines.line(span.start.line, of: span.file) else {
            return heading + fixIts.map { "fix: \($0.message.visible)\n" }.joined()
        }
        return heading + snippet(line, span, fixIts)
    }

    private func snippet(_ line: DisplayLine, _ span: Span, _ fixIts: [Diagnostic.FixIt]) -> String {
        let start = line.displayColumn(span.start.column)
        let last = span.end.line == span.start.line ? line.displayColumn(span.end.column) : line.width
        let (text, offset) = line.window(around: start, limit: Self.sourceWidth)
        let tildes = max(0, min(last - start - 1, Self.sourceWidth - (start - offset)))
        let number = String(span.start.line)
        let width = max(5, number.count)
        let gutter = String(repeating: " ", count: width) + " | "
        var output = String(repeating: " ", count: width - number.count) + "\(number) | \(text)\n"
        let caret = "^" + String(repeating: "~", count: tildes)
        output += gutter + String(repeating: " ", count: start - offset) + paint(caret, .green) + "\n"
        for fixIt in fixIts {
            let isHere = fixIt.span.file == span.file && fixIt.span.start.line == span.start.line
            let column = line.displayColumn(fixIt.span.start.column) - offset
            let isShort = !fixIt.replacement.isEmpty && !fixIt.replacement.contains { $0.isNewline }
            if isHere, isShort, (0...Self.sourceWidth).contains(column) {
                let text = paint(fixIt.replacement.visible, .green)
                output += gutter + String(repeating: " ", count: column) + text + "\n"
            }
            output += String(repeating: " ", count: width) + " = fix: \(fixIt.message.visible)\n"
        }
        return output
    }

    // MARK: - Colours

    private enum Style: String {
        case bold = "1"
        case red = "1;31"
        case magenta = "1;35"
        case cyan = "1;36"
        case green = "1;32"

        init(_ severity: Severity) {
            switch severity {
            case .error: self = .red
            case .warning: self = .magenta
            case .note: self = .cyan
            }
        }
    }

    private func paint(_ text: String, _ style: Style) -> String {
        isColored ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// The lines of the files that were asked for.
private struct SourceLines {
    private let sources: [String: String]
    private var lines: [String: [Substring.UTF8View]] = [:]
    /// What was shown already: a file that is one long line may have a diagnostic at each of its words.
    private var shown: [String: [Int: DisplayLine]] = [:]

    init(_ sources: [String: String]) { self.sources = sources }

    /// A line, from 1, without its end; nil where the file or the line is not there.
    mutating func line(_ number: Int, of file: String) -> DisplayLine? {
        if let line = shown[file]?[number] { return line }
        guard let source = sources[file] else { return nil }
        if lines[file] == nil { lines[file] = Self.split(source) }
        guard let all = lines[file], all.indices.contains(number - 1) else { return nil }
        let text = Substring(all[number - 1]).unicodeScalars
        let hasMark = number == 1 && text.first == "\u{FEFF}"
        let line = DisplayLine(Substring(hasMark ? text.dropFirst() : text))
        shown[file, default: [:]][number] = line
        return line
    }

    private static func split(_ text: String) -> [Substring.UTF8View] {
        let bytes = text.utf8
        var lines: [Substring.UTF8View] = []
        var start = bytes.startIndex
        var index = start
        while index < bytes.endIndex {
            let byte = bytes[index]
            let next = bytes.index(after: index)
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                lines.append(bytes[start..<index])
                let isPair = byte == UInt8(ascii: "\r") && next < bytes.endIndex && bytes[next] == UInt8(ascii: "\n")
                start = isPair ? bytes.index(after: next) : next
                index = start
            } else {
                index = next
            }
        }
        lines.append(bytes[start...])
        return lines
    }
}
