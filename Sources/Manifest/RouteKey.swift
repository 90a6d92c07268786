// What identifies a route in its API: a method and a path, or `$default`.

/// The method of a route, in the order in which manifests list them.
package enum RouteMethod: String, CaseIterable, Hashable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// Every one of the seven above.
    case any = "ANY"
}

extension RouteMethod: Comparable {
    package static func < (left: RouteMethod, right: RouteMethod) -> Bool { left.position < right.position }

    /// The place in the order of `allCases`.
    package var position: Int {
        switch self {
        case .get: 0
        case .head: 1
        case .post: 2
        case .put: 3
        case .patch: 4
        case .delete: 5
        case .options: 6
        case .any: 7
        }
    }
}

/// A route's identity within its API; spelled as API Gateway spells route keys: `GET /pets/{id}`, `$default`.
package enum RouteKey: Hashable, Sendable {
    case path(RouteMethod, PathPattern)
    /// The route of an HTTP API that takes what no other route does.
    case fallback

    /// Reads the spelling.
    ///
    /// - Throws: `PathPatternError` that says what is wrong with it.
    package init(_ text: String) throws(PathPatternError) {
        if text == "$default" {
            self = .fallback
            return
        }
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let method = RouteMethod(rawValue: String(parts[0])) else {
            throw PathPatternError(
                "a route is '$default' or a method and a path such as 'GET /pets/{id}', not '\(text)'"
            )
        }
        self = .path(method, try PathPattern(String(parts[1])))
    }

    /// The method, `ANY` for `$default`.
    package var method: RouteMethod {
        switch self {
        case .path(let method, _): method
        case .fallback: .any
        }
    }

    /// The path as it is written, `$default` for the fallback.
    package var pathText: String {
        switch self {
        case .path(_, let pattern): pattern.description
        case .fallback: "$default"
        }
    }
}

extension RouteKey: Comparable, CustomStringConvertible {
    package var description: String {
        switch self {
        case .path(let method, let pattern): "\(method.rawValue) \(pattern)"
        case .fallback: "$default"
        }
    }

    package static func < (left: RouteKey, right: RouteKey) -> Bool {
        switch (left, right) {
        case (.path(let leftMethod, let leftPath), .path(let rightMethod, let rightPath)):
            leftPath == rightPath ? leftMethod < rightMethod : leftPath < rightPath
        case (.path, .fallback): true
        case (.fallback, _): false
        }
    }
}
