// A text with wildcards and variables, as the elements of policies have it.

/// A pattern of a policy: `*` is any run of characters, slashes included, `?` is one character, and `${key}` is what
/// the request has under that key (IAM user guide, "IAM JSON policy elements: Resource" and "Variables and tags").
///
/// It is matched over bytes without recursion: the time is bounded by the product of the two lengths.
struct PolicyPattern: Sendable {
    private enum Piece: Sendable {
        /// Bytes, and the wildcards `any` and `one`.
        case tokens([UInt16])
        /// What the request has under a key, taken literally.
        case variable(key: String, fallback: String?)
    }

    private static let any: UInt16 = 256
    private static let one: UInt16 = 257

    private let pieces: [Piece]

    /// - Parameters:
    ///   - text: the pattern.
    ///   - hasWildcards: whether `*` and `?` stand for others.
    ///   - hasVariables: whether `${…}` is replaced, as it is in policies of the version 2012-10-17.
    init(_ text: String, hasWildcards: Bool = true, hasVariables: Bool = false) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while hasVariables, let start = rest.firstRange(of: "${"),
            let end = rest[start.upperBound...].firstIndex(of: "}")
        {
            let variable = Self.variable(rest[start.upperBound..<end])
            pieces.append(.tokens(Self.tokens(rest[..<start.lowerBound], hasWildcards: hasWildcards)))
            pieces.append(variable)
            rest = rest[rest.index(after: end)...]
        }
        pieces.append(.tokens(Self.tokens(rest, hasWildcards: hasWildcards)))
        self.pieces = pieces
    }

    /// `aws:username`, `aws:username, 'nobody'`, and the three characters that mean themselves: `${*}`, `${?}`, `${$}`.
    private static func variable(_ inside: Substring) -> Piece {
        if ["*", "?", "$"].contains(inside) { return .tokens(inside.utf8.map { UInt16($0) }) }
        guard let comma = inside.firstIndex(of: ",") else { return .variable(key: String(inside), fallback: nil) }
        let fallback = inside[inside.index(after: comma)...].trimmingSpaces
        guard fallback.utf8.count >= 2, fallback.hasPrefix("'"), fallback.hasSuffix("'") else {
            return .variable(key: String(inside), fallback: nil)
        }
        return .variable(key: String(inside[..<comma]), fallback: String(fallback.dropFirst().dropLast()))
    }

    private static func tokens(_ text: Substring, hasWildcards: Bool) -> [UInt16] {
        text.utf8.map { byte in
            guard hasWildcards else { return UInt16(byte) }
            return byte == UInt8(ascii: "*") ? any : byte == UInt8(ascii: "?") ? one : UInt16(byte)
        }
    }

    /// Whether it matches a whole text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - ignoresCase: whether letters of ASCII match each other in both cases.
    ///   - request: whose keys stand in the place of variables.
    /// - Returns: false also where a variable has no value.
    func matches(_ text: some StringProtocol, ignoresCase: Bool = false, request: PolicyRequest) -> Bool {
        guard let tokens = resolved(request) else { return false }
        return Self.matches(tokens, Array(text.utf8), ignoresCase: ignoresCase)
    }

    /// The tokens with variables replaced; nil where one has no value.
    private func resolved(_ request: PolicyRequest) -> [UInt16]? {
        if pieces.count == 1, case .tokens(let tokens) = pieces[0] { return tokens }
        var resolved: [UInt16] = []
        for piece in pieces {
            switch piece {
            case .tokens(let tokens): resolved += tokens
            case .variable(let key, let fallback):
                let values = request.values(ofKey: key)
                // What has several values stands for none of them.
                guard let value = values.map({ $0.count == 1 ? $0[0] : nil }) ?? fallback else { return nil }
                resolved += value.utf8.map { UInt16($0) }
            }
        }
        return resolved
    }

    private static func matches(_ pattern: [UInt16], _ text: [UInt8], ignoresCase: Bool) -> Bool {
        func isMatch(_ token: UInt16, _ byte: UInt8) -> Bool {
            guard token < 256 else { return false }
            let literal = UInt8(truncatingIfNeeded: token)
            return literal == byte || (ignoresCase && literal.lowercased == byte.lowercased)
        }
        var place = 0
        var position = 0
        // The last `*` and where the text goes on after what it has taken.
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == any {
                star = (place + 1, position)
                place += 1
            } else if place < pattern.count, pattern[place] == one, text[position] & 0xC0 != 0x80 {
                place += 1
                position += 1
                while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
            } else if place < pattern.count, isMatch(pattern[place], text[position]) {
                place += 1
                position += 1
            } else if let last = star {
                // Only the last `*` has to take more: whatever an earlier one could take, this one can.
                star = (last.place, last.position + 1)
                place = last.place
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == any }
    }
}

extension Substring {
    /// Without the spaces at both ends.
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
