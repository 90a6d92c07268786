// Finds what looks like a secret within a text, in time linear in its length.

/// Looks for secrets in the bytes of a text.
struct SecretScanner {
    private let bytes: [UInt8]
    private var ranges: [Range<Int>] = []

    /// The places of a text that look like secrets, in order, none overlapping another.
    ///
    /// - Parameter text: its UTF-8 bytes.
    /// - Returns: ranges of offsets.
    static func ranges(in text: [UInt8]) -> [Range<Int>] {
        var scanner = SecretScanner(bytes: text)
        scanner.scan()
        return joined(scanner.ranges)
    }

    /// The ranges in order, those that overlap made one.
    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            if let last = joined.last, last.upperBound >= range.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// A text with others in the place of some of its parts.
    ///
    /// - Parameters:
    ///   - ranges: offsets into its bytes, in order, none overlapping another.
    ///   - bytes: its UTF-8 bytes.
    ///   - mark: what stands in the place of a part.
    /// - Returns: the text.
    static func replacing(_ ranges: [Range<Int>], in bytes: [UInt8], _ mark: (String) -> String) -> String {
        var text: [UInt8] = []
        var end = 0
        for range in ranges {
            text += bytes[end..<range.lowerBound]
            text += mark(String(decoding: bytes[range], as: UTF8.self)).utf8
            end = range.upperBound
        }
        return String(decoding: text + bytes[end...], as: UTF8.self)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func scan() {
        var index = 0
        while index < bytes.count {
            let found: Range<Int>?
            switch bytes[index] {
            case UInt8(ascii: "-"): found = privateKey(at: index)
            case UInt8(ascii: ":"): found = userInfo(at: index) ?? assigned(at: index)
            case UInt8(ascii: "="), UInt8(ascii: ">"): found = assigned(at: index)
            default: found = nil
            }
            if let found = found ?? token(at: index), !found.isEmpty {
                ranges.append(found)
                index = max(found.upperBound, index + 1)
            } else {
                index += 1
            }
        }
    }

    private func isWord(_ index: Int) -> Bool {
        bytes.indices.contains(index) && SecretForm.Alphabet.letters.contains(bytes[index])
    }

    private func starts(_ word: String, at index: Int) -> Bool {
        bytes[min(index, bytes.count)...].starts(with: word.utf8)
    }

    private func end(from index: Int, where isEnd: (UInt8) -> Bool) -> Int {
        bytes[min(index, bytes.count)...].firstIndex(where: isEnd) ?? bytes.count
    }

    // MARK: Tokens

    private func token(at index: Int) -> Range<Int>? {
        guard !isWord(index - 1) else { return nil }
        for form in SecretForm.byFirstByte[Int(bytes[index])] {
            let start = index + form.beginning.count
            guard bytes[index...].starts(with: form.beginning) else { continue }
            let end = end(from: start) { !form.alphabet.contains($0) }
            if end - start >= form.minimum { return index..<end }
        }
        return webToken(at: index) ?? credentials(at: index)
    }

    /// A JSON Web Token (RFC 7519): the base64 of `{"`, and parts with points between them.
    private func webToken(at index: Int) -> Range<Int>? {
        guard bytes[index] == UInt8(ascii: "e"), starts("eyJ", at: index) else { return nil }
        // Looked at no further for the first point, so that a text of many beginnings takes no quadratic time.
        let limit = bytes[index...].prefix(1024)
        let point = limit.firstIndex { !SecretForm.Alphabet.words.contains($0) }
        guard let point, bytes[point] == UInt8(ascii: ".") else { return nil }
        let end = end(from: point) { !SecretForm.Alphabet.dottedWords.contains($0) }
        return end - index >= 20 ? index..<end : nil
    }

    /// What follows `Bearer` (RFC 6750) and `Basic` (RFC 7617), unless it is a word of prose.
    private func credentials(at index: Int) -> Range<Int>? {
        guard bytes[index] | 0x20 == UInt8(ascii: "b") else { return nil }
        let lower = bytes[index...].prefix(7).map { $0 | 0x20 }
        let length = lower.starts(with: "bearer ".utf8) ? 7 : lower.starts(with: "basic ".utf8) ? 6 : 0
        guard length > 0 else { return nil }
        let start = index + length
        let end = end(from: start) { !SecretForm.Alphabet.base64.contains($0) }
        let isProse = bytes[start..<end].dropFirst().allSatisfy { $0 &- 0x61 < 26 || $0 == UInt8(ascii: ".") }
        return end - start >= 8 && !isProse ? start..<end : nil
    }

    /// A private key as RFC 7468 frames it.
    private func privateKey(at index: Int) -> Range<Int>? {
        guard starts("-----BEGIN ", at: index), index == 0 || bytes[index - 1] != UInt8(ascii: "-") else { return nil }
        let label = String(decoding: bytes[index...].dropFirst(11).prefix(48), as: UTF8.self)
        guard label.prefix(while: { $0 != "-" }).hasSuffix("PRIVATE KEY") || label.contains("PRIVATE KEY") else {
            return nil
        }
        var place = index + 11
        while place < bytes.count {
            place = end(from: place) { $0 == UInt8(ascii: "-") }
            if starts("-----END ", at: place) {
                let label = end(from: place + 9) { $0 == UInt8(ascii: "-") }
                return index..<end(from: label) { $0 != UInt8(ascii: "-") }
            }
            place += 1
        }
        return index..<bytes.count
    }

    /// The user and password of an address (RFC 3986 section 3.2.1).
    private func userInfo(at index: Int) -> Range<Int>? {
        guard starts("://", at: index) else { return nil }
        let start = index + 3
        let end = end(from: start) { byte in
            byte <= 0x20 || [0x22, 0x27, 0x2F, 0x3C, 0x3E, 0x3F, 0x23, 0x5C].contains(byte)
        }
        guard let sign = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")), sign > start else { return nil }
        return start..<sign
    }

    // MARK: Assignments

    private static let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")]

    /// What stands after `password=`, `"password":`, `Authorization: ` or `<password>`.
    private func assigned(at index: Int) -> Range<Int>? {
        let sign = bytes[index]
        guard let name = nameBefore(index, isElement: sign == UInt8(ascii: ">")) else { return nil }
        var start = index + 1
        if sign == UInt8(ascii: "=") {
            guard start < bytes.count, bytes[start] != sign else { return nil }
        } else if sign == UInt8(ascii: ":") {
            guard name.isQuoted || (start < bytes.count && bytes[start] == 0x20) else { return nil }
        }
        guard SecretMembers.contains(String(decoding: bytes[name.range], as: UTF8.self)) else { return nil }
        while start < bytes.count, bytes[start] == 0x20 { start += 1 }
        let opening = start
        while start < bytes.count, Self.quotes.contains(bytes[start]) { start += 1 }
        guard !MappingExpression.begins(bytes[start...]) else { return nil }
        let isQuoted = start > opening
        let end = end(from: start) { byte in
            if isQuoted { return Self.quotes.contains(byte) }
            if byte == 0x0A || byte == 0x0D { return true }
            switch sign {
            case UInt8(ascii: ">"): return byte == UInt8(ascii: "<")
            case UInt8(ascii: "="):
                return byte <= 0x20 || Self.quotes.contains(byte) || [0x26, 0x2C, 0x3B].contains(byte)
            default: return name.isQuoted && [0x2C, 0x5D, 0x7D].contains(byte)
            }
        }
        return start..<end
    }

    /// The name in front of a sign of assignment, at most 64 bytes of it.
    private func nameBefore(_ index: Int, isElement: Bool) -> (range: Range<Int>, isQuoted: Bool)? {
        var end = index
        if !isElement { while end > max(0, index - 4), bytes[end - 1] == 0x20 { end -= 1 } }
        let closing = end
        while end > max(0, closing - 4), Self.quotes.contains(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > max(0, end - 64), SecretForm.Alphabet.dottedWords.contains(bytes[start - 1]) { start -= 1 }
        if isElement && (start == 0 || bytes[start - 1] != UInt8(ascii: "<")) { return nil }
        return start < end ? (start..<end, end < closing) : nil
    }
}

/// Values that say where a value comes from when a request is answered, in API Gateway's words ("Parameter mapping
/// examples", "Variables for data transformations").
enum MappingExpression {
    private static let beginnings = [
        "$input", "$context", "$stageVariables", "$util", "$request", "$response", "${", "method.request.",
        "integration.response.", "context.", "stageVariables.", "true", "false", "null", "{", "[",
    ].map { Array($0.utf8) }

    /// Whether a text begins as one.
    static func begins(_ text: some Collection<UInt8>) -> Bool { beginnings.contains { text.starts(with: $0) } }
}
