// JSON read strictly from bytes in place: values are stretches of the text, nothing is built.

/// Walks over a JSON text (RFC 8259). Everything that it passes has been checked.
struct JSONScanner {
    /// Not JSON.
    struct Failure: Error {}

    /// What a value begins with.
    enum Kind { case object, array, string, number, boolean, null }

    let text: UnsafeRawBufferPointer
    private(set) var position = 0
    private static let maximumDepth = 128

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// Passes white space.
    @inline(__always)
    mutating func skipSpace() {
        while position < text.count {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// The byte at the position; 0, which no JSON has, at the end.
    @inline(__always)
    var byte: UInt8 { position < text.count ? text[position] : 0 }

    /// The kind of the value that comes next.
    mutating func kind() throws(Failure) -> Kind {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), 48...57: return .number
        default: throw Failure()
        }
    }

    /// Passes a byte.
    @inline(__always)
    mutating func expect(_ wanted: UInt8) throws(Failure) {
        guard byte == wanted else { throw Failure() }
        position += 1
    }

    /// Passes a value of any kind.
    ///
    /// - Returns: where it stands.
    @discardableResult
    mutating func skipValue(depth: Int = 0) throws(Failure) -> Range<Int> {
        guard depth < Self.maximumDepth else { throw Failure() }
        let kind = try kind()
        let start = position
        switch kind {
        case .object:
            try forEachMember { (scanner, _) throws(Failure) in try scanner.skipValue(depth: depth + 1) }
        case .array:
            try forEachElement { (scanner) throws(Failure) in try scanner.skipValue(depth: depth + 1) }
        case .string: try string()
        case .number: try number()
        case .boolean: try literal(byte == UInt8(ascii: "t") ? "true" : "false")
        case .null: try literal("null")
        }
        return start..<position
    }

    /// Makes sure that nothing but white space follows.
    mutating func finish() throws(Failure) {
        skipSpace()
        guard position == text.count else { throw Failure() }
    }

    /// Passes an object; `body` must pass each member's value.
    mutating func forEachMember(
        _ body: (inout JSONScanner, _ name: Range<Int>) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(UInt8(ascii: "{"))
        skipSpace()
        if byte == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            skipSpace()
            let name = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            try body(&self, name)
            skipSpace()
            if byte == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            return
        }
    }

    /// Passes an array; `body` must pass each element.
    mutating func forEachElement(_ body: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
        try expect(UInt8(ascii: "["))
        skipSpace()
        if byte == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            try body(&self)
            skipSpace()
            if byte == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            return
        }
    }

    /// Passes a string.
    ///
    /// - Returns: where its inside stands, still escaped.
    @discardableResult
    mutating func string() throws(Failure) -> Range<Int> {
        try expect(UInt8(ascii: "\""))
        let start = position
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<(position - 1)
            }
            guard byte >= 0x20 else { throw Failure() }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        throw Failure()
    }

    private mutating func escape() throws(Failure) {
        let kind = byte
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard byte.hexadecimalValue != nil else { throw Failure() }
                position += 1
            }
        default: throw Failure()
        }
    }

    private mutating func number() throws(Failure) {
        if byte == UInt8(ascii: "-") { position += 1 }
        if byte == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if byte == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(Failure) {
        guard byte.isDigit else { throw Failure() }
        while byte.isDigit { position += 1 }
    }

    private mutating func literal(_ word: StaticString) throws(Failure) {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count,
            text.slice(position, end).equals(
                UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            )
        else { throw Failure() }
        position = end
    }
}

extension ByteWriter {
    /// Writes what the inside of a JSON string means. A surrogate without its other half becomes U+FFFD.
    func write(unescaping text: UnsafeRawBufferPointer) {
        var start = 0
        while let backslash = text.firstIndex(of: UInt8(ascii: "\\"), from: start) {
            write(text.slice(start, backslash))
            start = backslash + 2
            switch text[backslash + 1] {
            case UInt8(ascii: "b"): write(0x08)
            case UInt8(ascii: "f"): write(0x0C)
            case UInt8(ascii: "n"): write(0x0A)
            case UInt8(ascii: "r"): write(0x0D)
            case UInt8(ascii: "t"): write(0x09)
            case UInt8(ascii: "u"): start = writeUnicodeEscape(text, at: backslash)
            case let character: write(character)
            }
        }
        write(text.slice(start, text.count))
    }

    private func writeUnicodeEscape(_ text: UnsafeRawBufferPointer, at backslash: Int) -> Int {
        func unit(_ place: Int) -> UInt32? {
            guard place + 6 <= text.count, text[place] == UInt8(ascii: "\\"), text[place + 1] == UInt8(ascii: "u")
            else { return nil }
            var value: UInt32 = 0
            for offset in 2..<6 { value = value << 4 | UInt32(text[place + offset].hexadecimalValue ?? 0) }
            return value
        }
        guard let first = unit(backslash) else { return backslash + 2 }
        var scalar = first
        var end = backslash + 6
        if first & 0xFC00 == 0xD800, let second = unit(end), second & 0xFC00 == 0xDC00 {
            scalar = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)
            end += 6
        }
        for byte in String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8 { write(byte) }
        return end
    }
}
