// libyaml's words for a fault, and ours where they say how to mend it.

internal import Diagnostics

enum YAMLFaultText {
    /// What libyaml says, and what people understand.
    private static let words = [
        "block mapping entries are not allowed in this context": "a mapping cannot begin here; look at the indentation",
        "block sequence entries are not allowed in this context": "a list cannot begin here; look at the indentation",
        "could not find expected ':'": "a ':' is expected after the key",
        "did not find expected ',' or ']'": "',' or ']' is expected here",
        "did not find expected ',' or '}'": "',' or '}' is expected here",
        "did not find expected '-' indicator":
            "an element of the list ('- …') is expected here; look at the indentation",
        "did not find expected <document start>": "the file goes on here behind its value; look at the indentation",
        "did not find expected key": "a key is expected here; look at the indentation",
        "did not find expected node content": "a value is expected here",
        "found character that cannot start any token": "no value can begin with this character; quote it",
        "found unexpected end of stream": "the file ends before the quotes are closed",
        "mapping values are not allowed in this context":
            "a ':' makes a key of what stands before it, which cannot be one here; quote a text with ': ' in it",
    ]

    /// The message and the notes of a fault.
    ///
    /// - Parameters:
    ///   - fault: what libyaml said.
    ///   - bytes: the text that libyaml read.
    ///   - open: the brackets that are not closed yet.
    ///   - place: from libyaml's places to those of the file.
    /// - Returns: what the user reads.
    static func describe(
        _ fault: YAMLFault,
        in bytes: [UInt8],
        open: [SourcePosition],
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
        var notes: [Diagnostic.Note] = []
        if let bracket = open.last {
            notes.append(.init("the bracket that is opened here is not closed yet", at: place(bracket)))
        } else if let context = fault.context {
            let began = place(context.position)
            if began.start != place(fault.position).start {
                notes.append(.init("\(context.text) that begins here", at: began))
            }
        }
        return (words[fault.problem] ?? fault.problem, notes)
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
