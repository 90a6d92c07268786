// Characters as HTTP/1.1 classes them, and comparisons of ASCII text without regard to case.

internal import Glibc

extension UInt8 {
    /// A character of a token (RFC 9110 section 5.6.2).
    @inline(__always)
    var isTokenCharacter: Bool {
        // One bit a character: `!#$%&'*+-.^_`|~`, digits, letters.
        let mask: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return self < 128 && (mask >> UInt64(self & 63)) & 1 == 1
    }

    /// A character that may stand in a field value (RFC 9110 section 5.5): visible, space, tab, obs-text.
    @inline(__always)
    var isFieldValueCharacter: Bool { (self >= 0x20 && self != 0x7F) || self == 0x09 }

    @inline(__always)
    var isDigit: Bool { self &- 48 < 10 }

    /// The value of a hexadecimal digit, nil for every other character.
    @inline(__always)
    var hexadecimalValue: UInt8? {
        if self &- 48 < 10 { return self &- 48 }
        let lower = self | 0x20
        return lower &- 97 < 6 ? lower &- 87 : nil
    }

    @inline(__always)
    var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
}

extension UnsafeRawBufferPointer {
    /// Whether this is `text`, which is in lower case, without regard to case.
    @inline(__always)
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = text.utf8Start
        for index in 0..<count where self[index].lowercased != other[index] { return false }
        return true
    }

    /// Whether this and `other` are the same without regard to case.
    @inline(__always)
    func equalsIgnoringCase(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index].lowercased != other[index].lowercased { return false }
        return true
    }

    /// Whether this begins with `text`, which is in lower case, without regard to case.
    @inline(__always)
    func hasPrefixIgnoringCase(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return UnsafeRawBufferPointer(rebasing: self[..<text.utf8CodeUnitCount]).equalsIgnoringCase(text)
    }

    /// Whether this is `other`, byte for byte.
    @inline(__always)
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
        return memcmp(start, otherStart, count) == 0
    }

    /// Where a byte first stands at or after `start`.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count, let base = baseAddress else { return nil }
        guard let found = memchr(base + start, Int32(byte), count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// The part from `start` up to, but not including, `end`.
    @inline(__always)
    func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Without the spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
    var trimmed: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return slice(start, end)
    }

    /// The elements of a comma-separated list, trimmed; empty ones are left out (RFC 9110 section 5.6.1).
    func forEachListElement(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while start <= count {
            let end = firstIndex(of: UInt8(ascii: ","), from: start) ?? count
            let element = slice(start, end).trimmed
            if !element.isEmpty { body(element) }
            start = end + 1
        }
    }

    /// The number that the bytes spell: digits only, at most 18 of them; nil for anything else.
    @inline(__always)
    var decimalValue: Int? {
        guard !isEmpty, count <= 18 else { return nil }
        var value = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte &- 48)
        }
        return value
    }
}
