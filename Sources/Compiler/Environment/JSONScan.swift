// What people write into JSON that is none: found before the parser stumbles over it.

internal import Diagnostics
internal import JSON

/// The faults that people make most, by their offsets in the text.
struct JSONScan {
    /// Commas after a value and before `}` or `]`.
    private(set) var trailingCommas: [(offset: Int, position: SourcePosition)] = []
    /// The first thing outside of texts that other languages have and JSON has not, and what to do about it.
    private(set) var foreign: (position: SourcePosition, message: String)?

    init(_ bytes: [UInt8]) {
        var inString = false
        var isEscaped = false
        var position = SourcePosition(line: 1, column: 1)
        /// A comma that nothing has followed yet, where a value stood before it.
        var comma: (offset: Int, position: SourcePosition)?
        var last = UInt8(ascii: "{")
        for (index, byte) in bytes.enumerated() {
            defer { position.advance(over: byte) }
            if inString {
                if byte == UInt8(ascii: "\""), !isEscaped { inString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if let comma { trailingCommas.append(comma) }
            case UInt8(ascii: "#"): note(position, "JSON has no comments; remove this one")
            case UInt8(ascii: "/"):
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0
                if "/*".utf8.contains(next) { note(position, "JSON has no comments; remove this one") }
            case UInt8(ascii: "'"): note(position, "JSON quotes names and texts with '\"'")
            default: break
            }
            comma = byte == UInt8(ascii: ",") && !"{[,:".utf8.contains(last) ? (index, position) : nil
            last = byte
        }
    }

    private mutating func note(_ position: SourcePosition, _ message: String) {
        if foreign == nil { foreign = (position, message) }
    }

    /// The name that the first line of a file in `.env` format sets; nil for every other file.
    static func environmentFormat(_ bytes: [UInt8]) -> String? {
        for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: true)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let rest = first == "export" ? words.dropFirst().joined(separator: " ") : words.joined(separator: " ")
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let name = rest[..<equals].trimmingSuffix { $0 == " " }
            let isName = name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
            }
            return isName && !name.isEmpty ? String(name) : nil
        }
        return nil
    }
}

/// A fault of syntax in the words that help most, and where it is.
struct JSONFault {
    let message: String
    var notes: [Diagnostic.Note] = []
    /// Whether taking away what stands there mends it.
    private var isRemovable = false
    private var start: SourcePosition
    private var end: SourcePosition

    /// - Parameters:
    ///   - error: what the parser said.
    ///   - bytes: what it read.
    ///   - scan: what was found before.
    ///   - duplicate: a key that is there twice, found with both places.
    init(_ error: JSONSyntaxError, in bytes: [UInt8], scan: JSONScan, duplicate: Diagnostic?) {
        let (near, length) = Self.near(error.message)
        end = SourcePosition(line: error.line, column: error.column + (length == 0 ? 0 : 1))
        start = SourcePosition(line: error.line, column: max(1, end.column - length))
        if let name = JSONScan.environmentFormat(bytes) {
            message = "this is a file in '.env' format; in JSON it is '{\"Parameters\": {\"\(name)\": \"…\"}}'"
            (start, end) = (SourcePosition(line: 1, column: 1), SourcePosition(line: 1, column: 1))
            return
        }
        if let foreign = scan.foreign {
            if foreign.position <= SourcePosition(line: error.line, column: error.column) {
                message = foreign.message
                (start, end) = (foreign.position, foreign.position)
                return
            }
        }
        if error.message.hasPrefix("duplicate object key"), let duplicate, let span = duplicate.span {
            message = duplicate.message
            notes = duplicate.notes
            (start, end) = (span.start, span.end)
            return
        }
        if let comma = scan.trailingCommas.first {
            if bytes[comma.offset] == UInt8(ascii: ","), comma.position <= start {
                message = "JSON has no comma after the last member; remove it"
                isRemovable = true
                start = comma.position
                end = SourcePosition(line: start.line, column: start.column + 1)
                return
            }
        }
        let bracket = ["}", "]"].first { error.message.hasPrefix("'\($0)' expected near ") }
        message = bracket.map { "',' or '\($0)' is expected here, not \(near)" } ?? error.message
    }

    func span(in file: String) -> Span { Span(file: file, start: start, end: max(start, end)) }

    func fixIts(in file: String) -> [Diagnostic.FixIt] {
        isRemovable ? [Diagnostic.FixIt("remove the comma", at: span(in: file), replacement: "")] : []
    }

    /// What the parser's message says that it met, and its length in characters; 0 for the end of the file.
    private static func near(_ message: String) -> (text: String, length: Int) {
        guard let range = message.firstRange(of: " near '"), message.hasSuffix("'") else {
            return ("the end of the file", 0)
        }
        let token = message[range.upperBound...].dropLast()
        return ("'\(token)'", token.unicodeScalars.count)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
