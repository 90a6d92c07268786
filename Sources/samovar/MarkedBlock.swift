// The lines of git-setup in a file of the user's, between two marks.

/// A text that may hold a block of lines between marks, which can be put there and taken out again.
///
/// Taking out what was put in gives the text before, byte for byte.
struct MarkedBlock: Equatable {
    private static let begin = "# samovar git-setup: begin"
    private static let end = "# samovar git-setup: end"
    /// What the first mark says where the last line before it had no end.
    private static let lineEnded = "\(begin), after a line that had no end"

    /// What stands before the block, or all there is.
    private var head: String
    /// What stands behind it.
    private var tail: String
    /// The lines of the block; nil where there is none.
    private(set) var lines: [String]?

    /// Reads the text of a file.
    ///
    /// A block that has lost its last mark is taken for the user's own lines.
    init(_ text: String) {
        (head, tail, lines) = (text, "", nil)
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = parts.firstIndex(where: { $0 == Self.begin || $0 == Self.lineEnded }),
            let last = parts[first...].firstIndex(where: { $0 == Self.end })
        else { return }
        head = parts[..<first].joined(separator: "\n")
        tail = parts[(last + 1)...].joined(separator: "\n")
        // The line feed before the mark is the user's, unless there was none when the block came, and none is needed.
        if first > 0, parts[first] == Self.begin || !tail.isEmpty { head += "\n" }
        lines = parts[(first + 1)..<last].map(String.init)
    }

    /// The text of the file.
    var text: String {
        guard let lines else { return head + tail }
        let isOpen = !head.isEmpty && head.utf8.last != UInt8(ascii: "\n")
        let block = [isOpen ? "\n\(Self.lineEnded)" : Self.begin] + lines + [Self.end]
        return head + block.map { "\($0)\n" }.joined() + tail
    }

    /// Puts these lines into the block, which is made at the end of the text where there is none.
    mutating func put(_ lines: [String]) { self.lines = lines }

    /// Takes the block out.
    mutating func takeOut() { lines = nil }
}
