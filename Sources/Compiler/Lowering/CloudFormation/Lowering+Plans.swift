// API keys and usage plans that stand in resources.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::ApiGateway::ApiKey`; its value is a secret.
    mutating func lowerAPIKey(_ resource: ResolvedTemplate.Served) {
        var key = APIKey()
        defer { apiKeys[resource.id] = key }
        guard let properties = properties(of: resource) else { return }
        key.name = properties["Name"]?.text(unknown: .settingUnknown, into: &diagnostics)
        // API Gateway makes a key that is not enabled unless it is told so.
        key.isEnabled = properties["Enabled"]?.boolean(unknown: .settingUnknown, into: &diagnostics) ?? false
        guard let property = properties["Value"] else { return }
        key.value = .secret(property.value.secretSource ?? "'Value' of '\(resource.id)'")
        if let text = property.value.text {
            secrets.apiKeys[resource.id] = text
        } else if property.value.unknownReason == nil {
            // Reports that it is no text.
            _ = property.text(into: &diagnostics)
        }
    }

    /// Lowers an `AWS::ApiGateway::UsagePlan`.
    mutating func lowerUsagePlan(_ resource: ResolvedTemplate.Served) {
        var plan = UsagePlan()
        defer { usagePlans[resource.id] = plan }
        guard let properties = properties(of: resource) else { return }
        plan.throttle = properties["Throttle"].flatMap { throttle($0) }
        plan.quota = properties["Quota"].flatMap { quota($0) }
        for stage in properties["ApiStages"]?.elements(unknown: .settingUnknown, into: &diagnostics) ?? [] {
            guard let settings = stage.properties(["ApiId", "Stage", "Throttle"], into: &diagnostics),
                let id = settings.required("ApiId", into: &diagnostics).flatMap({ api($0, isVersion2: false) })
            else { continue }
            var limits: [String: Throttle] = [:]
            for limit in settings["Throttle"]?.properties(unknown: .settingUnknown, into: &diagnostics)?.all ?? [] {
                limits[Self.routeSpelling(limit.name)] = throttle(limit)
            }
            plan.apis[id, default: [:]].merge(limits) { first, _ in first }
        }
    }

    /// `/pets/GET`, as plans spell routes, as `GET /pets`.
    private static func routeSpelling(_ text: String) -> String {
        guard let slash = text.lastIndex(of: "/") else { return text }
        let path = slash == text.startIndex ? "/" : String(text[..<slash])
        return "\(text[text.index(after: slash)...]) \(path)"
    }

    /// Lowers an `AWS::ApiGateway::UsagePlanKey`, which puts a key into a plan.
    mutating func lowerUsagePlanKey(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let plan = properties.required("UsagePlanId", into: &diagnostics)
                .flatMap({ self.resource($0, .usagePlan, "usage plan", severity: .warning) }),
            let key = properties.required("KeyId", into: &diagnostics)
                .flatMap({ self.resource($0, .apiKey, "API key", severity: .warning) })
        else { return }
        usagePlans[plan.id]?.keys.append(key.id)
    }
}
