// What changed in API keys and usage plans.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the API keys of two manifests.
    mutating func compareAPIKeys(_ old: Manifest, _ new: Manifest) {
        for id in Set(old.apiKeys.keys).union(new.apiKeys.keys) {
            move(to: .apiKey(id))
            switch (old.apiKeys[id], new.apiKeys[id]) {
            case (let before?, let after?): compareAPIKey(before, after, id)
            case (nil, let after?): add(.keyAdded, after: after.name?.reviewed)
            case (let before?, nil): add(.keyRemoved, before: before.name?.reviewed)
            case (nil, nil): break
            }
        }
    }

    private mutating func compareAPIKey(_ old: APIKey, _ new: APIKey, _ id: String) {
        let table: [MemberRule<APIKey>] = [
            .value("name", \.name, .keyNameChanged),
            .flag("enabled", \.isEnabled, on: .keyEnabled, off: .keyDisabled),
        ]
        MemberRule.compare(old, new, by: table, into: &self)
        let (before, after) = (self.old.secrets.apiKeys[id], self.new.secrets.apiKeys[id])
        let isOther = before.flatMap { before in after.map { $0 != before } } ?? false
        guard old.value != new.value || isOther else { return }
        var security: SecurityEffect?? = .none
        if case .secret? = old.value, case .text? = new.value { security = .weakens }
        if case .text? = old.value, case .secret? = new.value { security = .strengthens }
        let (oldValue, newValue) = (shownKey(old.value, before), shownKey(new.value, after))
        add(.keyValueChanged, "value", shown: oldValue, newValue, security: security)
    }

    /// Compares the usage plans of two manifests.
    mutating func compareUsagePlans(_ old: Manifest, _ new: Manifest) {
        let access = KeyAccess(old, new, renames)
        for id in Set(old.usagePlans.keys).union(new.usagePlans.keys) {
            move(to: .usagePlan(id))
            switch (old.usagePlans[id], new.usagePlans[id]) {
            case (let before?, let after?):
                var before = before
                let apis = before.apis.map { id, routes in (renames.api(id), followed(routes, renames.api(id))) }
                before.apis = Dictionary(apis) { first, _ in first }
                compareOpenings(before, after, access)
                MemberRule.compare(before, after, by: UsagePlan.memberRules, into: &self)
            case (nil, let after?):
                let isFelt = access.isOpened(after.apis.keys, after.keys)
                add(.planAdded, after: after.summary, security: isFelt ? .none : .some(nil))
            case (let before?, nil):
                let isFelt = access.isClosed(before.apis.keys.map { renames.api($0) }, before.keys)
                let (impact, security) = Self.closing(isFelt)
                add(.planRemoved, before: before.summary, impact: impact, security: security)
            case (nil, nil): break
            }
        }
    }

    private static func closing(_ isFelt: Bool) -> (Impact?, SecurityEffect??) {
        isFelt ? (nil, .none) : (.compatible, .some(nil))
    }

    /// Compares which APIs a plan opens to which keys.
    private mutating func compareOpenings(_ old: UsagePlan, _ new: UsagePlan, _ access: KeyAccess) {
        func differences(_ old: some Sequence<String>, _ new: some Sequence<String>) -> (gone: [String], come: [String])
        {
            let (before, after) = (Set(old), Set(new))
            func inOrder(_ names: Set<String>) -> [String] { names.inCodePointOrder }
            return (inOrder(before.subtracting(after)), inOrder(after.subtracting(before)))
        }
        let (apis, keys) = (differences(old.apis.keys, new.apis.keys), differences(old.keys, new.keys))
        for api in apis.gone {
            let (impact, security) = Self.closing(access.isClosed([api], old.keys))
            add(.planAPIRemoved, "apis", before: api.reviewed, impact: impact, security: security)
        }
        for api in apis.come {
            let isFelt = access.isOpened([api], new.keys)
            add(.planAPIAdded, "apis", after: api.reviewed, security: isFelt ? .none : .some(nil))
        }
        for key in keys.gone {
            let (impact, security) = Self.closing(access.isClosed(old.apis.keys, [key]))
            add(.planKeyRemoved, "keys", before: key.reviewed, impact: impact, security: security)
        }
        for key in keys.come {
            let isFelt = access.isOpened(new.apis.keys, [key])
            add(.planKeyAdded, "keys", after: key.reviewed, security: isFelt ? .none : .some(nil))
        }
    }

    /// The limits of routes by the keys that the routes have in the new manifest.
    private func followed(_ routes: [String: Throttle], _ api: String) -> [String: Throttle] {
        guard !routes.isEmpty, let pairs = pairedRoutes[api] else { return routes }
        let single = pairs.filter { $0.relation != .method }
        let names = Dictionary(single.map { ($0.old.description, $0.new.description) }) { first, _ in first }
        return Dictionary(routes.map { (names[$0] ?? $0, $1) }) { first, _ in first }
    }
}

extension UsagePlan {
    /// What is shown of a plan that came or went.
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        object["apis"] = apis.keys.inCodePointOrder.reviewed
        object["keys"] = Set(keys).inCodePointOrder.reviewed
        return .object(object)
    }

    /// How the members of a plan are compared.
    fileprivate static let memberRules: [MemberRule<UsagePlan>] = [
        .throttle("throttle", \.throttle),
        .custom { old, new, changes in changes.compareQuota(old.quota, new.quota) },
        .custom { old, new, changes in
            for api in old.openedAPIs {
                guard let before = old.apis[api], let after = new.apis[api], before != after else { continue }
                for route in Set(before.keys).union(after.keys).inCodePointOrder {
                    changes.within("apis/\(api)/\(route)") {
                        $0.compareThrottle(before[route], after[route], in: (old.throttle, new.throttle))
                    }
                }
            }
        },
    ]

    private var openedAPIs: [String] { apis.keys.inCodePointOrder }
}
