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
            for (key, route) in after.routes where route.auth == .none {
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
        .members(
            "stageVariables",
            \.stageVariables,
            added: .stageVariableAdded,
            removed: .stageVariableRemoved,
            changed: .stageVariableChanged
        ),
        .records(
            "domains",
            \.domains,
            added: .mountAdded,
            removed: .mountRemoved,
            by: Domain.memberRules
        ),
        .flag("defaultEndpoint", \.hasDefaultEndpoint, on: .defaultEndpointEnabled, off: .defaultEndpointDisabled),
        .value("routeSelection", \.routeSelection, .routeSelectionChanged),
        .set("binaryTypes", \.binaryTypes, added: .binaryTypeAdded, removed: .binaryTypeRemoved),
        .custom { old, new, changes in
            let (before, after) = (old.minimumCompressionBytes, new.minimumCompressionBytes)
            guard before != after else { return }
            // Bodies of requests are unpacked only while it is on.
            changes.add(
                .compressionChanged,
                "minimumCompressionBytes",
                before: before?.reviewed,
                after: after?.reviewed,
                impact: after == nil ? .risky : nil
            )
        },
        .value(
            "policy",
            \.policy,
            added: .resourcePolicyAdded,
            removed: .resourcePolicyRemoved,
            changed: .resourcePolicyChanged
        ),
        .custom { old, new, changes in
            guard old.takesKeysFromAuthorizer != new.takesKeysFromAuthorizer else { return }
            let (before, after) = new.takesKeysFromAuthorizer ? ("header", "authorizer") : ("authorizer", "header")
            changes.add(.apiKeySourceChanged, "apiKeySource", before: before.reviewed, after: after.reviewed)
        },
        .members("models", \.models, .modelChanged),
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
