// What identifies a route in its API: a method and a path, `$default`, or the name of a message.

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
    /// The route of an HTTP or WebSocket API that takes what no other route does.
    case fallback
    /// The route of a WebSocket API for messages of a name: `sendmessage`, `$connect`.
    case message(String)

    /// Reads the spelling of a route of a kind of API.
    ///
    /// - Throws: `PathPatternError` that says what is wrong with it.
    package init(_ text: String, kind: APIKind) throws(PathPatternError) {
        if text == "$default" {
            guard kind != .rest else { throw PathPatternError("only HTTP APIs have a route '$default'") }
            self = .fallback
            return
        }
        if kind == .webSocket {
            guard !text.isEmpty else { throw PathPatternError("the name of a message is empty") }
            self = .message(text)
            return
        }
        guard kind != .functionURL else { throw PathPatternError("a function URL has no route but '$default'") }
        guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")),
            let method = RouteMethod(rawValue: String(text[..<space]))
        else {
            throw PathPatternError(
                "a route is '$default' or a method and a path such as 'GET /pets/{id}', not '\(text)'"
            )
        }
        self = .path(method, try PathPattern(text[text.utf8.index(after: space)...]))
    }

    /// The method, `ANY` for what has none.
    package var method: RouteMethod {
        if case .path(let method, _) = self { method } else { .any }
    }

    /// The key without the names of parameters: keys of the same shape take the same requests.
    package var shape: String {
        switch self {
        case .path(let method, let pattern): "\(method.rawValue) \(pattern.shape)"
        case .fallback, .message: description
        }
    }

    /// The key with nameless parameters, which only compares: it is equal to that of every key of its shape.
    package var nameless: RouteKey {
        if case .path(let method, let pattern) = self { .path(method, pattern.nameless) } else { self }
    }

    /// The path as it is written, `$default` for the fallback, the name of a message.
    package var pathText: String {
        switch self {
        case .path(_, let pattern): pattern.description
        case .fallback: "$default"
        case .message(let name): name
        }
    }
}

extension RouteKey: Comparable, CustomStringConvertible {
    package var description: String {
        switch self {
        case .path(let method, let pattern): "\(method.rawValue) \(pattern)"
        case .fallback, .message: pathText
        }
    }

    package static func < (left: RouteKey, right: RouteKey) -> Bool {
        switch (left, right) {
        case (.path(let leftMethod, let leftPath), .path(let rightMethod, let rightPath)):
            switch leftPath.order(against: rightPath) {
            case 0: leftMethod < rightMethod
            case let order: order < 0
            }
        case (.message(let left), .message(let right)):
            left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.path, _): true
        case (.message, .fallback): true
        case (.message, .path), (.fallback, _): false
        }
    }
}
