// What differs between two texts, line by line, in the unified format that people read and `patch` applies.

/// The difference of two texts.
package enum LineDifference {
    /// How many equal lines surround a change.
    private static let context = 3

    private enum Step {
        case same(Substring)
        case removed(Substring)
        case inserted(Substring)
    }

    /// The difference in the unified format; empty where the texts are equal.
    ///
    /// - Parameters:
    ///   - old: the text before.
    ///   - new: the text after.
    ///   - names: what the two are called in the heading.
    /// - Returns: the heading and the hunks, each line with its line feed.
    package static func unified(_ old: String, _ new: String, names: (old: String, new: String)) -> String {
        guard old != new else { return "" }
        let steps = steps(lines(old), lines(new))
        var output = "--- \(names.old)\n+++ \(names.new)\n"
        for range in hunks(steps) { output += hunk(steps, range) }
        return output
    }

    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true {
            lines.removeLast()
        } else {
            lines[lines.count - 1] += "\n\\ No newline at end of file"
        }
        return lines
    }

    private static func steps(_ old: [Substring], _ new: [Substring]) -> [Step] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var steps: [Step] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if removed.contains(oldIndex) {
                steps.append(.removed(old[oldIndex]))
                oldIndex += 1
            } else if inserted.contains(newIndex) {
                steps.append(.inserted(new[newIndex]))
                newIndex += 1
            } else {
                steps.append(.same(new[newIndex]))
                oldIndex += 1
                newIndex += 1
            }
        }
        return steps
    }

    /// The stretches of steps that belong together: changes with their context, overlapping ones joined.
    private static func hunks(_ steps: [Step]) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for (index, step) in steps.enumerated() {
            if case .same = step { continue }
            let range = max(0, index - context)..<min(steps.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return hunks
    }

    private static func hunk(_ steps: [Step], _ range: Range<Int>) -> String {
        var old = (before: 0, count: 0)
        var new = (before: 0, count: 0)
        var body = ""
        for (index, step) in steps[..<range.upperBound].enumerated() {
            let isInside = index >= range.lowerBound
            switch step {
            case .same(let line):
                if isInside { body += " \(line)\n" }
                count(&old, isInside)
                count(&new, isInside)
            case .removed(let line):
                if isInside { body += "-\(line)\n" }
                count(&old, isInside)
            case .inserted(let line):
                if isInside { body += "+\(line)\n" }
                count(&new, isInside)
            }
        }
        return "@@ -\(place(old)) +\(place(new)) @@\n" + body
    }

    private static func count(_ side: inout (before: Int, count: Int), _ isInside: Bool) {
        if isInside { side.count += 1 } else { side.before += 1 }
    }

    private static func place(_ side: (before: Int, count: Int)) -> String {
        let first = side.count == 0 ? side.before : side.before + 1
        return side.count == 1 ? "\(first)" : "\(first),\(side.count)"
    }
}
