// The routes of one API, frozen into flat arrays that a request walks without allocating.

package import Manifest

/// A trie of path segments in flat arrays.
///
/// The order of selection is that of `PathPattern`: at each segment a literal before `{name}` before `{name+}`, and on
/// the same path the exact method before `ANY`. A path that does not serve the method is passed over for the next less
/// specific one (developer guide, "Working with routes for HTTP APIs"; REST APIs behave the same).
package struct RouteTable: Sendable {
    /// What a request has matched.
    package struct Match: Sendable {
        /// The route's place in the list that the table was built from.
        package let route: Int
        /// The values of the path's parameters in order: offsets into the path that was matched.
        package let captures: [Range<Int>]
    }

    struct Node: Sendable {
        /// The literal children: a stretch of `edges`, sorted by text.
        var edges = 0..<0
        /// The child for any one segment, -1 for none.
        var parameter: Int32 = -1
        /// Where the routes of a greedy parameter here begin in `methods`, -1 for none.
        var greedyMethods: Int32 = -1
        /// Where the routes of the path that ends here begin in `methods`, -1 for none.
        var methods: Int32 = -1
    }

    struct Edge: Sendable {
        let text: Range<Int>
        let node: Int32
    }

    private static let methodCount = RouteMethod.allCases.count

    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []
    private(set) var text: [UInt8] = []
    /// Eight entries a path in the order of `RouteMethod`: the route's number or -1.
    private(set) var methods: [Int32] = []
    private(set) var fallback: Int32 = -1

    /// - Parameter routes: the keys; a match names one by its place.
    package init(_ routes: [RouteKey]) {
        let root = RouteTreeNode()
        for (number, key) in routes.enumerated() {
            switch key {
            case .fallback: fallback = Int32(number)
            // Messages do not come as requests.
            case .message: break
            case .path(let method, let pattern): root.insert(pattern.segments[...], method: method, route: number)
            }
        }
        freeze(root)
    }

    private mutating func freeze(_ tree: RouteTreeNode) {
        nodes.append(Node())
        var queue = [tree]
        var next = 0
        while next < queue.count {
            let current = queue[next]
            var node = Node()
            node.methods = freeze(current.methods)
            node.greedyMethods = freeze(current.greedyMethods)
            let start = edges.count
            for (literal, child) in current.literals.sortedByCodePoint {
                let textStart = text.count
                text.append(contentsOf: literal.utf8)
                edges.append(Edge(text: textStart..<text.count, node: Int32(queue.count)))
                queue.append(child)
                nodes.append(Node())
            }
            node.edges = start..<edges.count
            if let child = current.parameter {
                node.parameter = Int32(queue.count)
                queue.append(child)
                nodes.append(Node())
            }
            nodes[next] = node
            next += 1
        }
    }

    private mutating func freeze(_ routes: [(method: RouteMethod, route: Int)]) -> Int32 {
        guard !routes.isEmpty else { return -1 }
        let start = methods.count
        methods.append(contentsOf: repeatElement(-1, count: Self.methodCount))
        for (method, route) in routes { methods[start + method.position] = Int32(route) }
        return Int32(start)
    }

    /// How many nodes it has: what a search costs at most.
    package var nodeCount: Int { nodes.count }

    /// Selects the route of a request.
    ///
    /// - Parameters:
    ///   - path: the path to match, beginning with a slash; canonical as `RoutePath` makes it.
    ///   - method: the place of the method in the order of `RouteMethod`; nil for one that routes do not know, which
    ///     matches only `$default`.
    /// - Returns: nil where no route takes the request.
    package func match(_ path: UnsafeRawBufferPointer, method: Int?) -> Match? {
        var meter = FreeSteps()
        return match(path, method: method, &meter)
    }

    /// The same with a limit: a table can be written so that one search comes by most of its nodes.
    package func match(_ path: UnsafeRawBufferPointer, method: Int?, budget: inout StepBudget) -> Match? {
        match(path, method: method, &budget)
    }

    @inline(__always)
    private func match(_ path: UnsafeRawBufferPointer, method: Int?, _ meter: inout some StepMeter) -> Match? {
        var captures: [Range<Int>] = []
        if let method, path.first == UInt8(ascii: "/"),
            let route = find(node: 0, path, from: path.count == 1 ? 1 : 0, method: method, &captures, &meter)
        {
            return Match(route: route, captures: captures)
        }
        return fallback >= 0 ? Match(route: Int(fallback), captures: []) : nil
    }

    /// Looks below a node; `position` is at the slash before the next segment, or at the end of the path.
    private func find(
        node index: Int,
        _ path: UnsafeRawBufferPointer,
        from position: Int,
        method: Int,
        _ captures: inout [Range<Int>],
        _ meter: inout some StepMeter
    ) -> Int? {
        guard meter.step() else { return nil }
        let node = nodes[index]
        if position == path.count { return route(node.methods, method) }
        let start = position + 1
        let end = path.firstIndex(of: UInt8(ascii: "/"), from: start) ?? path.count
        if let child = literalChild(node, path.slice(start, end)),
            let route = find(node: child, path, from: end, method: method, &captures, &meter)
        {
            return route
        }
        if node.parameter >= 0, end > start {
            captures.append(start..<end)
            if let route = find(node: Int(node.parameter), path, from: end, method: method, &captures, &meter) {
                return route
            }
            captures.removeLast()
        }
        if path.count > start, let route = route(node.greedyMethods, method) {
            captures.append(start..<path.count)
            return route
        }
        return nil
    }

    @inline(__always)
    private func route(_ start: Int32, _ method: Int) -> Int? {
        guard start >= 0 else { return nil }
        let exact = methods[Int(start) + method]
        let route = exact >= 0 ? exact : methods[Int(start) + RouteMethod.any.position]
        return route >= 0 ? Int(route) : nil
    }

    func literalChild(_ node: Node, _ segment: UnsafeRawBufferPointer) -> Int? {
        text.withUnsafeBytes { text in
            var low = node.edges.lowerBound
            var high = node.edges.upperBound
            while low < high {
                let middle = (low + high) / 2
                let edge = edges[middle]
                switch text.slice(edge.text.lowerBound, edge.text.upperBound).order(against: segment) {
                case 0: return Int(edge.node)
                case ..<0: low = middle + 1
                default: high = middle
                }
            }
            return nil
        }
    }
}

/// A node of the tree that the table is frozen from.
private final class RouteTreeNode {
    var literals: [String: RouteTreeNode] = [:]
    var parameter: RouteTreeNode?
    var greedyMethods: [(method: RouteMethod, route: Int)] = []
    var methods: [(method: RouteMethod, route: Int)] = []

    func insert(_ segments: ArraySlice<PathPattern.Segment>, method: RouteMethod, route: Int) {
        switch segments.first {
        case nil: methods.append((method, route))
        case .greedy: greedyMethods.append((method, route))
        case .literal(let text):
            let child = literals[text] ?? literal(text)
            child.insert(segments.dropFirst(), method: method, route: route)
        case .parameter:
            let child = parameter ?? RouteTreeNode()
            parameter = child
            child.insert(segments.dropFirst(), method: method, route: route)
        }
    }

    private func literal(_ text: String) -> RouteTreeNode {
        let child = RouteTreeNode()
        literals[text] = child
        return child
    }
}
