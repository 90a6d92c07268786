// Ranges of addresses (CIDR), of both versions of IP.

internal import Glibc

/// A range of addresses (RFC 4632, RFC 4291 section 2.3): `203.0.113.0/24`, `2001:db8::/32`, or one address.
struct AddressRange: Sendable, Hashable {
    private let prefix: [UInt8]
    /// How many bits count.
    private let bits: Int

    /// - Returns: nil for what is no range.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Self.bytes(String(parts[0])) else { return nil }
        var bits = address.count * 8
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(\.isDigit),
                let number = Int(parts[1]), number <= bits
            else { return nil }
            bits = number
        }
        let mapped = Self.unmapped(address)
        // A mapped range that is shorter than the mapping itself stays one of version 6.
        if mapped.count != address.count, bits >= 96 {
            (prefix, self.bits) = (mapped, bits - 96)
        } else {
            (prefix, self.bits) = (address, bits)
        }
    }

    /// Whether an address, as `address(_:)` gives it, is one of the range.
    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == prefix.count else { return false }
        let whole = bits / 8
        guard address[..<whole] == prefix[..<whole] else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return address[whole] & mask == prefix[whole] & mask
    }

    /// The bytes of an address: four, or sixteen. One of version 4 that is written as one of version 6
    /// (`::ffff:192.0.2.1`) is one of version 4.
    static func address(_ text: String) -> [UInt8]? { bytes(text).map { unmapped($0) } }

    private static func bytes(_ text: String) -> [UInt8]? {
        // Neither family has longer texts, and a zero byte would end the text early.
        guard text.utf8.count < 46, !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    private static func unmapped(_ address: [UInt8]) -> [UInt8] {
        let mapping: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return address.starts(with: mapping) ? Array(address[12...]) : address
    }
}
