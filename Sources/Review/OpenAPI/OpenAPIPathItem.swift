// The paths of a document: which route takes which method of which path.

internal import JSON
internal import Manifest

/// A path of a document with its operations.
///
/// OpenAPI has no greedy parameters, and takes paths that differ only in the names of their parameters for the same
/// (OpenAPI Specification 3.1, "Paths Object"). Routes that come to the same path are one item here, and each method is
/// that of the route that takes requests with one segment in the parameter's place.
struct OpenAPIPathItem {
    /// The path with greedy parameters as plain ones: `/files/{path}`.
    let path: String
    /// The methods in the order of manifests.
    let operations: [(method: RouteMethod, row: RouteRow)]
    /// The segments of the path.
    private let segments: [PathPattern.Segment]
    /// The name of the last parameter, where it stands for several segments; nil where it does not.
    private let greedyName: String?

    /// The items in the order of the manifest, and the routes that have no place in them.
    ///
    /// - Throws: `OpenAPICollision` where routes of two APIs come to the same path.
    static func items(_ rows: [RouteRow]) throws(OpenAPICollision) -> ([Self], others: [RouteRow]) {
        var order: [String] = []
        var groups: [String: [RouteRow]] = [:]
        var others: [RouteRow] = []
        for row in rows {
            guard row.kind != .webSocket, let shape = row.key.openAPIShape else {
                others.append(row)
                continue
            }
            if groups[shape] == nil { order.append(shape) }
            groups[shape, default: []].append(row)
        }
        var items: [Self] = []
        for shape in order {
            guard let group = groups[shape], let first = group.first else { continue }
            let item = Self(group)
            if let other = group.first(where: { $0.api != first.api }) {
                throw OpenAPICollision(apis: [first.api, other.api], path: item.path)
            }
            items.append(item)
            let shown = Set(item.operations.map(\.row.key))
            others += group.filter { !shown.contains($0.key) }
        }
        return (items, others)
    }

    /// - Parameter group: the routes of one path, at least one, in the order of the manifest.
    private init(_ group: [RouteRow]) {
        // The order in which the proxy chooses: the less greedy first, then the exact method before ANY.
        let candidates = group.sorted { left, right in
            let (leftRank, rightRank) = (left.key.greed, right.key.greed)
            return leftRank == rightRank ? left.key.method < right.key.method : leftRank < rightRank
        }
        operations = RouteMethod.allCases.filter { $0 != .any }.compactMap { method in
            candidates.first { $0.key.method == method || $0.key.method == .any }.map { (method, $0) }
        }
        segments = candidates[0].key.openAPISegments
        // It stands for one segment where a route of one segment is in the item, too.
        if case .greedy(let name)? = segments.last { greedyName = name } else { greedyName = nil }
        let names = segments.map { $0.parameterName.map { "{\($0)}" } ?? $0.description }
        path = "/" + names.joined(separator: "/")
    }

    /// The parameters of the path, each declared as the specification wants it.
    var parameters: [JSONValue] {
        segments.compactMap { segment in
            guard let name = segment.parameterName else { return nil }
            var object = JSONObject()
            object["name"] = .string(name)
            object["in"] = "path"
            if name == greedyName {
                object["description"] = "The rest of the path: one or more segments, slashes between them."
            }
            object["required"] = true
            object["schema"] = ["type": "string"]
            if name == greedyName { object["x-samovar-greedy"] = true }
            return .object(object)
        }
    }
}

extension RouteKey {
    /// The segments that stand for it in a document: `$default` takes any path; none for a message, which is no request.
    fileprivate var openAPISegments: [PathPattern.Segment] {
        switch self {
        case .path(_, let pattern): pattern.segments
        case .fallback: [.greedy("default")]
        case .message: []
        }
    }

    /// What paths have in common that are the same to OpenAPI; nil for a message.
    fileprivate var openAPIShape: String? {
        if case .message = self { return nil }
        return openAPISegments.map { $0.parameterName == nil ? "/\($0)" : "/{}" }.joined()
    }

    /// How many paths it takes, roughly: 0 for those of a pattern, 1 with a greedy parameter, 2 for all that are left.
    fileprivate var greed: Int {
        guard case .path(_, let pattern) = self else { return 2 }
        if case .greedy? = pattern.segments.last { return 1 }
        return 0
    }
}

/// Names operations so that no two have the same name.
struct OpenAPIOperationIDs {
    private var taken: Set<String> = []

    /// The next name: the template's own, or one of method and path such as `getRatingsById`; with a number behind it
    /// where that is taken.
    mutating func next(method: RouteMethod, path: String, name: String?) -> String {
        var words = method.rawValue.lowercased()
        for segment in path.split(separator: "/") {
            if segment.hasPrefix("{") { words += "By" }
            for word in segment.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber)) }) {
                words += word.prefix(1).uppercased() + word.dropFirst()
            }
        }
        let wish = name.flatMap { $0.isEmpty ? nil : $0 } ?? words
        var id = wish
        var number = 2
        while !taken.insert(id).inserted {
            id = "\(wish)\(number)"
            number += 1
        }
        return id
    }
}
