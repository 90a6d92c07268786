// Percent-encoding: the one way into it.

extension ByteWriter {
    /// Writes `%` and two digits.
    func writePercentEncoded(_ byte: UInt8) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 55 }
        write(UInt8(ascii: "%"))
        write(digit(byte >> 4))
        write(digit(byte & 15))
    }

    /// Writes a value into a path: what could end a segment, or the path, is encoded (RFC 3986 section 3.3).
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - keepsSlashes: whether it may be several segments.
    func write(pathValue value: [UInt8], keepsSlashes: Bool) {
        for byte in value {
            let isPlain = byte.isUnreserved || "!$&'()*+,;=:@".utf8.contains(byte)
            if isPlain || (keepsSlashes && byte == UInt8(ascii: "/")) { write(byte) } else { writePercentEncoded(byte) }
        }
    }

    /// Writes a name or a value into a query: what could end it, or mean something else in a form, is encoded. It is
    /// also how signatures of version 4 encode.
    func write(queryValue value: some Sequence<UInt8>) {
        for byte in value { if byte.isUnreserved { write(byte) } else { writePercentEncoded(byte) } }
    }
}

extension UInt8 {
    /// A character that means itself everywhere in a URL (RFC 3986 section 2.3).
    var isUnreserved: Bool { isDigit || (self | 0x20) &- 97 < 26 || "-._~".utf8.contains(self) }
}
