// Bodies with variables in them.

/// The template of a gateway response. It is no VTL: variables are replaced, everything else is text
/// (developer guide, "Set up a gateway response to customize errors").
struct TextTemplate: Sendable {
    private enum Part: Sendable {
        case text([UInt8])
        case value(ResponseSource)
    }

    private let parts: [Part]

    /// - Parameter text: text with `$context.X`, `$stageVariables.X` and `$method.request.PLACE.X`, each perhaps in
    ///   braces after the dollar sign.
    init(_ text: String) {
        var parts: [Part] = []
        let bytes = Array(text.utf8)
        var start = 0
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "$"), let (name, end) = Self.variable(in: bytes, after: position),
                let source = ResponseSource(name)
            else {
                position += 1
                continue
            }
            if position > start { parts.append(.text(Array(bytes[start..<position]))) }
            parts.append(.value(source))
            position = end
            start = end
        }
        if start < bytes.count { parts.append(.text(Array(bytes[start...]))) }
        self.parts = parts
    }

    private static func variable(in bytes: [UInt8], after dollar: Int) -> (name: String, end: Int)? {
        let isBraced = dollar + 1 < bytes.count && bytes[dollar + 1] == UInt8(ascii: "{")
        let start = dollar + (isBraced ? 2 : 1)
        var end = start
        while end < bytes.count, isNameCharacter(bytes[end]) { end += 1 }
        guard !isBraced || (end < bytes.count && bytes[end] == UInt8(ascii: "}")) else { return nil }
        // A full stop at the end is the sentence's.
        while !isBraced, end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        guard ["context.", "stageVariables.", "method.request."].contains(where: { name.suffix(after: $0) != nil })
        else { return nil }
        return (name, isBraced ? end + 1 : end)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isDigit || (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    /// Writes the text; a variable without a value leaves nothing behind.
    func write(_ exchange: Exchange, to writer: ByteWriter) {
        for part in parts {
            switch part {
            case .text(let text): writer.write(text)
            case .value(let source): _ = source.write(exchange, to: writer)
            }
        }
    }
}
