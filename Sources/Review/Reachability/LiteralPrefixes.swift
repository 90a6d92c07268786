// Which routes can have to do with those that changed, by the literals that their paths begin with.

internal import Manifest

/// The literals that the paths of some routes begin with, up to the first parameter.
///
/// Whoever looks for the requests that some of many routes take needs only the routes below the same literals.
struct LiteralPrefixes {
    private struct Node {
        var children: [String: Int] = [:]
        /// Whether one of the literals ends here: whatever follows may be meant.
        var isEnd = false
    }

    private var nodes = [Node()]

    init(_ routes: some Sequence<RouteKey>) {
        for route in routes {
            switch route {
            case .path(_, let pattern): insert(pattern)
            // It takes what no other route does, so that all of them count.
            case .fallback: nodes[0].isEnd = true
            case .message: break
            }
        }
    }

    private mutating func insert(_ pattern: PathPattern) {
        var node = 0
        for segment in pattern.segments {
            guard case .literal(let text) = segment else { break }
            if let child = nodes[node].children[text] {
                node = child
            } else {
                nodes[node].children[text] = nodes.count
                node = nodes.count
                nodes.append(Node())
            }
        }
        nodes[node].isEnd = true
    }

    /// Whether a route may take a request that one of the others takes; not every such route does.
    func meet(_ route: RouteKey) -> Bool {
        guard case .path(_, let pattern) = route else { return true }
        var node = 0
        for segment in pattern.segments {
            guard !nodes[node].isEnd, case .literal(let text) = segment else { return true }
            guard let child = nodes[node].children[text] else { return false }
            node = child
        }
        return nodes[node].isEnd
    }
}
