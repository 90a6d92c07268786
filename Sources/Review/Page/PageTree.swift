// Routes as a tree of the segments of their paths.

internal import Manifest

/// A route on a page.
struct PageRoute {
    let row: RouteRow
    /// Whether it is new, gone or different; nil for one that is as it was.
    var symbol: ChangeSymbol?
    var changes: [Change] = []

    /// The names that rows can be narrowed by.
    var classes: [String] {
        var names: [String] = []
        // What is gone is open to nobody.
        if row.isPublic, symbol != .removed { names.append("public") }
        if !row.unserved.isEmpty { names.append("unserved") }
        if let symbol { names += ["differs", symbol.word] }
        return names + changes.facets
    }
}

extension [Change] {
    /// The names of facets that one of them has, but for those that are accepted.
    var facets: [String] {
        var names: [String] = []
        if contains(where: { $0.acceptance == nil && $0.impact == .breaking }) { names.append("breaking") }
        if contains(where: { $0.acceptance == nil && $0.security == .weakens }) { names.append("weakens") }
        return names
    }
}

extension ChangeSymbol {
    /// The sign, with a minus that is as wide as the plus.
    var sign: String { self == .removed ? "−" : rawValue }
}

/// A stretch of paths that routes share.
final class PageBranch {
    /// How deep branches stand in each other; what is below is a list, as browsers do not nest without end.
    static let maximumDepth = 12

    /// The path up to here, without a slash at its end.
    private(set) var path: String
    private(set) var routes: [PageRoute] = []
    private(set) var branches: [PageBranch] = []
    private var places: [String: Int] = [:]

    init(path: String = "") { self.path = path }

    /// Adds a route; they come in the order of the manifest, and branches are in the order of their first ones.
    func insert(_ route: PageRoute) {
        var branch = self
        if case .path(_, let pattern) = route.row.key {
            for segment in pattern.segments.prefix(Self.maximumDepth) { branch = branch.branch(segment.description) }
        }
        branch.routes.append(route)
    }

    private func branch(_ segment: String) -> PageBranch {
        if let place = places[segment] { return branches[place] }
        let branch = PageBranch(path: "\(path)/\(segment)")
        places[segment] = branches.count
        branches.append(branch)
        return branch
    }

    /// Joins branches that hold but one other branch to that one: `/v1/users`.
    func join() {
        for branch in branches {
            while branch.routes.isEmpty, branch.branches.count == 1, let only = branch.branches.first {
                (branch.path, branch.routes, branch.branches) = (only.path, only.routes, only.branches)
            }
            branch.join()
        }
    }

    /// The routes here and below.
    var allRoutes: [PageRoute] { routes + branches.flatMap(\.allRoutes) }
}
