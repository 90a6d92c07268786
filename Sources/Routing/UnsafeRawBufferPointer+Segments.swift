// What of a path's bytes a search looks at.

internal import Glibc

extension UnsafeRawBufferPointer {
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

    /// Negative, zero or positive as this sorts before, with or after `other`, byte by byte.
    @inline(__always)
    func order(against other: UnsafeRawBufferPointer) -> Int {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return Int(self[index]) - Int(other[index])
        }
        return count - other.count
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit, nil for every other character.
    @inline(__always)
    var hexadecimalValue: UInt8? {
        if self &- 48 < 10 { return self &- 48 }
        let lower = self | 0x20
        return lower &- 97 < 6 ? lower &- 87 : nil
    }
}
