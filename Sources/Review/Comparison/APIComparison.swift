// What changed in APIs and their routes.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the APIs of two manifests.
    mutating func compareAPIs(_ old: Manifest, _ new: Manifest) {
        for id in Set(old.apis.keys).union(new.apis.keys) {
            let (before, after) = (old.apis[id], new.apis[id])
            guard before != after else { continue }
            if let before, let after {
                move(to: .api(id))
                MemberRule.compare(before, after, by: API.memberRules, into: &self)
            }
            compareRoutes(of: id, before?.routes ?? [:], after?.routes ?? [:])
        }
    }

    private mutating func compareRoutes(of api: String, _ old: [RouteKey: Route], _ new: [RouteKey: Route]) {
        for (key, before) in old {
            move(to: .route(key, api: api))
            if let after = new[key] {
                MemberRule.compare(before, after, by: Route.memberRules, into: &self)
            } else {
                add(.routeRemoved, before: before.summary)
            }
        }
        for (key, after) in new where old[key] == nil {
            move(to: .route(key, api: api))
            add(.routeAdded, after: after.summary, security: after.auth == .none ? .weakens : nil)
        }
    }
}

extension API {
    /// How the members of an API are compared.
    static let memberRules: [MemberRule<API>] = [.throttle("throttle", \.throttle)]
}

extension Route {
    /// What is shown of a route that came or went.
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        if let function { object["function"] = .string(function) }
        object["auth"] = .string(auth.text)
        return .object(object)
    }

    /// How the members of a route are compared.
    static let memberRules: [MemberRule<Route>] = [
        .custom { old, new, changes in
            guard old.auth != new.auth else { return }
            let rule: ChangeRule = old.auth == .none ? .authAdded : new.auth == .none ? .authRemoved : .authChanged
            changes.add(rule, "auth", before: old.auth.text.reviewed, after: new.auth.text.reviewed)
        },
        .set("scopes", \.scopes, added: .scopeAdded, removed: .scopeRemoved),
        .throttle("throttle", \.throttle),
    ]
}
