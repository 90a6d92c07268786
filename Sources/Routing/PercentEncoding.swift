// Percent-encoding: the one way out of it, and the way into it for texts.

/// Percent-encoding (RFC 3986 section 2.1) and the form encoding of queries.
package enum PercentEncoding {
    /// Encodes the bytes that may not stand as they are, which `isPlain` decides.
    package static func encode(_ bytes: some Sequence<UInt8>, _ isPlain: (UInt8) -> Bool) -> String {
        bytes.reduce(into: "") { text, byte in
            if isPlain(byte) { return text.unicodeScalars.append(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
    }

    /// Decodes; a `%` without two hexadecimal digits stays as it is.
    package static func decode(_ text: UnsafeRawBufferPointer, plusIsSpace: Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: text.count) { decoded, count in
            var position = 0
            while position < text.count {
                let byte = text[position]
                if byte == UInt8(ascii: "%"), position + 2 < text.count,
                    let high = text[position + 1].hexadecimalValue, let low = text[position + 2].hexadecimalValue
                {
                    decoded[count] = high << 4 | low
                    position += 3
                } else {
                    decoded[count] = plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte
                    position += 1
                }
                count += 1
            }
        }
    }
}
