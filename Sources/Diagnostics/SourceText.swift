// The bytes of a file, found again by line and column.

/// A text in UTF-8 whose places lead to bytes.
package struct SourceText: Sendable {
    /// How many characters part the marks that are remembered within a line.
    private static let stride = 128

    package let bytes: [UInt8]
    /// The offset at which each line begins.
    private var lineStarts: [Int]
    /// By line, the offsets of every `stride`th character.
    private var marks: [Int: [Int]] = [:]

    /// Fails where the text is no UTF-8, or where a carriage return ends a line by itself: readers differ in whether one
    /// does, so no place in such a text is certain.
    ///
    /// - Parameter bytes: the text.
    package init?(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        self.bytes = bytes
        lineStarts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                lineStarts.append(offset + 1)
            } else if byte == UInt8(ascii: "\r") {
                guard offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\n") else { return nil }
            }
        }
    }

    /// The offset of a place; nil where there is none. The end of a line is one, what stands behind it is none.
    package mutating func offset(of position: SourcePosition) -> Int? {
        guard lineStarts.indices.contains(position.line - 1), position.column >= 1 else { return nil }
        let marks = marks(of: position.line)
        let index = (position.column - 1) / Self.stride
        guard marks.indices.contains(index) else { return nil }
        var offset = marks[index]
        for _ in 0..<(position.column - 1) % Self.stride {
            guard let next = next(offset) else { return nil }
            offset = next
        }
        return offset
    }

    /// The offsets that a span covers; nil where it is none of this text.
    package mutating func range(of span: Span) -> Range<Int>? {
        guard let start = offset(of: span.start), let end = offset(of: span.end), start <= end else { return nil }
        return start..<end
    }

    private mutating func marks(of line: Int) -> [Int] {
        if let known = marks[line] { return known }
        var offset = lineStarts[line - 1]
        var found = [offset]
        var count = 0
        while let next = next(offset) {
            offset = next
            count += 1
            if count % Self.stride == 0 { found.append(offset) }
        }
        marks[line] = found
        return found
    }

    /// The offset of the next character of the line; nil at its end.
    private func next(_ offset: Int) -> Int? {
        guard offset < bytes.count, bytes[offset] != UInt8(ascii: "\n"), bytes[offset] != UInt8(ascii: "\r") else {
            return nil
        }
        var next = offset + 1
        while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}

extension [Diagnostic] {
    /// The same, with replacements of texts in quotes put into the same quotes: a key of a JSON file needs them.
    package func keepingQuotes(in texts: [String: String]) -> [Diagnostic] {
        guard contains(where: { !$0.fixIts.isEmpty }) else { return self }
        var sources: [String: SourceText] = [:]
        return map { diagnostic in
            guard !diagnostic.fixIts.isEmpty else { return diagnostic }
            var diagnostic = diagnostic
            diagnostic.fixIts = diagnostic.fixIts.map { fixIt in
                let file = fixIt.span.file
                if sources[file] == nil { sources[file] = texts[file].flatMap { SourceText([UInt8]($0.utf8)) } }
                guard let range = sources[file]?.range(of: fixIt.span), let bytes = sources[file]?.bytes[range] else {
                    return fixIt
                }
                return fixIt.keepingQuotes(of: bytes)
            }
            return diagnostic
        }
    }
}

extension Diagnostic.FixIt {
    fileprivate func keepingQuotes(of bytes: ArraySlice<UInt8>) -> Self {
        let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
        guard bytes.count >= 2, let quote = bytes.first, quotes.contains(quote), bytes.last == quote else {
            return self
        }
        // What brings quotes of its own, or is a list or a mapping, stands for itself.
        let own = quotes + "[{".utf8
        guard let first = replacement.utf8.first, !own.contains(first), !replacement.utf8.contains(quote) else {
            return self
        }
        let mark = String(UnicodeScalar(quote))
        return Self(message, at: span, replacement: mark + replacement + mark)
    }
}
