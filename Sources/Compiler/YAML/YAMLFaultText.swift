// libyaml's words for a fault, and ours where they say how to mend it.

internal import Diagnostics

enum YAMLFaultText {
    /// The message and the notes of a fault.
    ///
    /// - Parameters:
    ///   - fault: what libyaml said.
    ///   - bytes: the text that libyaml read.
    ///   - place: from libyaml's places to those of the file.
    /// - Returns: what the user reads.
    static func describe(
        _ fault: YAMLFault,
        in bytes: [UInt8],
        place: (SourcePosition) -> Span
    ) -> (message: String, notes: [Diagnostic.Note]) {
        let character = character(at: fault.position, in: bytes)
        if fault.problem == "found character that cannot start any token", let character {
            switch character {
            case "\t": return ("a tab cannot indent YAML; use spaces", [])
            case "@", "`", "%": return ("a text that begins with '\(character)' needs quotes", [])
            default: break
            }
        }
        if fault.problem == "mapping values are not allowed in this context" {
            return (
                "a ':' makes a key of what stands before it, which cannot be one here; quote a text with ': ' in it", []
            )
        }
        var notes: [Diagnostic.Note] = []
        if let context = fault.context {
            let began = place(context.position)
            if began.start != place(fault.position).start {
                notes.append(.init("\(context.text) that begins here", at: began))
            }
        }
        return (fault.problem, notes)
    }

    private static func character(at position: SourcePosition, in bytes: [UInt8]) -> Character? {
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: position.line,
            omittingEmptySubsequences: false
        )
        guard lines.indices.contains(position.line - 1) else { return nil }
        let scalars = String(decoding: lines[position.line - 1], as: UTF8.self).unicodeScalars.dropFirst(
            position.column - 1
        )
        return scalars.first.map(Character.init)
    }
}
