// A line of a file as a terminal shows it: the columns of its characters, and nothing that steers the terminal.

/// A line with its tabs expanded and its control characters made visible.
struct DisplayLine {
    /// How many columns a tab reaches to.
    private static let tabWidth = 4

    private var pieces: [String] = []
    /// The display column, from 0, at which each Unicode scalar of the line begins, and the one after the last.
    private var columns: [Int] = [0]

    init(_ text: some StringProtocol) {
        for scalar in text.unicodeScalars {
            let column = columns[columns.count - 1]
            let piece: String
            let width: Int
            if scalar == "\t" {
                width = Self.tabWidth - column % Self.tabWidth
                piece = String(repeating: " ", count: width)
            } else if let name = scalar.visibleName {
                (piece, width) = (name, name.utf8.count)
            } else {
                (piece, width) = (String(scalar), scalar.displayWidth)
            }
            pieces.append(piece)
            columns.append(column + width)
        }
    }

    /// How many columns the line takes.
    var width: Int { columns[columns.count - 1] }

    /// The display column, from 0, of a column of the text, from 1; behind the line it goes on by ones.
    func displayColumn(_ column: Int) -> Int {
        let index = max(0, column - 1)
        return index < columns.count ? columns[index] : width + index - (columns.count - 1)
    }

    /// The part of the line that fits into `limit` columns around `focus`, cut ends marked with `…`.
    ///
    /// - Returns: the text, and by how much what stands in it has moved to the left.
    func window(around focus: Int, limit: Int) -> (text: String, offset: Int) {
        guard width > limit else { return (pieces.joined(), 0) }
        let wish = max(0, min(focus - limit / 3, width - limit))
        let first = index(reaching: wish)
        let start = columns[first]
        var end = first
        while end < pieces.count, columns[end + 1] - start <= limit { end += 1 }
        let text = (start > 0 ? "…" : "") + pieces[first..<end].joined() + (end < pieces.count ? "…" : "")
        return (text, start > 0 ? start - 1 : 0)
    }
}

extension DisplayLine {
    /// The first scalar that begins at a display column or behind it, by halving.
    private func index(reaching column: Int) -> Int {
        var low = 0
        var high = columns.count - 1
        while low < high {
            let middle = (low + high) / 2
            if columns[middle] < column { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Unicode.Scalar {
    /// How a terminal is told of a character that it would obey or hide: `<U+001B>`; nil for every other.
    fileprivate var visibleName: String? {
        // Most are of printable ASCII, for which no table need be asked.
        if (0x20..<0x7F).contains(value) { return nil }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: break
        // Marks of direction reorder what a person reads; those that join letters and emoji are harmless.
        case .format where self != "\u{200D}" && self != "\u{200C}" && self != "\u{AD}": break
        default: return nil
        }
        let digits = String(value, radix: 16, uppercase: true)
        return "<U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)>"
    }

    /// The columns that terminals give it (Unicode Standard Annex 11, by blocks).
    fileprivate var displayWidth: Int {
        if (0x20..<0x7F).contains(value) { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}

extension String {
    /// The text with every character that a terminal would obey made visible.
    package var visible: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return unicodeScalars.contains { $0.visibleName != nil }
            ? unicodeScalars.reduce(into: "") { $0 += $1.visibleName ?? String($1) } : self
    }
}
