// What changed in what browsers of other origins are told.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the cross-origin settings of an API.
    mutating func compareCORS(_ api: APIPair) {
        switch (api.old.cors, api.new.cors) {
        case (nil, nil): break
        case (nil, let after?): add(.corsAdded, "cors", after: after.summary)
        case (let before?, nil):
            // What functions say themselves was dropped until now; a REST API has always passed it on.
            let security: SecurityEffect = api.new.kind == .rest ? .strengthens : .review
            add(.corsRemoved, "cors", before: before.summary, security: security)
        case (let before?, let after?):
            guard before != after else { return }
            within("cors") { changes in
                changes.compareOrigins(before, after)
                changes.compareMethods(before, after, isREST: api.new.kind == .rest)
                changes.compareHeaders("allowHeaders", \.allowHeaders, before, after)
                changes.compareHeaders("exposeHeaders", \.exposeHeaders, before, after)
                changes.compareCredentials(before, after)
                MemberRule.compare(before, after, by: CORS.memberRules, into: &changes)
                changes.comparePreflightAuth(before.preflightAuth ?? .none, after.preflightAuth ?? .none, api)
            }
        }
    }

    private mutating func compareOrigins(_ old: CORS, _ new: CORS) {
        let (before, after) = (Set(old.allowOrigins), Set(new.allowOrigins))
        let (removed, added) = (before.subtracting(after).inCodePointOrder, after.subtracting(before).inCodePointOrder)
        for origin in removed {
            let isCovered = new.covers(origin, withCredentials: old.allowCredentials)
            add(
                origin.isWildcard ? .corsOriginRestricted : .corsOriginRemoved,
                "allowOrigins",
                before: origin.reviewed,
                impact: isCovered ? .compatible : nil,
                security: isCovered ? .some(nil) : .none
            )
        }
        for origin in added {
            add(
                origin.isWildcard ? .corsOriginWildcard : .corsOriginAdded,
                "allowOrigins",
                after: origin.reviewed,
                security: old.covers(origin, withCredentials: new.allowCredentials) ? .some(nil) : .none
            )
        }
    }

    private mutating func compareMethods(_ old: CORS, _ new: CORS, isREST: Bool) {
        // Without a list a REST API names the methods of the path.
        let isDefault = isREST && (old.allowMethods.isEmpty != new.allowMethods.isEmpty)
        compareList(
            "allowMethods",
            \.allowMethods,
            old,
            new,
            (.corsMethodAdded, .corsMethodRemoved),
            impact: isDefault ? .risky : nil,
            security: isDefault ? .review : nil
        ) { cors, method in
            guard !isDefault else { return false }
            return method.isAlwaysAllowed || cors.hasWildcard(cors.allowMethods)
        }
    }

    private mutating func compareHeaders(_ name: String, _ path: KeyPath<CORS, [String]>, _ old: CORS, _ new: CORS) {
        let rules: (ChangeRule, ChangeRule) = (.corsHeaderAdded, .corsHeaderRemoved)
        compareList(name, path, old, new, rules) { cors, header in
            let list = cors[keyPath: path]
            return cors.hasWildcard(list) && !header.needsNaming
                || list.contains { $0.lowercased() == header.lowercased() }
        }
    }

    private mutating func compareList(
        _ name: String,
        _ path: KeyPath<CORS, [String]>,
        _ old: CORS,
        _ new: CORS,
        _ rules: (added: ChangeRule, removed: ChangeRule),
        impact: Impact? = nil,
        security: SecurityEffect? = nil,
        allows: (CORS, String) -> Bool
    ) {
        let (before, after) = (Set(old[keyPath: path]), Set(new[keyPath: path]))
        func judged(_ isCovered: Bool) -> (Impact?, SecurityEffect??) {
            isCovered ? (.compatible, .some(nil)) : (impact, security.map { .some($0) } ?? .none)
        }
        for element in before.subtracting(after).inCodePointOrder {
            let (impact, security) = judged(allows(new, element))
            add(rules.removed, name, before: element.reviewed, impact: impact, security: security)
        }
        for element in after.subtracting(before).inCodePointOrder {
            let (impact, security) = judged(allows(old, element))
            add(rules.added, name, after: element.reviewed, impact: impact, security: security)
        }
    }

    private mutating func compareCredentials(_ old: CORS, _ new: CORS) {
        guard old.allowCredentials != new.allowCredentials else { return }
        let isRefused = old.allowOrigins.contains("*") && new.allowOrigins.contains("*")
        add(
            new.allowCredentials ? .corsCredentialsAllowed : .corsCredentialsDisallowed,
            "allowCredentials",
            before: old.allowCredentials.reviewed,
            after: new.allowCredentials.reviewed,
            impact: isRefused ? .compatible : nil,
            security: isRefused ? .some(nil) : .none
        )
    }
}

extension String {
    /// Whether an origin stands for many: `*`, `https://*`.
    fileprivate var isWildcard: Bool { hasSuffix("*") }

    /// Whether `*` does not cover it as the name of a field (Fetch standard, "CORS non-wildcard request-header name").
    fileprivate var needsNaming: Bool { lowercased() == "authorization" }

    /// Whether browsers send requests of the method whatever a preflight says (Fetch standard, "CORS-safelisted method").
    fileprivate var isAlwaysAllowed: Bool { self == "GET" || self == "HEAD" || self == "POST" }
}

extension CORS {
    /// Whether a wildcard of the list allows an origin. With credentials browsers take no answer for `*` itself (Fetch
    /// standard, "CORS check").
    fileprivate func covers(_ origin: String, withCredentials: Bool) -> Bool {
        allowOrigins.contains { wildcard in
            wildcard.isWildcard && wildcard != origin && origin.hasPrefix(wildcard.dropLast())
                && !(withCredentials && wildcard == "*")
        }
    }

    /// Whether `*` in a list of names covers others; beside credentials it is a name like any other (Fetch standard,
    /// "HTTP new-header syntax").
    fileprivate func hasWildcard(_ names: [String]) -> Bool { names.contains("*") && !allowCredentials }

    /// What is shown of settings that came or went.
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        object["allowOrigins"] = Set(allowOrigins).inCodePointOrder.reviewed
        if allowCredentials { object["allowCredentials"] = true }
        return .object(object)
    }

    fileprivate static let memberRules: [MemberRule<CORS>] = [
        .value("maxAgeSeconds", \.maxAgeSeconds, .corsMaxAgeChanged),
        .custom { old, new, changes in
            let (before, after) = (old.isPreflightKeyRequired, new.isPreflightKeyRequired)
            guard before != after else { return }
            changes.add(
                after ? .apiKeyRequired : .apiKeyDropped,
                "preflightApiKeyRequired",
                before: before.reviewed,
                after: after.reviewed,
                security: .some(nil)
            )
        },
    ]
}
