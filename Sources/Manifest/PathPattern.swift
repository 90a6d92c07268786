// The path of a route: its segments, its spelling, and the one order of specificity.

/// The path of a route, such as `/pets/{id}` or `/files/{path+}`.
///
/// Patterns are ordered from the most specific to the least, segment by segment: a literal before `{name}` before
/// `{name+}` (API Gateway developer guide, "Routing API requests"; the same order decides in REST APIs). Compiler,
/// proxy and diff all use this order.
package struct PathPattern: Hashable, Sendable {
    /// One part of the path between slashes.
    package enum Segment: Hashable, Sendable {
        /// Text that must be the same, case included.
        case literal(String)
        /// `{name}`: one whole segment.
        case parameter(String)
        /// `{name+}`: this segment and all that follow, at least one; always the last.
        case greedy(String)
    }

    /// The parts in order; none for `/`.
    package let segments: [Segment]

    /// Reads the spelling of a path.
    ///
    /// - Parameter text: a path that starts with a slash.
    /// - Throws: `PathPatternError` that says what is wrong with it.
    package init(_ text: String) throws(PathPatternError) { try self.init(Substring(text)) }

    /// The same for a part of a text. It is read as bytes, as requests are.
    init(_ text: Substring) throws(PathPatternError) {
        let bytes = text.utf8
        guard bytes.first == UInt8(ascii: "/") else { throw PathPatternError("a path starts with '/'") }
        guard bytes.count <= 1024 else { throw PathPatternError("a path is at most 1024 bytes long") }
        var segments: [Segment] = []
        var names: Set<String> = []
        if bytes.count > 1 {
            for part in bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                if case .greedy? = segments.last {
                    throw PathPatternError("a greedy parameter such as '{proxy+}' is the last segment of its path")
                }
                let segment = try Self.segment(part)
                if let name = segment.parameterName, !names.insert(name).inserted {
                    throw PathPatternError("the parameter '\(name)' stands twice in the path")
                }
                segments.append(segment)
            }
        }
        self.segments = segments
    }

    private static func segment(_ part: Substring.UTF8View) throws(PathPatternError) -> Segment {
        guard let first = part.first else { throw PathPatternError("a segment of the path is empty") }
        guard first == UInt8(ascii: "{"), part.last == UInt8(ascii: "}") else {
            for byte in part {
                switch byte {
                case UInt8(ascii: "{"), UInt8(ascii: "}"):
                    throw PathPatternError("a parameter fills its whole segment: '{name}', not '\(Substring(part))'")
                case 0...0x20, 0x7F, UInt8(ascii: "?"), UInt8(ascii: "#"):
                    throw PathPatternError("the segment '\(Substring(part))' holds a character that no path can")
                default: break
                }
            }
            return .literal(String(Substring(part)))
        }
        let inner = part.dropFirst().dropLast()
        let isGreedy = inner.last == UInt8(ascii: "+")
        let name = isGreedy ? inner.dropLast() : inner
        guard !name.isEmpty else { throw PathPatternError("the parameter '\(Substring(part))' has no name") }
        guard name.allSatisfy(isOfName) else {
            throw PathPatternError(
                "a parameter's name is of letters, digits, '_', '-', '.', ':' or '$', not '\(Substring(name))'"
            )
        }
        return isGreedy ? .greedy(String(Substring(name))) : .parameter(String(Substring(name)))
    }

    /// Whether a byte may stand in the name of a parameter.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}

/// Why a text is no path of a route.
package struct PathPatternError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

extension PathPattern.Segment: Comparable, CustomStringConvertible {
    /// The name of a parameter, nil for a literal.
    package var parameterName: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .greedy(let name): name
        }
    }

    package var description: String {
        switch self {
        case .literal(let text): text
        case .parameter(let name): "{\(name)}"
        case .greedy(let name): "{\(name)+}"
        }
    }

    /// 0 for the most specific kind of segment.
    private var rank: Int {
        switch self {
        case .literal: 0
        case .parameter: 1
        case .greedy: 2
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.rank == right.rank ? left.text < right.text : left.rank < right.rank
    }

    private var text: String {
        switch self {
        case .literal(let text), .parameter(let text), .greedy(let text): text
        }
    }
}

extension PathPattern: Comparable, CustomStringConvertible {
    package static func < (left: PathPattern, right: PathPattern) -> Bool { left.order(against: right) < 0 }

    /// Negative, zero or positive as it comes before, with or after another path.
    func order(against other: PathPattern) -> Int {
        for (left, right) in zip(segments, other.segments) where left != right { return left < right ? -1 : 1 }
        return segments.count - other.segments.count
    }

    package var description: String {
        segments.isEmpty ? "/" : segments.map { "/\($0)" }.joined()
    }

    /// The names of its parameters, in order.
    package var parameterNames: [String] { segments.compactMap(\.parameterName) }

    /// The pattern with nameless parameters, which only compares: it is equal to that of every pattern of its shape.
    package var nameless: PathPattern {
        var isChanged = false
        let nameless = segments.map { segment -> Segment in
            switch segment {
            case .literal: return segment
            case .parameter: isChanged = true; return .parameter("")
            case .greedy: isChanged = true; return .greedy("")
            }
        }
        return isChanged ? PathPattern(segments: nameless) : self
    }

    private init(segments: [Segment]) { self.segments = segments }

    /// The pattern without the names of its parameters: two patterns of the same shape match the same requests.
    package var shape: String {
        segments.isEmpty
            ? "/"
            : segments.map {
                switch $0 {
                case .literal(let text): "/" + text
                case .parameter: "/{}"
                case .greedy: "/{+}"
                }
            }.joined()
    }
}
