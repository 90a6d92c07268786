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
    package init(_ text: String) throws(PathPatternError) {
        guard text.hasPrefix("/") else { throw PathPatternError("a path starts with '/'") }
        guard text.utf8.count <= 1024 else { throw PathPatternError("a path is at most 1024 bytes long") }
        var segments: [Segment] = []
        var names: Set<String> = []
        if text != "/" {
            for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
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

    private static func segment(_ part: Substring) throws(PathPatternError) -> Segment {
        guard !part.isEmpty else { throw PathPatternError("a segment of the path is empty") }
        guard part.hasPrefix("{"), part.hasSuffix("}") else {
            for scalar in part.unicodeScalars {
                if scalar == "{" || scalar == "}" {
                    throw PathPatternError("a parameter fills its whole segment: '{name}', not '\(part)'")
                }
                if scalar.value <= 0x20 || scalar.value == 0x7F || scalar == "?" || scalar == "#" {
                    throw PathPatternError("the segment '\(part)' holds a character that no path can")
                }
            }
            return .literal(String(part))
        }
        let inner = part.dropFirst().dropLast()
        let isGreedy = inner.hasSuffix("+")
        let name = isGreedy ? inner.dropLast() : inner
        guard !name.isEmpty else { throw PathPatternError("the parameter '\(part)' has no name") }
        let allowed = name.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_-.:$".unicodeScalars.contains($0)
        }
        guard allowed else {
            throw PathPatternError("a parameter's name is of letters, digits, '_', '-', '.', ':' or '$', not '\(name)'")
        }
        return isGreedy ? .greedy(String(name)) : .parameter(String(name))
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
        (left.rank, left.text) < (right.rank, right.text)
    }

    private var text: String {
        switch self {
        case .literal(let text), .parameter(let text), .greedy(let text): text
        }
    }
}

extension PathPattern: Comparable, CustomStringConvertible {
    package static func < (left: PathPattern, right: PathPattern) -> Bool {
        left.segments.lexicographicallyPrecedes(right.segments)
    }

    package var description: String {
        segments.isEmpty ? "/" : segments.map { "/\($0)" }.joined()
    }

    /// The names of its parameters, in order.
    package var parameterNames: [String] { segments.compactMap(\.parameterName) }

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
