// `Auth.UsagePlan` of SAM: a plan and a key that it makes for an API, or for all of them.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Adds the usage plan that an API asks for, and its key.
    mutating func lowerUsagePlan(_ property: Property, of draft: APIDraft) {
        let known = ["CreateUsagePlan", "Description", "Quota", "Tags", "Throttle", "UsagePlanName"]
        guard let settings = property.properties(known, severity: .error, into: &diagnostics),
            let choice = settings.required("CreateUsagePlan", into: &diagnostics),
            let word = choice.text(into: &diagnostics)
        else { return }
        let name: String
        switch word {
        case "NONE": return
        case "PER_API": name = draft.id
        case "SHARED": name = "Serverless"
        default:
            diagnostics.emit(.usagePlanChoice(word, choice))
            return
        }
        let key = "\(name)ApiKey"
        apiKeys[key] = apiKeys[key] ?? APIKey()
        var plan = usagePlans["\(name)UsagePlan"] ?? UsagePlan()
        plan.apis[draft.id] = [:]
        plan.keys = [key]
        if let property = settings["Throttle"] { plan.throttle = throttle(property) }
        if let property = settings["Quota"] { plan.quota = quota(property) }
        usagePlans["\(name)UsagePlan"] = plan
    }

    /// `Quota` of a usage plan.
    mutating func quota(_ property: Property) -> UsagePlan.Quota? {
        guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics),
            let limit = settings["Limit"]?.integer(in: 0...Int(Int32.max), into: &diagnostics),
            let period = settings["Period"]?.choice(UsagePlan.Quota.Period.self, into: &diagnostics)
        else { return nil }
        var quota = UsagePlan.Quota(requests: limit, period: period)
        quota.offset = settings["Offset"]?.integer(in: 0...Int(Int32.max), into: &diagnostics) ?? 0
        return quota
    }
}

extension DiagnosticCode {
    static let usagePlanChoice = DiagnosticCode(
        "usage-plan",
        .error,
        """
        `CreateUsagePlan` is `PER_API` for a plan of this API, `SHARED` for one plan of all APIs, or `NONE`.
        """
    )
}

extension Diagnostic {
    fileprivate static func usagePlanChoice(_ text: String, _ property: Property) -> Diagnostic {
        let hint = didYouMean(text, among: ["PER_API", "SHARED", "NONE"])
        return Diagnostic(
            .usagePlanChoice,
            "\(property.words) is 'PER_API', 'SHARED' or 'NONE', not '\(text)'\(hint)",
            at: property.span
        )
    }
}
