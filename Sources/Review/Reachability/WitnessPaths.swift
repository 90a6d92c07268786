// Paths of requests that show which route takes them.

internal import Manifest
internal import Routing

/// Makes paths out of patterns: where any text will do, one that is no literal of any route.
struct WitnessPaths: Sendable {
    /// Texts that no route has as a literal: `a`, `b`, …
    private let fresh: [String]
    /// How many segments the longest path has.
    private let depth: Int

    /// - Parameter apis: the APIs whose routes are meant.
    init(_ apis: [API]) {
        var depth = 0
        var literals: Set<String> = []
        for api in apis {
            for case .path(_, let pattern) in api.routes.keys {
                depth = max(depth, pattern.segments.count)
                for case .literal(let text) in pattern.segments where text.utf8.count <= Self.longest {
                    literals.insert(text)
                }
            }
        }
        var fresh: [String] = []
        var number = 0
        while fresh.count < depth + 2 {
            let text = Self.text(number)
            if !literals.contains(text) { fresh.append(text) }
            number += 1
        }
        self.fresh = fresh
        self.depth = depth
    }

    /// The most bytes of a text that is tried.
    private static let longest = 5

    /// `a` … `z`, `a1` … `z1`, `a2` …
    private static func text(_ number: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number % 26)))
        return number < 26 ? letter : letter + String(number / 26)
    }

    /// Paths as routes match them. Where more segments may follow there is one of each length up to more than any other
    /// route has: routes of single lengths may take all but one of them.
    func paths(_ overlap: PathOverlap) -> [[UInt8]] {
        let count = overlap.segments.count
        guard overlap.isOpen else { return [path(overlap.segments, count)] }
        return (count + 1...max(count, depth) + 1).map { path(overlap.segments, $0) }
    }

    private func path(_ segments: [String?], _ count: Int) -> [UInt8] {
        guard count > 0 else { return [UInt8(ascii: "/")] }
        var bytes: [UInt8] = []
        var next = 0
        for place in 0..<count {
            bytes.append(UInt8(ascii: "/"))
            if place < segments.count, let text = segments[place] {
                bytes += text.utf8
            } else {
                bytes += fresh[next].utf8
                next += 1
            }
        }
        return bytes
    }
}

extension ExampleRequest {
    /// A request whose path an API of a kind matches as `path`: HTTP APIs decode what comes, REST APIs do not.
    init(_ method: RouteMethod, _ path: [UInt8], to kind: APIKind) {
        let text = String(decoding: path, as: UTF8.self)
        self.init(method: method.rawValue, path: kind == .rest ? text : PercentEncoding.encode(path, Self.isPlain))
    }

    /// Whether a path is the same to APIs that decode and to those that do not.
    static func isPlain(_ path: [UInt8]) -> Bool { path.allSatisfy(isPlain) }

    /// A byte that may stand in a path as it is (RFC 3986 section 3.3).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@/".utf8.contains(byte)
        }
    }
}
