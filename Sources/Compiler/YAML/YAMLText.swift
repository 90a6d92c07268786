// The bytes of a file made fit for libyaml: checked, and JSON's own spellings rewritten.

internal import Diagnostics

extension SourcePosition {
    /// The place after a text in UTF-8: lines end with `\n`, `\r\n` or `\r`; what is no UTF-8 counts by bytes.
    init(in text: some Sequence<UInt8>) {
        self.init(line: 1, column: 1)
        var afterReturn = false
        for byte in text {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if !(byte == UInt8(ascii: "\n") && afterReturn) { line += 1 }
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            afterReturn = byte == UInt8(ascii: "\r")
        }
    }

    /// The place after one more byte.
    mutating func advance(over byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }
}

/// A text for libyaml, and the way back from its columns to those of the file.
struct YAMLText {
    /// The largest file that is read, in bytes.
    static let maximumBytes = 5_000_000

    /// How many `%TAG` directives may stand at the beginning; libyaml compares each with all before it.
    static let maximumDirectives = 64

    /// What libyaml reads.
    private(set) var bytes: [UInt8]
    /// By line, the columns in `bytes` behind which the file has `total` columns more.
    private var shifts: [Int: [(column: Int, total: Int)]] = [:]
    /// Where libyaml's lines begin in the file, where it sees more lines than editors do; else empty.
    private var lineStarts: [SourcePosition] = []

    /// Checks a file; where diagnostics say what makes it unfit, the result is nil.
    init?(_ bytes: [UInt8], file: String, into diagnostics: inout DiagnosticCollector) {
        self.bytes = bytes
        if let fault = Self.fault(in: bytes, file: file) {
            diagnostics.emit(fault)
            return nil
        }
        if let first = bytes.dropFirst(Self.markLength(bytes)).firstIndex(where: { !Self.isBlank($0) }),
            bytes[first] == UInt8(ascii: "{") || bytes[first] == UInt8(ascii: "[")
        {
            adaptJSON(from: first)
        }
        findLines()
    }

    /// The place in the file of a place in `bytes`.
    func original(_ position: SourcePosition) -> SourcePosition {
        if lineStarts.indices.contains(position.line - 1) {
            let start = lineStarts[position.line - 1]
            return SourcePosition(line: start.line, column: start.column + position.column - 1)
        }
        guard let shifts = shifts[position.line] else { return position }
        var low = 0
        var high = shifts.count
        while low < high {
            let middle = (low + high) / 2
            if shifts[middle].column < position.column { low = middle + 1 } else { high = middle }
        }
        let total = low == 0 ? 0 : shifts[low - 1].total
        return SourcePosition(line: position.line, column: position.column + total)
    }

    /// How long a byte order mark at the beginning is; libyaml does not count it as a column.
    private static func markLength(_ bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    private static func fault(in bytes: [UInt8], file: String) -> Diagnostic? {
        let start = Span(startOf: file)
        if bytes.count > maximumBytes {
            return Diagnostic(.yamlTooLarge, "the file is larger than \(maximumBytes / 1_000_000) MB", at: start)
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            return Diagnostic(.yamlEncoding, "the file is in UTF-16; save it as UTF-8", at: start)
        }
        if let zero = bytes.firstIndex(of: 0) {
            let place = Span(file: file, at: SourcePosition(in: bytes[..<zero]))
            return Diagnostic(.yamlEncoding, "the file is binary or in UTF-16: a zero byte stands here", at: place)
        }
        guard String(validating: bytes, as: UTF8.self) == nil else {
            guard directives(bytes) > maximumDirectives else { return nil }
            return Diagnostic(.yamlSyntax, "the file begins with more than \(maximumDirectives) directives", at: start)
        }
        let offset = firstInvalidByte(bytes)
        let place = Span(file: file, at: SourcePosition(in: bytes[..<offset]))
        let byte = "0x" + String(bytes[offset], radix: 16, uppercase: true)
        return Diagnostic(.yamlEncoding, "the byte \(byte) is not valid UTF-8 here; save the file as UTF-8", at: place)
    }

    /// The lines with a percent sign before the first that is neither blank nor a comment.
    private static func directives(_ bytes: [UInt8]) -> Int {
        guard bytes.contains(UInt8(ascii: "%")) else { return 0 }
        var count = 0
        var isLineStart = true
        var isSkipping = false
        for byte in bytes.dropFirst(markLength(bytes)) {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                (isLineStart, isSkipping) = (true, false)
            } else if !isSkipping, !isBlank(byte) {
                guard byte == UInt8(ascii: "#") || (byte == UInt8(ascii: "%") && isLineStart) else { return count }
                if byte == UInt8(ascii: "%") { count += 1 }
                isSkipping = true
            } else {
                isLineStart = false
            }
        }
        return count
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
        var iterator = bytes.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        var offset = 0
        while case .valid(let character) = parser.parseScalar(from: &iterator) { offset += character.count }
        return min(offset, bytes.count - 1)
    }

    /// YAML 1.1 ends lines at U+0085, U+2028 and U+2029 too (section 4.2), which editors show within a line.
    private mutating func findLines() {
        let separators: Set<Unicode.Scalar> = ["\u{85}", "\u{2028}", "\u{2029}"]
        guard bytes.contains(0xC2) || bytes.contains(0xE2) else { return }
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
        guard text.contains(where: separators.contains) else { return }
        var place = SourcePosition(line: 1, column: 1)
        lineStarts = [place]
        var last: Unicode.Scalar = " "
        for scalar in text.first == "\u{FEFF}" ? text.dropFirst() : text[...] {
            if scalar == "\n", last == "\r" {
                // One end of line in two characters: the line began behind the first.
            } else if scalar == "\n" || scalar == "\r" {
                place = SourcePosition(line: place.line + 1, column: 1)
                lineStarts.append(place)
            } else {
                place.column += 1
                if separators.contains(scalar) { lineStarts.append(place) }
            }
            last = scalar
        }
    }

    /// JSON may indent with tabs around its one value, escapes a character as a surrogate pair, and has characters in
    /// its texts that YAML refuses or takes for the end of a line.
    private mutating func adaptJSON(from first: Int) {
        for index in bytes[..<first].indices where bytes[index] == UInt8(ascii: "\t") {
            bytes[index] = UInt8(ascii: " ")
        }
        for index in bytes.indices.reversed() {
            guard Self.isBlank(bytes[index]) else { break }
            if bytes[index] == UInt8(ascii: "\t") { bytes[index] = UInt8(ascii: " ") }
        }
        guard bytes.contains(where: { $0 == UInt8(ascii: "\\") || $0 >= 0x7F }) else { return }
        var index = Self.markLength(bytes)
        var adapted = Array(bytes[..<index])
        adapted.reserveCapacity(bytes.count)
        var inString = false
        var isEscaped = false
        var place = SourcePosition(line: 1, column: 1)
        while index < bytes.count {
            if inString, !isEscaped, let (spelling, length, columns) = yamlSpelling(at: index) {
                adapted += Array(spelling.utf8)
                let total = (shifts[place.line]?.last?.total ?? 0) + columns - spelling.utf8.count
                shifts[place.line, default: []].append((place.column, total))
                place.column += spelling.utf8.count
                index += length
                continue
            }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\""), !isEscaped { inString.toggle() }
            isEscaped = inString && !isEscaped && byte == UInt8(ascii: "\\")
            if byte == UInt8(ascii: "\n") {
                place = SourcePosition(line: place.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
            adapted.append(byte)
            index += 1
        }
        bytes = adapted
    }

    /// How YAML spells what stands at an offset, and how many bytes and columns that takes; nil where it is the same.
    private func yamlSpelling(at index: Int) -> (spelling: String, length: Int, columns: Int)? {
        if bytes[index] == UInt8(ascii: "\\") {
            guard let high = escape(at: index), 0xD800..<0xDC00 ~= high,
                let low = escape(at: index + 6), 0xDC00..<0xE000 ~= low
            else { return nil }
            return (Self.escaped(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)), 12, 12)
        }
        guard bytes[index] >= 0x7F else { return nil }
        var iterator = bytes[index...].makeIterator()
        var decoder = Unicode.UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        switch scalar.value {
        case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
            return (Self.escaped(scalar.value), String(scalar).utf8.count, 1)
        default: return nil
        }
    }

    private static func escaped(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private func escape(at index: Int) -> UInt32? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var number: UInt32 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            number = number << 4 | UInt32(digit)
        }
        return number
    }
}
