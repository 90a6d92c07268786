// What changed in APIs: which came and went, and what all of their routes share.

internal import JSON
internal import Manifest

/// An API on both sides.
struct APIPair {
    /// Its id in the old manifest.
    let oldID: String
    /// Its id in the new manifest.
    let newID: String
    let old: API
    let new: API
}

extension ChangeCollector {
    /// Compares the APIs of two manifests.
    mutating func compareAPIs(_ old: Manifest, _ new: Manifest) {
        var added = new.apis
        for (id, before) in old.apis {
            let newID = renames.api(id)
            if let after = added.removeValue(forKey: newID) {
                compare(APIPair(oldID: id, newID: newID, old: before, new: after))
            } else {
                move(to: .api(id))
                add(.apiRemoved, before: before.summary)
            }
        }
        for (id, after) in added {
            move(to: .api(id))
            add(.apiAdded, after: after.summary)
            for (key, route) in after.routes where after.isOpen(key, route) {
                move(to: .route(key, api: id))
                add(.openRouteAdded, after: route.summary)
            }
        }
    }

    private mutating func compare(_ pair: APIPair) {
        if pair.oldID != pair.newID {
            move(to: .api(pair.newID), from: .api(pair.oldID))
            add(.apiRenamed)
        }
        guard pair.old != pair.new else { return }
        move(to: .api(pair.newID), from: .api(pair.oldID))
        MemberRule.compare(pair.old, pair.new, by: API.memberRules, into: &self)
        compareCORS(pair)
        compareAuthorizers(pair)
        compareRoutes(pair)
    }
}

extension API {
    /// What is shown of an API that came or went.
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        object["kind"] = .string(kind.rawValue)
        object["routes"] = routes.count.reviewed
        return .object(object)
    }

    /// How the members of an API are compared, but for CORS, authorizers and routes.
    static let memberRules: [MemberRule<API>] = [
        .custom { old, new, changes in
            guard old.kind != new.kind else { return }
            changes.add(.apiKindChanged, "kind", before: old.kind.rawValue.reviewed, after: new.kind.rawValue.reviewed)
        },
        .value("stage", \.stage, .stageChanged),
        .custom { old, new, changes in
            let (before, after) = (old.stageVariables, new.stageVariables)
            changes.within("stageVariables") { changes in
                for name in Set(before.keys).union(after.keys).inCodePointOrder
                where before[name] != after[name] {
                    let rule: ChangeRule =
                        before[name] == nil
                        ? .stageVariableAdded : after[name] == nil ? .stageVariableRemoved : .stageVariableChanged
                    let isAddress = old.hasAddress(with: name) || new.hasAddress(with: name)
                    changes.add(
                        rule,
                        name,
                        before: before[name]?.reviewed,
                        after: after[name]?.reviewed,
                        security: isAddress ? .review : .none
                    )
                }
            }
        },
        .records(
            "domains",
            \.domains,
            added: .mountAdded,
            removed: .mountRemoved,
            by: Domain.memberRules
        ),
        .flag("defaultEndpoint", \.hasDefaultEndpoint, on: .defaultEndpointEnabled, off: .defaultEndpointDisabled),
        .value("routeSelection", \.routeSelection, .routeSelectionChanged),
        .custom { old, new, changes in
            let (before, after) = (Set(old.binaryTypes), Set(new.binaryTypes))
            for type in before.subtracting(after).inCodePointOrder {
                let impact = type.binaryImpact(beside: after)
                changes.add(.binaryTypeRemoved, "binaryTypes", before: type.reviewed, impact: impact)
            }
            for type in after.subtracting(before).inCodePointOrder {
                let impact = type.binaryImpact(beside: before)
                changes.add(.binaryTypeAdded, "binaryTypes", after: type.reviewed, impact: impact)
            }
        },
        .custom { old, new, changes in
            let (before, after) = (old.minimumCompressionBytes, new.minimumCompressionBytes)
            guard before != after else { return }
            // Bodies of requests are unpacked only while it is on.
            changes.add(
                .compressionChanged,
                "minimumCompressionBytes",
                before: before?.reviewed,
                after: after?.reviewed,
                impact: before == nil || after == nil ? .risky : nil
            )
        },
        .custom { old, new, changes in
            guard old.policy != new.policy else { return }
            let (before, after) = (old.policy?.reviewed, new.policy?.reviewed)
            let rule: ChangeRule =
                before == nil ? .resourcePolicyAdded : after == nil ? .resourcePolicyRemoved : .resourcePolicyChanged
            // With IAM a policy lets callers of other accounts in, too.
            let isOpening = before == nil && new.authorizers.values.contains { $0.kind == .iam }
            changes.add(rule, "policy", before: before, after: after, security: isOpening ? .review : .none)
        },
        .custom { old, new, changes in
            guard old.takesKeysFromAuthorizer != new.takesKeysFromAuthorizer else { return }
            let (before, after) = new.takesKeysFromAuthorizer ? ("header", "authorizer") : ("authorizer", "header")
            changes.add(.apiKeySourceChanged, "apiKeySource", before: before.reviewed, after: after.reviewed)
        },
        .custom { old, new, changes in
            guard old.models != new.models else { return }
            let isUsed = (Array(old.routes.values) + Array(new.routes.values)).contains {
                $0.validation?.models.isEmpty == false
            }
            changes.within("models") { changes in
                for name in Set(old.models.keys).union(new.models.keys).inCodePointOrder {
                    let (before, after) = (old.models[name], new.models[name])
                    guard before != after else { continue }
                    changes.add(
                        .modelChanged,
                        name,
                        before: before?.reviewed,
                        after: after?.reviewed,
                        impact: isUsed ? nil : .compatible,
                        security: isUsed ? .none : .some(nil)
                    )
                }
            }
        },
        .records(
            "gatewayResponses",
            \.gatewayResponses,
            added: .gatewayResponseChanged,
            removed: .gatewayResponseChanged,
            by: GatewayResponse.memberRules
        ),
        .throttle("throttle", \.throttle),
        .custom { old, new, changes in
            changes.within("canary") { changes in
                for rule in canaryRules { rule.compare(old, new, &changes) }
            }
        },
        .value("accessLogFormat", \.accessLogFormat, .accessLogChanged),
    ]
}

extension API {
    /// Whether an integration asks an address that holds a variable of the stage.
    fileprivate func hasAddress(with variable: String) -> Bool {
        routes.values.contains { route in
            guard case .integration(let integration) = route.target else { return false }
            return [integration.url, integration.service].contains {
                $0?.contains("stageVariables.\(variable)}") == true
            }
        }
    }
}

extension String {
    /// What it means that bodies of this media type travel as base64 or not any more, beside other types that do.
    fileprivate func binaryImpact(beside types: Set<String>) -> Impact? {
        let group = "\(prefix { $0 != "/" })/*"
        if types.contains("*/*") || types.contains(group) { return .compatible }
        // Types that JSON has, and what has no type (developer guide, "Content type conversions in API Gateway").
        return ["*/*", "application/*", "application/json"].contains(self) ? .breaking : nil
    }
}

extension API {
    private static let canaryRules: [MemberRule<API>] = [
        .value("percent", \.canary?.percent, .canaryChanged),
        .members("stageVariables", \.canaryVariables, .canaryChanged),
    ]

    private var canaryVariables: [String: String] { canary?.stageVariables ?? [:] }
}

extension GatewayResponse: ReviewedValue {
    var reviewed: JSONValue {
        var object = JSONObject()
        if let statusCode { object["statusCode"] = statusCode.reviewed }
        object.setReviewed("parameters", parameters)
        object.setReviewed("templates", templates)
        return .object(object)
    }

    fileprivate static let memberRules: [MemberRule<GatewayResponse>] = [
        .value("statusCode", \.statusCode, .gatewayResponseChanged),
        .members("parameters", \.parameters, .gatewayResponseChanged),
        .members("templates", \.templates, .gatewayResponseChanged),
    ]
}

extension Domain: ReviewedValue {
    var reviewed: JSONValue {
        var object = JSONObject()
        if !basePaths.isEmpty { object["basePaths"] = basePaths.reviewedSet }
        if isMutualTLS { object["mutualTls"] = true }
        return .object(object)
    }

    fileprivate static let memberRules: [MemberRule<Domain>] = [
        .custom { old, new, changes in
            let (before, after) = (Set(old.basePaths), Set(new.basePaths))
            guard before != after else { return }
            // Without base paths, every path belongs to the API.
            let rule: ChangeRule =
                after.isEmpty || (!before.isEmpty && after.isSuperset(of: before))
                ? .mountAdded : before.isEmpty || before.isSuperset(of: after) ? .mountRemoved : .mountChanged
            changes.add(rule, "basePaths", before: old.basePaths.reviewedSet, after: new.basePaths.reviewedSet)
        },
        .flag("mutualTls", \.isMutualTLS, on: .mutualTLSAdded, off: .mutualTLSRemoved),
    ]
}
