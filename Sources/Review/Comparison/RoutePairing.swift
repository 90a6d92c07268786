// Which routes of the new API are which routes of the old one, where a key alone does not say it.

internal import Manifest

/// How the routes of an API before and after belong together.
///
/// A key that both have is one route. Of the rest, in this order: the same method and shape with other names of
/// parameters; `{p}` and `{p+}` in the same place; `ANY` and single methods of the same shape. Whatever is left came or
/// went.
struct RoutePairing: Sendable {
    /// How two keys belong together.
    enum Relation: Hashable, Sendable {
        /// They are the same.
        case same
        /// The parameters have other names.
        case renamed
        /// The last parameter takes more segments, or fewer, than before.
        case greed
        /// `ANY` became single methods, or single methods `ANY`.
        case method
    }

    /// Two keys that are one route.
    struct Pair: Hashable, Sendable {
        let old: RouteKey
        let new: RouteKey
        let relation: Relation

        init(old: RouteKey, new: RouteKey, relation: Relation) {
            self.old = old
            self.new = new
            self.relation = relation
        }

        /// A key that both have.
        init(_ key: RouteKey) { self.init(old: key, new: key, relation: .same) }

        // Two keys belong together in one way.
        static func == (left: Self, right: Self) -> Bool { left.old == right.old && left.new == right.new }

        func hash(into hasher: inout Hasher) {
            hasher.combine(old)
            hasher.combine(new)
        }
    }

    /// The routes that are on both sides. An `ANY` that became several methods is in as many pairs, and the other way
    /// around.
    private(set) var pairs: [Pair] = []
    /// The keys that only the old API has.
    private(set) var removed: Set<RouteKey>
    /// The keys that only the new API has.
    private(set) var added: Set<RouteKey>

    /// Pairs routes in time linear in their number.
    init(_ old: some Collection<RouteKey>, _ new: some Collection<RouteKey>) {
        let after = Set(new)
        removed = []
        added = after
        pairs.reserveCapacity(old.count)
        for key in old {
            if added.remove(key) != nil {
                pairs.append(Pair(key))
            } else {
                removed.insert(key)
            }
        }
        guard !removed.isEmpty, !added.isEmpty else { return }
        pair(as: .renamed) { Shape(method: $0.method, path: $1.shape) }
        pair(as: .greed) { Shape(method: $0.method, path: $1.shape.withoutGreed) }
        pairMethods()
    }

    private mutating func pair(as relation: Relation, by shape: (RouteKey, PathPattern) -> Shape) {
        let (before, after) = (Self.keys(removed, by: shape), Self.keys(added, by: shape))
        for (shape, olds) in before {
            guard let news = after[shape], olds.count == 1, news.count == 1 else { continue }
            join(olds[0], news[0], relation)
        }
    }

    private mutating func pairMethods() {
        let before = Self.keys(removed) { Shape(method: .any, path: $1.shape) }
        let after = Self.keys(added) { Shape(method: .any, path: $1.shape) }
        for (shape, olds) in before {
            guard let news = after[shape] else { continue }
            if let any = olds.first(where: { $0.method == .any }) {
                for key in news.sorted() where key.method != .any { join(any, key, .method) }
            }
            if let any = news.first(where: { $0.method == .any }) {
                for key in olds.sorted() where key.method != .any { join(key, any, .method) }
            }
        }
    }

    private mutating func join(_ old: RouteKey, _ new: RouteKey, _ relation: Relation) {
        pairs.append(Pair(old: old, new: new, relation: relation))
        removed.remove(old)
        added.remove(new)
    }

    private static func keys(
        _ keys: Set<RouteKey>,
        by shape: (RouteKey, PathPattern) -> Shape
    ) -> [Shape: [RouteKey]] {
        var byShape: [Shape: [RouteKey]] = [:]
        for key in keys {
            guard case .path(_, let pattern) = key else { continue }
            byShape[shape(key, pattern), default: []].append(key)
        }
        return byShape
    }

    private struct Shape: Hashable {
        let method: RouteMethod
        let path: String
    }
}

extension String {
    /// A shape with `{}` in place of `{+}`, which stands at the end or nowhere.
    fileprivate var withoutGreed: String { hasSuffix("/{+}") ? dropLast("{+}".count) + "{}" : self }
}
