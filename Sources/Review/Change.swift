// One change of a manifest, as data: renderers add nothing to it.

package import Diagnostics
package import JSON
package import Manifest

/// What a change is a change of.
package enum ChangePlace: Hashable, Sendable {
    /// The API itself, or what all of its routes share.
    case api(String)
    case authorizer(String, api: String)
    case route(RouteKey, api: String)
    case function(String)
    case apiKey(String)
    case usagePlan(String)

    /// The API that it belongs to; nil for what stands beside the APIs.
    package var api: String? {
        switch self {
        case .api(let id), .authorizer(_, api: let id), .route(_, api: let id): id
        case .function, .apiKey, .usagePlan: nil
        }
    }

    /// What the manifest calls it within its section: `GET /ratings/{id}`, `Login`, `Ratings`.
    package var identity: String {
        switch self {
        case .api(let id), .function(let id), .apiKey(let id), .usagePlan(let id): id
        case .authorizer(let name, api: _): name
        case .route(let key, api: _): key.description
        }
    }

    /// The kind in a word: `api`, `authorizer`, `route`, `function`, `apiKey`, `usagePlan`.
    package var kind: String {
        switch self {
        case .api: "api"
        case .authorizer: "authorizer"
        case .route: "route"
        case .function: "function"
        case .apiKey: "apiKey"
        case .usagePlan: "usagePlan"
        }
    }

    /// Where it stands in its manifest, a JSON pointer (RFC 6901).
    package var pointer: String {
        let names =
            switch self {
            case .api(let id): ["apis", id]
            case .authorizer(let name, let api): ["apis", api, "authorizers", name]
            case .route(let key, let api): ["apis", api, "routes", key.description]
            case .function(let id): ["functions", id]
            case .apiKey(let id): ["apiKeys", id]
            case .usagePlan(let id): ["usagePlans", id]
            }
        return SourceMap.pointer(names)
    }
}

extension ChangePlace: Comparable {
    /// APIs first, each with what its routes share, its authorizers, its routes in their order; then the functions, the
    /// keys and the plans.
    package static func < (left: ChangePlace, right: ChangePlace) -> Bool {
        // Most are routes, of which there may be many.
        if case .route(let leftKey, api: let leftAPI) = left, case .route(let rightKey, api: let rightAPI) = right {
            return leftAPI == rightAPI ? leftKey < rightKey : leftAPI.precedes(rightAPI)
        }
        if left.section != right.section { return left.section < right.section }
        if let leftAPI = left.api, let rightAPI = right.api, leftAPI != rightAPI {
            return leftAPI.precedes(rightAPI)
        }
        if left.rank != right.rank { return left.rank < right.rank }
        return left.identity.precedes(right.identity)
    }

    private var section: Int {
        switch self {
        case .api, .authorizer, .route: 0
        case .function: 1
        case .apiKey: 2
        case .usagePlan: 3
        }
    }

    private var rank: Int {
        switch self {
        case .api: 0
        case .authorizer: 1
        case .route: 2
        case .function, .apiKey, .usagePlan: 0
        }
    }
}

extension String {
    /// Whether it comes first in the order of code points, which is the manifest's, and that of the bytes of UTF-8.
    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension Sequence<String> {
    /// The texts in the order of code points.
    var inCodePointOrder: [String] { sorted { $0.precedes($1) } }
}

/// A value of a manifest as a review shows it.
package enum ChangeValue: Hashable, Sendable {
    case shown(JSONValue)
    /// One that may be secret: where it comes from, if the manifest says so, and a short keyed fingerprint of it, if it
    /// is known.
    case hidden(source: String?, fingerprint: String?)
}

/// A request that shows what a change does: `GET /ratings/a`.
package struct ExampleRequest: Hashable, Sendable {
    package let method: String
    /// The path without the name of a stage.
    package let path: String

    package init(method: String, path: String) {
        self.method = method
        self.path = path
    }
}

/// One thing that changed, and what that means.
package struct Change: Hashable, Sendable {
    package let rule: ChangeRule
    /// The rule's own, but for its exception.
    package let impact: Impact
    /// The rule's own, but for its exception.
    package let security: SecurityEffect?
    /// What changed: in the new manifest, or in the old one where it is gone.
    package let place: ChangePlace
    /// Where it stood in the old manifest, where that is another place: a renamed function, a renamed parameter.
    package let oldPlace: ChangePlace?
    /// The member of `place` that changed, a path of names such as `environment/TABLE`; empty for all of it.
    package let member: String
    /// The value before; nil where there was none.
    package let before: ChangeValue?
    /// The value after; nil where there is none.
    package let after: ChangeValue?
    /// A request that meets the change, where that says more than the place.
    package let example: ExampleRequest?
    /// The lines of the old template.
    package var oldSpan: Span?
    /// The lines of the new template.
    package var newSpan: Span?
    /// Why it is accepted; nil where it is not.
    package var acceptance: String?
    /// Whether its route, as it is now, needs an API key.
    package var needsKey = false

    package init(
        _ rule: ChangeRule,
        impact: Impact? = nil,
        security: SecurityEffect?? = .none,
        at place: ChangePlace,
        from oldPlace: ChangePlace? = nil,
        member: String = "",
        before: ChangeValue? = nil,
        after: ChangeValue? = nil,
        example: ExampleRequest? = nil
    ) {
        self.rule = rule
        self.impact = impact ?? rule.impact
        self.security = security ?? rule.security
        self.place = place
        self.oldPlace = oldPlace == place ? nil : oldPlace
        self.member = member
        self.before = before
        self.after = after
        self.example = example
    }
}
