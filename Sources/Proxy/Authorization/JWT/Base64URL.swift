// Base64url without padding, as tokens have it.

/// The coding of the parts of a token (RFC 4648 section 5, RFC 7515 section 2).
enum Base64URL {
    /// What a text spells; nil for one that is not canonical: padding, other characters, bits that say nothing.
    ///
    /// Only one text spells some bytes, so that a token cannot be changed without its bytes changing too.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            guard let value = Base64.value(of: character, last: ("-", "_")) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        guard bits & (1 << UInt32(count) - 1) == 0 else { return nil }
        return bytes
    }
}
