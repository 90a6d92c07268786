// Comparisons of secrets.

/// Comparisons whose time does not tell where two secrets differ.
enum ConstantTime {
    /// Whether two texts are the same; the time depends on their lengths only.
    static func equals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
