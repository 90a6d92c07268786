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
        for id in Set(old.usagePlans.keys).union(new.usagePlans.keys) {
            move(to: .usagePlan(id))
            switch (old.usagePlans[id], new.usagePlans[id]) {
            case (let before?, let after?):
                var before = before
                let apis = before.apis.map { (renames.api($0), $1) }
                before.apis = Dictionary(apis) { first, _ in first }
                MemberRule.compare(before, after, by: UsagePlan.memberRules, into: &self)
            case (nil, let after?): add(.planAdded, after: after.summary)
            case (let before?, nil): add(.planRemoved, before: before.summary)
            case (nil, nil): break
            }
        }
    }
}

extension UsagePlan {
    /// What is shown of a plan that came or went.
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        object["apis"] = apis.keys.sorted { $0.precedes($1) }.reviewed
        object["keys"] = Set(keys).sorted { $0.precedes($1) }.reviewed
        return .object(object)
    }

    /// How the members of a plan are compared.
    fileprivate static let memberRules: [MemberRule<UsagePlan>] = [
        .set("apis", \.openedAPIs, added: .planAPIAdded, removed: .planAPIRemoved),
        .set("keys", \.keys, added: .planKeyAdded, removed: .planKeyRemoved),
        .throttle("throttle", \.throttle),
        .custom { old, new, changes in changes.compareQuota(old.quota, new.quota) },
        .custom { old, new, changes in
            for api in old.openedAPIs {
                guard let before = old.apis[api], let after = new.apis[api], before != after else { continue }
                for route in Set(before.keys).union(after.keys).sorted(by: { $0.precedes($1) }) {
                    changes.within("apis/\(api)/\(route)") {
                        $0.compareThrottle(before[route], after[route], in: (old.throttle, new.throttle))
                    }
                }
            }
        },
    ]

    private var openedAPIs: [String] { apis.keys.sorted { $0.precedes($1) } }
}
