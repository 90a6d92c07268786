// How a change is said in words: what all formats for people share.

internal import Diagnostics
internal import JSON
internal import Manifest

/// Whether something is new, gone or different, in the signs of terraform.
package enum ChangeSymbol: String, CaseIterable, Hashable, Sendable {
    case added = "+"
    case removed = "-"
    case changed = "~"

    /// The sign in a word.
    package var word: String {
        switch self {
        case .added: "added"
        case .removed: "removed"
        case .changed: "changed"
        }
    }
}

extension ChangePlace {
    /// The heading that it stands below: its API, or its section of the manifest.
    package var heading: String {
        switch self {
        case .api(let id), .authorizer(_, api: let id), .route(_, api: let id): id.visible
        case .function: "functions"
        case .apiKey: "apiKeys"
        case .usagePlan: "usagePlans"
        }
    }

    /// What it is called below its heading: `GET /ratings`, `authorizer Login`.
    package var name: String {
        switch self {
        case .api: "API"
        case .authorizer(let name, api: _): "authorizer \(name.visible)"
        case .route, .function, .apiKey, .usagePlan: identity.visible
        }
    }
}

extension SecurityEffect {
    /// What a report says of it.
    package var words: String { "\(rawValue) security" }
}

extension Change {
    /// Whether its place is new, gone or different.
    package var symbol: ChangeSymbol {
        guard member.isEmpty, oldPlace == nil else { return .changed }
        if rule.id.hasSuffix("-added") { return .added }
        return rule.id.hasSuffix("-removed") ? .removed : .changed
    }

    /// What is different below the heading: `GET /ratings`, `authorizer Login → authorizer SignIn`.
    package var name: String {
        guard let oldPlace else { return place.name }
        if case (.api(let old), .api(let new)) = (oldPlace, place) { return "API \(old.visible) → \(new.visible)" }
        guard oldPlace.name != place.name else { return place.name }
        return "\(oldPlace.name) → \(place.name)"
    }

    /// Whether everyone may make requests that nobody could make before, or not without an authorizer; an API key is
    /// enough for them not to be everyone's.
    package var isPublic: Bool {
        guard case .route = place, security == .weakens, !needsKey, after?.json["apiKeyRequired"] == nil else {
            return false
        }
        return symbol == .added || (auth(of: after) == "none" && auth(of: before) != "none")
    }

    /// The rule's name, with what must not be overlooked: `route-added (public)`.
    package var ruleText: String { isPublic ? "\(rule.id) (public)" : rule.id }

    /// The authorizer in a value: one by itself, or that of what answers requests.
    private func auth(of value: ChangeValue?) -> String? {
        guard case .shown(let value)? = value else { return nil }
        if case .object(let object) = value { return object["auth"]?.string }
        return member == "auth" ? value.string : nil
    }

    /// What changed of the place: `auth: Login → none`, `scopes: + ratings:read`; empty where the place says it all.
    ///
    /// Values are cut around what differs; nothing in it steers a terminal.
    package var detail: String {
        let values = values
        guard !member.isEmpty else { return values }
        let name = member.visible.shortened(to: 40)
        return values.isEmpty ? name : "\(name): \(values)"
    }

    /// The request that shows it: `e.g. GET /ratings/top`.
    package var exampleText: String? {
        example.map { "e.g. \($0.method.visible) \($0.path.visible.shortened(to: 2 * ValueWording.width))" }
    }

    private var values: String {
        let (old, new) = ValueWording.texts(before, after)
        switch (old, new) {
        case (let old?, let new?): return old.contains("→") ? "was \(old), now \(new)" : "\(old) → \(new)"
        case (nil, let text?), (let text?, nil):
            if member.isEmpty { return ValueWording.isAnswer(before ?? after) ? "→ \(text)" : text }
            return "\(old == nil ? "+" : "-") \(text)"
        case (nil, nil): return ""
        }
    }
}
