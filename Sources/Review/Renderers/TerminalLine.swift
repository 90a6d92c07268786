// Lines for terminals: columns as they are seen, and colours that can be left out.

internal import Diagnostics

/// How a word is set off.
enum TerminalStyle: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
    case alarm = "1;35"
}

/// A line while it is put together.
struct TerminalLine {
    let isColored: Bool
    /// Whether all of it steps back.
    let isDim: Bool
    private var pieces: [(text: String, style: TerminalStyle?)] = []
    private var width = 0

    init(isColored: Bool, isDim: Bool) {
        self.isColored = isColored
        self.isDim = isDim
    }

    mutating func add(_ text: String, _ style: TerminalStyle? = nil) {
        pieces.append((text, style))
        width += text.displayWidth
    }

    /// Whether there is nothing to see in it.
    var isBlank: Bool { pieces.allSatisfy { $0.text.allSatisfy { $0 == " " } } }

    mutating func fill(to column: Int) { add(String(repeating: " ", count: max(0, column - width))) }

    /// The line without blanks at its end.
    var text: String {
        var pieces = pieces
        while let last = pieces.popLast() {
            var text = last.text
            while text.last == " " { text.removeLast() }
            guard text.isEmpty else {
                pieces.append((text, last.style))
                break
            }
        }
        if isDim, isColored { return "\u{1B}[2m" + pieces.map(\.text).joined() + "\u{1B}[0m" }
        return pieces.map { text, style in
            guard isColored, let style, !text.isEmpty else { return text }
            return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
        }.joined()
    }
}
