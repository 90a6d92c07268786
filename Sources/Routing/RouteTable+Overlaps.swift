// Which routes of a table take requests that a given path takes, found by walking the table with the path.

package import Manifest

/// The paths that two patterns both take.
package struct PathOverlap: Hashable, Sendable {
    /// The segments in order: the text that it must be, nil where any will do.
    package var segments: [String?]
    /// Whether any further segments follow, at least one.
    package var isOpen = false

    /// All paths that a pattern takes.
    package init(of pattern: PathPattern) {
        segments = []
        append(pattern.segments[...])
    }

    /// The root alone.
    package init() { segments = [] }

    /// All paths but the root.
    package static let belowRoot: Self = {
        var overlap = Self()
        overlap.isOpen = true
        return overlap
    }()

    fileprivate mutating func append(_ pattern: ArraySlice<PathPattern.Segment>) {
        for segment in pattern {
            switch segment {
            case .literal(let text): segments.append(text)
            case .parameter: segments.append(nil)
            case .greedy: isOpen = true
            }
        }
    }
}

extension RouteTable {
    /// Which of the routes are looked for.
    package enum Coverage: Sendable {
        /// Those that take one of the requests at least.
        case some
        /// Those that take them all, whatever their method.
        case every
    }

    /// Finds the routes whose path has to do with another path.
    ///
    /// - Parameters:
    ///   - pattern: the other path.
    ///   - coverage: of what it takes, how much they must take.
    ///   - budget: what the search may cost; it ends early where that is spent.
    ///   - body: is given what both paths take, and the routes by their places in the list that the table was built
    ///     from.
    package func forEachOverlap(
        with pattern: PathPattern,
        taking coverage: Coverage,
        budget: inout StepBudget,
        _ body: (PathOverlap, [Int], inout StepBudget) -> Void
    ) {
        var walk = OverlapWalk(table: self, coverage: coverage)
        walk.visit(0, pattern.segments[...], &budget, body)
    }

    /// The routes that begin at a place in `methods`.
    fileprivate func routes(at start: Int32) -> [Int] {
        guard start >= 0 else { return [] }
        return methods[Int(start)..<Int(start) + RouteMethod.allCases.count].filter { $0 >= 0 }.map { Int($0) }
    }
}

/// A walk down a table, and the segments on the way.
private struct OverlapWalk {
    let table: RouteTable
    let coverage: RouteTable.Coverage
    var taken = PathOverlap()

    mutating func visit(
        _ index: Int,
        _ pattern: ArraySlice<PathPattern.Segment>,
        _ budget: inout StepBudget,
        _ body: (PathOverlap, [Int], inout StepBudget) -> Void
    ) {
        guard budget.step() else { return }
        let node = table.nodes[index]
        guard let segment = pattern.first else {
            if node.methods >= 0 { body(taken, table.routes(at: node.methods), &budget) }
            return
        }
        if node.greedyMethods >= 0 {
            var all = taken
            all.append(pattern)
            body(all, table.routes(at: node.greedyMethods), &budget)
        }
        switch segment {
        case .literal(let text):
            var text = text
            if let child = text.withUTF8({ table.literalChild(node, UnsafeRawBufferPointer($0)) }) {
                descend(to: child, text, pattern.dropFirst(), &budget, body)
            }
            if node.parameter >= 0 { descend(to: Int(node.parameter), text, pattern.dropFirst(), &budget, body) }
        case .parameter:
            if coverage == .some {
                for edge in table.edges[node.edges] where !budget.isExhausted {
                    descend(to: Int(edge.node), table.text(of: edge), pattern.dropFirst(), &budget, body)
                }
            }
            if node.parameter >= 0 { descend(to: Int(node.parameter), nil, pattern.dropFirst(), &budget, body) }
        case .greedy:
            guard coverage == .some else { return }
            for edge in table.edges[node.edges] where !budget.isExhausted {
                descend(to: Int(edge.node), table.text(of: edge), pattern, &budget, body)
            }
            if node.parameter >= 0 { descend(to: Int(node.parameter), nil, pattern, &budget, body) }
        }
    }

    /// Goes on below a segment; where `pattern` still begins with its greedy parameter, that may end here, too.
    private mutating func descend(
        to index: Int,
        _ text: String?,
        _ pattern: ArraySlice<PathPattern.Segment>,
        _ budget: inout StepBudget,
        _ body: (PathOverlap, [Int], inout StepBudget) -> Void
    ) {
        taken.segments.append(text)
        if case .greedy? = pattern.first, taken.segments.count > pattern.startIndex, table.nodes[index].methods >= 0 {
            body(taken, table.routes(at: table.nodes[index].methods), &budget)
        }
        visit(index, pattern, &budget, body)
        taken.segments.removeLast()
    }
}

extension RouteTable {
    fileprivate func text(of edge: Edge) -> String { String(decoding: text[edge.text], as: UTF8.self) }
}
