// "Did you mean": the known name that is nearest to a misspelt one.

/// The name among `candidates` that a typing error away could have become `name`; nil where none is near.
///
/// Nearness is the optimal string alignment distance without regard to case, at most a third of the name's length. Of
/// names equally near the first in the alphabet is taken, so that the order of a template does not matter.
func closestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Letters(name)
    var best: (distance: Int, name: String)?
    let limit = max(1, wanted.scalars.count / 3)
    // A stack has at most 500 resources and 200 parameters; looking at more would only take time.
    for candidate in candidates.prefix(1000) where candidate != name {
        // Most names of a large template are out already by their lengths, most of the others by their letters.
        guard abs(candidate.utf8.count - name.utf8.count) <= limit * 4 else { continue }
        let letters = Letters(candidate)
        guard wanted.mayBeNear(letters, limit: limit) else { continue }
        guard let distance = alignmentDistance(wanted.scalars, letters.scalars, upTo: limit) else { continue }
        if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// The beginning of a name without regard to case, and which letters are in it.
private struct Letters {
    private(set) var scalars: [Unicode.Scalar] = []
    /// Letters that share a bit make names seem nearer than they are, never farther.
    private var bits: UInt64 = 0

    init(_ name: String) {
        scalars.reserveCapacity(min(64, name.utf8.count))
        for scalar in name.utf8.allSatisfy({ $0 < 0x80 }) ? name.unicodeScalars : name.lowercased().unicodeScalars {
            guard scalars.count < 64 else { break }
            let isCapital = scalar >= "A" && scalar <= "Z"
            let letter = isCapital ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
            scalars.append(letter)
            bits |= 1 << UInt64(letter.value & 63)
        }
    }

    /// Whether edits up to a limit could do: each brings in at most one letter, and takes away at most one.
    func mayBeNear(_ other: Letters, limit: Int) -> Bool {
        max((bits & ~other.bits).nonzeroBitCount, (other.bits & ~bits).nonzeroBitCount) <= limit
    }
}

/// The same where it is so near that a fix-it may write it without asking: at most two typing errors away.
func certainName(to name: String, among candidates: some Sequence<String>) -> String? {
    guard let closest = closestName(to: name, among: candidates) else { return nil }
    let letters = [name, closest].map { Letters($0).scalars }
    return alignmentDistance(letters[0], letters[1], upTo: 2) == nil ? nil : closest
}

/// `; did you mean 'X'?` where there is a near name, else nothing: the end of a message.
package func didYouMean(_ name: String, among candidates: some Sequence<String>) -> String {
    closestName(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
}

/// How many insertions, removals, replacements and swaps of neighbours part two texts; nil for more than `limit`.
private func alignmentDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar], upTo limit: Int) -> Int? {
    guard abs(first.count - second.count) <= limit else { return nil }
    // What they begin and end with alike costs nothing, and is most of names that are near.
    let shorter = min(first.count, second.count)
    var start = 0
    while start < shorter, first[start] == second[start] { start += 1 }
    var end = 0
    while end < shorter - start, first[first.count - 1 - end] == second[second.count - 1 - end] { end += 1 }
    let left = Array(first[start..<(first.count - end)])
    let right = Array(second[start..<(second.count - end)])
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, leftScalar) in left.enumerated() {
        var current = [row + 1]
        for (column, rightScalar) in right.enumerated() {
            var cost = min(previous[column + 1] + 1, current[column] + 1)
            cost = min(cost, previous[column] + (leftScalar == rightScalar ? 0 : 1))
            let isSwap =
                row > 0 && column > 0 && leftScalar == right[column - 1] && left[row - 1] == rightScalar
            if isSwap { cost = min(cost, beforePrevious[column - 1] + 1) }
            current.append(cost)
        }
        // A swap reaches back two rows, so one row alone above the limit decides nothing.
        guard min(current.min() ?? 0, previous.min() ?? 0) <= limit else { return nil }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count] <= limit ? previous[right.count] : nil
}
