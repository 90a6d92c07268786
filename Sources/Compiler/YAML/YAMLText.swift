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

    /// What libyaml reads.
    private(set) var bytes: [UInt8]
    /// By line, the columns in `bytes` behind which the file has `shift` columns more.
    private var shifts: [Int: [Int]] = [:]
    /// `\uD83D\uDE00` has two characters more than `\U0001F600`.
    private static let shift = 2

    /// Checks a file; where diagnostics say what makes it unfit, the result is nil.
    init?(_ bytes: [UInt8], file: String, into diagnostics: inout DiagnosticCollector) {
        self.bytes = bytes
        if let fault = Self.fault(in: bytes, file: file) {
            diagnostics.emit(fault)
            return nil
        }
        if let first = bytes.firstIndex(where: { !Self.isBlank($0) }),
            bytes[first] == UInt8(ascii: "{") || bytes[first] == UInt8(ascii: "[")
        {
            adaptJSON(from: first)
        }
    }

    /// The place in the file of a place in `bytes`.
    func original(_ position: SourcePosition) -> SourcePosition {
        guard let columns = shifts[position.line] else { return position }
        var low = 0
        var high = columns.count
        while low < high {
            let middle = (low + high) / 2
            if columns[middle] < position.column { low = middle + 1 } else { high = middle }
        }
        return SourcePosition(line: position.line, column: position.column + low * Self.shift)
    }

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
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        let offset = firstInvalidByte(bytes)
        let place = Span(file: file, at: SourcePosition(in: bytes[..<offset]))
        let byte = "0x" + String(bytes[offset], radix: 16, uppercase: true)
        return Diagnostic(.yamlEncoding, "the byte \(byte) is not valid UTF-8 here; save the file as UTF-8", at: place)
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
        var iterator = bytes.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        var offset = 0
        while case .valid(let character) = parser.parseScalar(from: &iterator) { offset += character.count }
        return min(offset, bytes.count - 1)
    }

    /// JSON may indent with tabs around its one value and may escape a character as a surrogate pair; YAML may not.
    private mutating func adaptJSON(from first: Int) {
        for index in bytes[..<first].indices where bytes[index] == UInt8(ascii: "\t") {
            bytes[index] = UInt8(ascii: " ")
        }
        for index in bytes.indices.reversed() {
            guard Self.isBlank(bytes[index]) else { break }
            if bytes[index] == UInt8(ascii: "\t") { bytes[index] = UInt8(ascii: " ") }
        }
        guard bytes.contains(UInt8(ascii: "\\")) else { return }
        var adapted: [UInt8] = []
        adapted.reserveCapacity(bytes.count)
        var inString = false
        var isEscaped = false
        var place = SourcePosition(line: 1, column: 1)
        var index = 0
        while index < bytes.count {
            if inString, !isEscaped, let scalar = surrogatePair(at: index) {
                let digits = String(scalar, radix: 16, uppercase: true)
                adapted += Array("\\U\(String(repeating: "0", count: 8 - digits.count))\(digits)".utf8)
                shifts[place.line, default: []].append(place.column)
                place.column += 10
                index += 12
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

    private func surrogatePair(at index: Int) -> UInt32? {
        guard let high = escape(at: index), 0xD800..<0xDC00 ~= high,
            let low = escape(at: index + 6), 0xDC00..<0xE000 ~= low
        else { return nil }
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
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
