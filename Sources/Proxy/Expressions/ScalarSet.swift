// The characters that one place of a pattern takes.

/// A set of Unicode scalars: ranges, or everything but them.
struct ScalarSet: Sendable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var isNegated = false
    /// One bit for each of the first 128, which is what nearly every text is made of.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ ranges: [ClosedRange<UInt32>] = [], isNegated: Bool = false) {
        for range in ranges { insert(range) }
        self.isNegated = isNegated
    }

    init(_ scalar: UInt32) { self.init([scalar...scalar]) }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        ranges.append(range)
        guard range.lowerBound < 128 else { return }
        for scalar in range.lowerBound...min(range.upperBound, 127) {
            if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
        }
    }

    mutating func formUnion(_ other: ScalarSet) {
        guard other.isNegated else {
            for range in other.ranges { insert(range) }
            return
        }
        var next: UInt32 = 0
        for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { insert(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { insert(next...0x10FFFF) }
    }

    /// Everything else.
    var inverted: ScalarSet {
        var copy = self
        copy.isNegated.toggle()
        return copy
    }

    /// The set with the other case of each of its ASCII letters.
    var ignoringCase: ScalarSet {
        var copy = self
        for letter in UInt32(65)...90 where has(letter) || has(letter + 32) {
            copy.insert(letter...letter)
            copy.insert((letter + 32)...(letter + 32))
        }
        return copy
    }

    /// The scalar of a set of one; nil for every other set.
    var onlyScalar: UInt32? {
        guard !isNegated, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    @inline(__always)
    private func has(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return high >> UInt64(scalar - 64) & 1 == 1 }
        return ranges.contains { $0.contains(scalar) }
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool { has(scalar) != isNegated }

    static let digits = ScalarSet([48...57])
    static let words = ScalarSet([48...57, 65...90, 95...95, 97...122])
    static let spaces = ScalarSet([9...13, 32...32])
    /// What `.` takes: everything but the ends of lines.
    static let inLine = ScalarSet([10...10, 13...13, 0x85...0x85, 0x2028...0x2029], isNegated: true)
    static let everything = ScalarSet([], isNegated: true)
}
