// The one order in which routes are specific, over all tables.

package import Manifest

/// Which of several routes takes a request that each of them could: the most specific.
///
/// It is the order in which `RouteTable` looks: segment by segment a literal before `{name}` before `{name+}`, then the
/// exact method before `ANY`, and `$default` last. The names of parameters have no say in it.
package enum RouteOrder {
    /// Whether one route is more specific than another; neither is of two that take the same requests.
    package static func precedes(_ left: RouteKey, _ right: RouteKey) -> Bool {
        switch (left, right) {
        case (.path(let leftMethod, let leftPath), .path(let rightMethod, let rightPath)):
            switch order(leftPath.segments, rightPath.segments) {
            case 0: leftMethod < rightMethod
            case let order: order < 0
            }
        default: rank(left) == rank(right) ? left < right : rank(left) < rank(right)
        }
    }

    /// Every key's place in the order; keys that take the same requests have the same.
    package static func ranks(_ keys: some Sequence<RouteKey>) -> [RouteKey: Int] {
        var ranks: [RouteKey: Int] = [:]
        var last: RouteKey?
        var rank = -1
        for key in Set(keys).sorted(by: precedes) {
            if last.map({ precedes($0, key) }) ?? true { rank += 1 }
            ranks[key] = rank
            last = key
        }
        return ranks
    }

    private static func rank(_ key: RouteKey) -> Int {
        switch key {
        case .path: 0
        case .message: 1
        case .fallback: 2
        }
    }

    /// Negative, zero or positive as one path is more, as or less specific than another.
    private static func order(_ left: [PathPattern.Segment], _ right: [PathPattern.Segment]) -> Int {
        for (left, right) in zip(left, right) {
            switch (left, right) {
            case (.literal(let left), .literal(let right)):
                if left != right { return left < right ? -1 : 1 }
            case (.parameter, .parameter), (.greedy, .greedy): break
            case (.literal, _), (.parameter, .greedy): return -1
            case (_, .literal), (.greedy, .parameter): return 1
            }
        }
        return left.count - right.count
    }
}
