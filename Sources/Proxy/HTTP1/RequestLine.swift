// The first line of a request (RFC 9112 section 3).

/// Method, target and version, as places in the head.
struct RequestLine {
    var method = RequestMethod.other
    var methodLength = 0
    /// The authority of a target in absolute form; an empty range for the origin form.
    var authority = 0..<0
    var pathStart = 0
    var pathEnd = 0
    var queryEnd = 0
    var minorVersion = 1
    /// Where the fields begin.
    var end = 0

    init() {}

    /// - Throws: `MessageError` for anything but one method, one target and one version with single spaces between.
    init(parsing memory: UnsafeRawBufferPointer, limits: MessageLimits) throws(MessageError) {
        var position = 0
        while memory[position].isTokenCharacter { position += 1 }
        guard position > 0, position <= 32, memory[position] == 0x20 else {
            throw .malformed("the request line does not begin with a method and a space")
        }
        methodLength = position
        method = RequestMethod(memory.slice(0, position))
        let targetStart = position + 1
        position = targetStart
        while memory[position] > 0x20 && memory[position] < 0x7F && memory[position] != UInt8(ascii: "#") {
            position += 1
        }
        let targetEnd = position
        guard targetEnd > targetStart, memory[targetEnd] == 0x20 else {
            throw .malformed("the request target is missing or holds a character that must be encoded")
        }
        guard let newline = memory.firstIndex(of: 0x0A, from: targetEnd) else {
            throw .malformed("the request line has no end")
        }
        end = newline + 1
        guard newline - 1 <= limits.requestLineBytes else { throw .targetTooLong }
        minorVersion = try Self.minorVersion(memory.slice(targetEnd + 1, max(targetEnd + 1, newline - 1)))
        try readTarget(memory, from: targetStart, to: targetEnd)
    }

    private static func minorVersion(_ text: UnsafeRawBufferPointer) throws(MessageError) -> Int {
        let name: StaticString = "HTTP/"
        guard text.count == 8, text[6] == UInt8(ascii: "."), text[5].isDigit, text[7].isDigit,
            text.slice(0, 5).equals(UnsafeRawBufferPointer(start: name.utf8Start, count: 5))
        else { throw .malformed("the request line does not end in a version") }
        guard text[5] == UInt8(ascii: "1"), text[7] <= UInt8(ascii: "1") else { throw .unknownVersion }
        return Int(text[7] &- 48)
    }

    private mutating func readTarget(
        _ memory: UnsafeRawBufferPointer,
        from start: Int,
        to end: Int
    ) throws(MessageError) {
        let target = memory.slice(start, end)
        let isConnect = methodLength == 7 && memory.slice(0, 7).equalsIgnoringCase("connect")
        guard !isConnect else { throw .tunnel }
        pathStart = start
        if target[0] != UInt8(ascii: "/") {
            if target.count == 1, target[0] == UInt8(ascii: "*"), method == .options {
                pathEnd = end
                queryEnd = end
                return
            }
            let scheme = target.hasPrefixIgnoringCase("http://") ? 7 : target.hasPrefixIgnoringCase("https://") ? 8 : 0
            guard scheme > 0 else { throw .malformed("the request target is neither a path nor an absolute URI") }
            pathStart = memory.firstIndex(of: UInt8(ascii: "/"), from: start + scheme).map { min($0, end) } ?? end
            authority = start + scheme..<pathStart
            guard pathStart < end else { throw .malformed("the request target has no path") }
            guard !authority.isEmpty else { throw .malformed("the request target names no host") }
        }
        queryEnd = end
        pathEnd = memory.firstIndex(of: UInt8(ascii: "?"), from: pathStart).map { min($0, end) } ?? end
        try Self.checkEncoding(memory.slice(pathStart, pathEnd))
    }

    /// Every `%` is followed by two hexadecimal digits, and none of them spells NUL (RFC 3986 section 2.1).
    private static func checkEncoding(_ path: UnsafeRawBufferPointer) throws(MessageError) {
        var position = 0
        while let percent = path.firstIndex(of: UInt8(ascii: "%"), from: position) {
            guard percent + 2 < path.count, let high = path[percent + 1].hexadecimalValue,
                let low = path[percent + 2].hexadecimalValue
            else { throw .malformed("the path holds a '%' that is not followed by two hexadecimal digits") }
            guard high | low != 0 else { throw .malformed("the path holds an encoded NUL") }
            position = percent + 3
        }
    }
}
