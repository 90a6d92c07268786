// What changed in what answers a route: the function, or the integration and what it maps.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares what answers a route.
    mutating func compareTargets(_ old: Route, _ new: Route, _ api: APIPair) {
        switch (old.target, new.target) {
        case (.function(let before, let oldPayload), .function(let after, let newPayload)):
            compareFunctionNames(before, after, "function")
            // Another kind of API has another default, which `api-kind-changed` says once.
            let isDefault = oldPayload == api.old.kind.defaultPayload && newPayload == api.new.kind.defaultPayload
            guard oldPayload != newPayload, !isDefault else { return }
            add(
                .payloadVersionChanged,
                "payload",
                before: oldPayload.rawValue.reviewed,
                after: newPayload.rawValue.reviewed
            )
        case (.integration(let before), .integration(let after)):
            guard before != after else { return }
            within("integration") { changes in
                if let old = before.function, let new = after.function {
                    changes.compareFunctionNames(old, new, "function")
                } else if before.function != after.function {
                    let (old, new) = (before.function?.reviewed, after.function?.reviewed)
                    changes.add(.routeTargetChanged, "function", before: old, after: new)
                }
                MemberRule.compare(before, after, by: Integration.memberRules, into: &changes)
            }
        case (.function(let before, _), .integration(let after)):
            add(.routeTargetChanged, "integration", before: before.reviewed, after: after.summary.reviewed)
        case (.integration(let before), .function(let after, _)):
            add(.routeTargetChanged, "integration", before: before.summary.reviewed, after: after.reviewed)
        }
    }

    private mutating func compareFunctionNames(_ old: String, _ new: String, _ member: String) {
        guard renames.function(old) != new else { return }
        add(.routeFunctionChanged, member, before: old.reviewed, after: new.reviewed)
    }
}

extension Integration {
    /// The integration in a few words: its type, and whom it asks.
    var summary: String {
        [kind.rawValue, targetText].compactMap { $0 }.joined(separator: " ")
    }

    /// How the members of an integration are compared, but for its function.
    fileprivate static let memberRules: [MemberRule<Integration>] = [
        .custom { old, new, changes in
            guard old.kind != new.kind else { return }
            changes.add(
                .routeTargetChanged,
                "type",
                before: old.kind.rawValue.reviewed,
                after: new.kind.rawValue.reviewed
            )
        },
        .custom { old, new, changes in
            guard old.url != new.url else { return }
            let security: SecurityEffect? =
                switch (old.scheme, new.scheme) {
                case ("https", "http"): .weakens
                case ("http", "https"): .strengthens
                default: .review
                }
            let (before, after) = (old.url?.reviewed, new.url?.reviewed)
            changes.add(.routeTargetChanged, "url", before: before, after: after, security: security)
        },
        .value("service", \.service, .routeTargetChanged),
        .flag("private", \.isPrivate, on: .routeTargetChanged, off: .routeTargetChanged),
        .value("method", \.method, .routeMappingChanged),
        .members("parameters", \.parameters, .routeMappingChanged),
        .members("templates", \.templates, .routeMappingChanged),
        .value("passthrough", \.writtenPassthrough, .routeMappingChanged),
        .value("contentHandling", \.contentHandling, .routeMappingChanged),
        .records(
            "responses",
            \.responses,
            added: .routeMappingChanged,
            removed: .routeMappingChanged,
            by: Response.memberRules
        ),
    ]

    /// Its own, or API Gateway's default.
    private var writtenPassthrough: String { passthrough ?? "WHEN_NO_MATCH" }

    private var scheme: String? { url?.split(separator: ":").first?.lowercased() }
}

extension Integration.Response: ReviewedValue {
    var reviewed: JSONValue {
        var object = JSONObject()
        object["statusCode"] = statusCode.reviewed
        object.setReviewed("parameters", parameters)
        object.setReviewed("templates", templates)
        if let contentHandling { object["contentHandling"] = contentHandling.reviewed }
        return .object(object)
    }

    fileprivate static let memberRules: [MemberRule<Integration.Response>] = [
        .value("statusCode", \.statusCode, .routeMappingChanged),
        .members("parameters", \.parameters, .routeMappingChanged),
        .members("templates", \.templates, .routeMappingChanged),
        .value("contentHandling", \.contentHandling, .routeMappingChanged),
    ]
}
