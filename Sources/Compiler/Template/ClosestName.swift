// "Did you mean": the known name that is nearest to a misspelt one.

/// The name among `candidates` that a typing error away could have become `name`; nil where none is near.
///
/// Nearness is the optimal string alignment distance without regard to case, at most a third of the name's length. Of
/// names equally near the first in the alphabet is taken, so that the order of a template does not matter.
func closestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
    var best: (distance: Int, name: String)?
    let limit = max(1, wanted.count / 3)
    // A stack has at most 500 resources and 200 parameters; looking at more would only take time.
    for candidate in candidates.prefix(1000) where candidate != name {
        // Most names of a large template are out already by their lengths.
        guard abs(candidate.utf8.count - name.utf8.count) <= limit * 4 else { continue }
        let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
        guard let distance = alignmentDistance(wanted, letters, upTo: limit) else { continue }
        if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// The same where it is so near that a fix-it may write it without asking: at most two typing errors away.
func certainName(to name: String, among candidates: some Sequence<String>) -> String? {
    guard let closest = closestName(to: name, among: candidates) else { return nil }
    let letters = [name, closest].map { Array($0.lowercased().unicodeScalars.prefix(64)) }
    return alignmentDistance(letters[0], letters[1], upTo: 2) == nil ? nil : closest
}

/// `; did you mean 'X'?` where there is a near name, else nothing: the end of a message.
func didYouMean(_ name: String, among candidates: some Sequence<String>) -> String {
    closestName(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
}

/// How many insertions, removals, replacements and swaps of neighbours part two texts; nil for more than `limit`.
private func alignmentDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], upTo limit: Int) -> Int? {
    guard abs(left.count - right.count) <= limit else { return nil }
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
