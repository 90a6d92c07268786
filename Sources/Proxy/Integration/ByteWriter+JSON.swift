// JSON text and base64, written straight from the bytes of a message.

internal import NIOCore

extension ByteWriter {
    /// Writes a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
    func write(jsonString text: UnsafeRawBufferPointer) {
        write(UInt8(ascii: "\""))
        writeEscaped(text)
        write(UInt8(ascii: "\""))
    }

    /// Writes the inside of a JSON string.
    ///
    /// - Parameters:
    ///   - text: what is within the quotes.
    ///   - isLogged: whether it goes to where terminals and readers of lines are: then the controls and the ends of lines
    ///     beyond ASCII are escaped, too, which JSON itself allows in strings.
    func writeEscaped(_ text: UnsafeRawBufferPointer, isLogged: Bool = false) {
        var start = 0
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
                position += 1
                continue
            }
            if byte >= 0x80 {
                let length = UTF8Sequence.length(in: text, at: position)
                if isLogged, let control = UTF8Sequence.control(in: text, at: position, length: length) {
                    if position > start { write(text.slice(start, position)) }
                    position += length
                    start = position
                    write("\\u")
                    write(hexadecimal: control, width: 4)
                    continue
                }
                if length > 0 {
                    position += length
                    continue
                }
            }
            if position > start { write(text.slice(start, position)) }
            position += 1
            start = position
            writeEscape(byte)
        }
        if position > start { write(text.slice(start, position)) }
    }

    private func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): write("\\\"")
        case UInt8(ascii: "\\"): write("\\\\")
        case 0x0A: write("\\n")
        case 0x0D: write("\\r")
        case 0x09: write("\\t")
        case 0x80...: write("\u{FFFD}")
        default:
            write("\\u00")
            write(hexadecimal: UInt64(byte), width: 2)
        }
    }

    /// Writes a JSON string of a text.
    func write(jsonString text: String) {
        var text = text
        text.withUTF8 { write(jsonString: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a JSON string of a text in lower case.
    func write(lowercasedJSONString text: UnsafeRawBufferPointer) {
        write(UInt8(ascii: "\""))
        for byte in text { write(byte.lowercased) }
        write(UInt8(ascii: "\""))
    }

    /// Writes a field name in title case, as HTTP APIs spell names: `X-Custom-Header`.
    func write(titleCased name: UnsafeRawBufferPointer) {
        var startsWord = true
        for byte in name {
            let lower = byte.lowercased
            write(startsWord && lower &- 97 < 26 ? lower & 0xDF : lower)
            startsWord = byte == UInt8(ascii: "-")
        }
    }

    /// Writes base64 (RFC 4648 section 4) with padding.
    func write(base64 bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            let available = min(3, bytes.count - position)
            var group: UInt32 = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < available ? UInt32(bytes[position + offset]) : 0)
            }
            for index in 0..<4 {
                let digit = UInt8(truncatingIfNeeded: (group >> UInt32(18 - index * 6)) & 63)
                write(index <= available ? Base64.character(digit, last: ("+", "/")) : UInt8(ascii: "="))
            }
            position += 3
        }
    }
}

/// Well-formed UTF-8 (Unicode, table 3-7).
enum UTF8Sequence {
    /// The length of the well-formed sequence of two or more bytes at a place; 0 where there is none.
    @inline(__always)
    static func length(in text: UnsafeRawBufferPointer, at position: Int) -> Int {
        let first = text[position]
        let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
        guard length > 0, position + length <= text.count else { return 0 }
        let second = text[position + 1]
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return 0 }
        for index in 2..<max(2, length) where text[position + index] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// The scalar of a sequence if it is a control (U+0080 to U+009F) or ends a line or paragraph (U+2028, U+2029).
    static func control(in text: UnsafeRawBufferPointer, at position: Int, length: Int) -> UInt64? {
        if length == 2, text[position] == 0xC2, text[position + 1] < 0xA0 { return UInt64(text[position + 1]) }
        guard length == 3, text[position] == 0xE2, text[position + 1] == 0x80, text[position + 2] & 0xFE == 0xA8 else {
            return nil
        }
        return 0x2000 + UInt64(text[position + 2] & 0x3F)
    }
}

/// The alphabet of base64, and contents that come in it.
enum Base64 {
    /// The character of six bits (RFC 4648 sections 4 and 5).
    ///
    /// - Parameters:
    ///   - value: 0 to 63.
    ///   - last: the characters of 62 and 63, in which the two alphabets differ.
    /// - Returns: a letter, a digit or one of `last`.
    @inline(__always)
    static func character(_ value: UInt8, last: (UnicodeScalar, UnicodeScalar)) -> UInt8 {
        switch value {
        case 0..<26: 65 + value
        case 26..<52: 71 + value
        case 52..<62: value &- 4
        case 62: UInt8(ascii: last.0)
        default: UInt8(ascii: last.1)
        }
    }

    /// Decodes; white space and missing padding are errors, as they are for the gateway.
    ///
    /// - Returns: nil for what is not base64.
    static func decode(_ text: UnsafeRawBufferPointer) -> ByteBuffer? {
        guard text.count % 4 == 0 else { return nil }
        var buffer = ByteBufferAllocator().buffer(capacity: text.count / 4 * 3)
        var position = 0
        while position < text.count {
            var group: UInt32 = 0
            var padding = 0
            for offset in 0..<4 {
                let byte = text[position + offset]
                if byte == UInt8(ascii: "="), position + 4 == text.count, offset >= 2 {
                    padding += 1
                    group <<= 6
                } else if padding == 0, let value = value(of: byte, last: ("+", "/")) {
                    group = group << 6 | UInt32(value)
                } else {
                    return nil
                }
            }
            for index in 0..<(3 - padding) {
                buffer.writeInteger(UInt8(truncatingIfNeeded: group >> UInt32(16 - index * 8)))
            }
            position += 4
        }
        return buffer
    }

    /// The six bits of a character.
    ///
    /// - Parameters:
    ///   - byte: the character.
    ///   - last: the characters of 62 and 63, in which the two alphabets differ.
    /// - Returns: 0 to 63; nil for a character that is not of the alphabet.
    @inline(__always)
    static func value(of byte: UInt8, last: (UnicodeScalar, UnicodeScalar)) -> UInt8? {
        switch byte {
        case 65...90: byte - 65
        case 97...122: byte - 71
        case 48...57: byte + 4
        case UInt8(ascii: last.0): 62
        case UInt8(ascii: last.1): 63
        default: nil
        }
    }
}
