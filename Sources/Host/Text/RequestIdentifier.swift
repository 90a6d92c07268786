// The ids of requests: random UUIDs in lower case, and X-Ray's trace ids.

internal import Glibc

enum RequestIdentifier {
    /// A random UUID (RFC 9562, version 4).
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = (generator.next() & ~0xF000) | 0x4000
        let low = (generator.next() & ~(0xC000 << 48)) | (0x8000 << 48)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for shift in stride(from: 124, through: 0, by: -4) {
                if position == 8 || position == 13 || position == 18 || position == 23 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let nibble = UInt8((shift >= 64 ? high >> (shift - 64) : low >> shift) & 0xF)
                buffer[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
                position += 1
            }
            return position
        }
    }

    /// A trace header with a new root (X-Ray developer guide, "Tracing header").
    static func makeTrace() -> String {
        var generator = SystemRandomNumberGenerator()
        let seconds = hexadecimal(UInt64(time(nil)), digits: 8)
        let root = hexadecimal(generator.next() & 0xFFFF_FFFF, digits: 8) + hexadecimal(generator.next(), digits: 16)
        return "Root=1-\(seconds)-\(root);Parent=\(hexadecimal(generator.next(), digits: 16));Sampled=0"
    }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
}
