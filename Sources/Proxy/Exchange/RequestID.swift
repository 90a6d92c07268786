// The ids of a request in the two spellings that API Gateway has for them.

/// 128 random bits, and another 88 for the id that is shown beside them.
struct RequestID: Sendable, Equatable {
    private let high: UInt64
    private let low: UInt64
    private let extended: (UInt64, UInt32)

    /// A new id.
    init(using generator: inout FastRandom) {
        high = generator.next() & ~0xF000 | 0x4000
        low = generator.next() & ~(0b11 << 62) | 0b10 << 62
        extended = (generator.next(), UInt32(truncatingIfNeeded: generator.next()))
    }

    /// The id that a client has sent as a UUID; nil for anything else.
    init?(uuid text: UnsafeRawBufferPointer) {
        guard text.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (index, byte) in text.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = byte.hexadecimalValue else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(digit)
            } else {
                halves.1 = halves.1 << 4 | UInt64(digit)
            }
            digits += 1
        }
        (high, low) = halves
        extended = (high ^ low, UInt32(truncatingIfNeeded: low))
    }

    static func == (left: RequestID, right: RequestID) -> Bool { left.high == right.high && left.low == right.low }

    /// `c6af9ac6-7b61-11e6-9a41-93e8deadbeef`.
    @inline(__always)
    func withUUID<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 36, alignment: 1) { text in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: (half >> UInt64(60 - (index & 15) * 4)) & 0xF)
                text[position] = digit < 10 ? 48 + digit : 87 + digit
                position += 1
            }
            return body(UnsafeRawBufferPointer(text))
        }
    }

    /// `JCIn_HvOvHcEdIQ=`: fifteen characters and an equals sign.
    @inline(__always)
    func withExtendedID<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { text in
            for index in 0..<15 {
                let bits = index < 10 ? extended.0 >> UInt64(index * 6) : UInt64(extended.1) >> UInt64((index - 10) * 6)
                text[index] = Base64.character(UInt8(truncatingIfNeeded: bits & 63), last: ("-", "_"))
            }
            text[15] = UInt8(ascii: "=")
            return body(UnsafeRawBufferPointer(text))
        }
    }

    /// The root of a trace: `1-5759e988-bd862e3fe1be46a994272793`.
    func writeTraceRoot(seconds: Int, to writer: ByteWriter) {
        writer.write("1-")
        writer.write(hexadecimal: UInt64(seconds) & 0xFFFF_FFFF, width: 8)
        writer.write("-")
        writer.write(hexadecimal: high & 0xFFFF_FFFF, width: 8)
        writer.write(hexadecimal: low, width: 16)
    }

    /// What a response says of a trace behind its root: who took part last, and that nothing was sampled.
    func writeTraceEnd(to writer: ByteWriter) {
        writer.write(";Parent=")
        writer.write(hexadecimal: extended.0, width: 16)
        writer.write(";Sampled=0;Lineage=1:")
        writer.write(hexadecimal: UInt64(extended.1), width: 8)
        writer.write(":0")
    }
}

/// Random numbers that need to be different, not secret: xoshiro256** (Blackman and Vigna), seeded by the system.
struct FastRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init() {
        var system = SystemRandomNumberGenerator()
        state = (system.next(), system.next(), system.next(), system.next() | 1)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        let rotated = state.1 &* 5
        let result = (rotated << 7 | rotated >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }
}
