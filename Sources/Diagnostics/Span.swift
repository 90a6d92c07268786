// A place in a file of the user's.

/// A place in a text: line and column, both from 1, columns in Unicode scalars.
package struct SourcePosition: Hashable, Comparable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A stretch of a file, from its first character up to, but not including, `end`.
package struct Span: Hashable, Comparable, Sendable {
    /// The path as the user gave it, or relative to the file that led there.
    package var file: String
    package var start: SourcePosition
    package var end: SourcePosition

    package init(file: String, start: SourcePosition, end: SourcePosition) {
        self.file = file
        self.start = start
        self.end = end
    }

    /// A place without extent.
    package init(file: String, at position: SourcePosition) {
        self.init(file: file, start: position, end: position)
    }

    /// The beginning of a file, for what concerns the file as a whole.
    package init(startOf file: String) {
        let start = SourcePosition(line: 1, column: 1)
        self.init(file: file, start: start, end: start)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.start, left.end) < (right.file, right.start, right.end)
    }
}
