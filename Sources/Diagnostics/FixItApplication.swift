// Fix-its carried out: which of them go together, and the text that comes of them.

/// Applies the fix-its of diagnostics to texts, never such that a text becomes worse than it was.
package enum FixItApplication {
    /// One fix-it that was carried out.
    package struct Step: Hashable, Sendable {
        package let code: DiagnosticCode
        package let fixIt: Diagnostic.FixIt
    }

    /// What came of a text.
    package struct Result: Hashable, Sendable {
        package let bytes: [UInt8]
        /// What was done, in the order of the text.
        package let steps: [Step]
    }

    /// A fix-it as a change of bytes.
    private struct Edit {
        let range: Range<Int>
        let step: Step

        var replacement: [UInt8] { Array(step.fixIt.replacement.utf8) }
    }

    /// How many bytes are looked at again where all fix-its together do not go and each is tried by itself.
    private static let trialBudget = 4_000_000

    /// Applies what is certain: the fix-it of every diagnostic that has exactly one, several being a choice.
    ///
    /// Of fix-its that overlap the first is applied, and so is one of several at the same place; those that would
    /// remove the end of a line are left out.
    ///
    /// - Parameters:
    ///   - diagnostics: what was said about the texts.
    ///   - texts: the bytes by the name that spans carry; fix-its for other files are left out.
    ///   - isSound: whether the second text of a file may stand in the place of the first.
    /// - Returns: the new texts of the files that change.
    package static func apply(
        _ diagnostics: [Diagnostic],
        to texts: [String: [UInt8]],
        isSound: (_ file: String, _ old: [UInt8], _ new: [UInt8]) -> Bool
    ) -> [String: Result] {
        var steps: [String: Set<Step>] = [:]
        for diagnostic in diagnostics where diagnostic.fixIts.count == 1 {
            for fixIt in diagnostic.fixIts {
                steps[fixIt.span.file, default: []].insert(Step(code: diagnostic.code, fixIt: fixIt))
            }
        }
        var results: [String: Result] = [:]
        for (file, steps) in steps {
            guard let bytes = texts[file], var text = SourceText(bytes) else { continue }
            let edits = compatible(steps, in: &text)
            let isFine = { (new: [UInt8]) in new != bytes && isSound(file, bytes, new) }
            results[file] = result(edits, bytes, isFine)
        }
        return results
    }

    /// Those that can be applied together, in the order of the text.
    private static func compatible(_ steps: Set<Step>, in text: inout SourceText) -> [Edit] {
        var edits: [Edit] = []
        for step in steps {
            guard let range = text.range(of: step.fixIt.span) else { continue }
            guard !text.bytes[range].contains(UInt8(ascii: "\n")) else { continue }
            edits.append(Edit(range: range, step: step))
        }
        edits.sort { left, right in
            (left.range.lowerBound, left.range.upperBound, left.step.fixIt.replacement)
                < (right.range.lowerBound, right.range.upperBound, right.step.fixIt.replacement)
        }
        var chosen: [Edit] = []
        for edit in edits {
            if let last = chosen.last {
                let isAtSamePlace = edit.range.lowerBound == last.range.lowerBound
                if isAtSamePlace || edit.range.lowerBound < last.range.upperBound { continue }
            }
            chosen.append(edit)
        }
        return chosen
    }

    private static func result(_ edits: [Edit], _ bytes: [UInt8], _ isFine: ([UInt8]) -> Bool) -> Result? {
        guard !edits.isEmpty else { return nil }
        let all = applied(edits, to: bytes)
        if isFine(all) { return Result(bytes: all, steps: edits.map(\.step)) }
        var chosen: [Edit] = []
        let trials = max(2, trialBudget / max(1, bytes.count))
        for edit in edits.prefix(trials) where isFine(applied(chosen + [edit], to: bytes)) {
            chosen.append(edit)
        }
        guard !chosen.isEmpty else { return nil }
        return Result(bytes: applied(chosen, to: bytes), steps: chosen.map(\.step))
    }

    private static func applied(_ edits: [Edit], to bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var offset = 0
        for edit in edits {
            output += bytes[offset..<edit.range.lowerBound]
            output += edit.replacement
            offset = edit.range.upperBound
        }
        return output + bytes[offset...]
    }
}
