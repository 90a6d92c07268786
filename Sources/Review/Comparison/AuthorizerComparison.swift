// What changed in authorizers.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the authorizers of an API.
    mutating func compareAuthorizers(_ api: APIPair) {
        var added = api.new.authorizers
        for (name, before) in api.old.authorizers {
            let newName = renames.authorizer(name, ofAPI: api.newID)
            guard let after = added.removeValue(forKey: newName) else {
                move(to: .authorizer(name, api: api.oldID))
                add(.authorizerRemoved, before: before.summary)
                continue
            }
            move(to: .authorizer(newName, api: api.newID), from: .authorizer(name, api: api.oldID))
            if name != newName { add(.authorizerRenamed) }
            compare(before, after, api)
        }
        for (name, after) in added {
            move(to: .authorizer(name, api: api.newID))
            add(.authorizerAdded, after: after.summary)
        }
    }

    private mutating func compare(_ old: Authorizer, _ new: Authorizer, _ api: APIPair) {
        guard old != new else { return }
        guard old.kind == new.kind else {
            // What else is different belongs to one of the kinds.
            let (before, after) = (old.kind.rawValue.reviewed, new.kind.rawValue.reviewed)
            return add(.authorizerKindChanged, "kind", before: before, after: after)
        }
        if let before = old.function, let after = new.function, renames.function(before) != after {
            add(.authorizerSourceChanged, "function", before: before.reviewed, after: after.reviewed)
        } else if (old.function == nil) != (new.function == nil) {
            let (before, after) = (old.function?.reviewed, new.function?.reviewed)
            add(.authorizerSourceChanged, "function", before: before, after: after)
        }
        MemberRule.compare(old, new, by: Authorizer.memberRules, into: &self)
        compareSources(old, new, api)
        let before = old.cacheSeconds ?? old.defaultCacheSeconds(api.old.kind)
        let after = new.cacheSeconds ?? new.defaultCacheSeconds(api.new.kind)
        guard before != after, old.cacheSeconds != new.cacheSeconds else { return }
        let rule: ChangeRule = after > before ? .authorizerCacheLengthened : .authorizerCacheShortened
        add(rule, "cacheSeconds", before: before.reviewed, after: after.reviewed)
    }

    /// Compares where the identity stands. A request without one of the sources of a `REQUEST` authorizer is refused
    /// before the function is asked; in a REST API only while answers are kept (developer guide, "Use API Gateway Lambda
    /// authorizers").
    private mutating func compareSources(_ old: Authorizer, _ new: Authorizer, _ api: APIPair) {
        let (before, after) = (old.usedIdentitySources, new.usedIdentitySources)
        guard before != after else { return }
        var (impact, security): (Impact?, SecurityEffect??) = (.breaking, .none)
        if old.kind == .lambda, new.kind == .lambda, old.input != .token, new.input != .token {
            func isRead(_ authorizer: Authorizer, _ kind: APIKind) -> Bool {
                kind != .rest || authorizer.cacheSeconds ?? authorizer.defaultCacheSeconds(kind) > 0
            }
            let (sources, newSources) = (Set(before), Set(after))
            if !isRead(old, api.old.kind), !isRead(new, api.new.kind) {
                (impact, security) = (.compatible, .some(nil))
            } else if sources == newSources {
                impact = nil
            } else if newSources.isSuperset(of: sources) {
                security = .strengthens
            } else if newSources.isSubset(of: sources) {
                // Functions of HTTP APIs are given the sources as a list.
                (impact, security) = (api.new.kind == .rest ? .compatible : .risky, .weakens)
            }
        }
        let (shown, newShown) = (before.reviewed, after.reviewed)
        add(
            .authorizerSourceChanged,
            "identitySources",
            before: shown,
            after: newShown,
            impact: impact,
            security: security
        )
    }
}

extension Authorizer {
    /// What is shown of an authorizer that came or went.
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        object["kind"] = kind.rawValue.reviewed
        if let function { object["function"] = function.reviewed }
        if let issuer { object["issuer"] = issuer.reviewed }
        return .object(object)
    }

    /// How long an answer is kept by an authorizer that does not say (developer guide, `authorizerResultTtlInSeconds`;
    /// CloudFormation reference, `AWS::ApiGatewayV2::Authorizer`), in seconds.
    fileprivate func defaultCacheSeconds(_ api: APIKind) -> Int {
        api == .rest && (kind == .lambda || kind == .cognito) ? 300 : 0
    }

    /// Its own, or that of a JWT authorizer or a user pool without one.
    fileprivate var usedIdentitySources: [String] {
        guard identitySources.isEmpty else { return identitySources }
        return switch kind {
        case .jwt: ["$request.header.Authorization"]
        case .cognito: ["method.request.header.Authorization"]
        case .lambda where input == .token: ["method.request.header.Authorization"]
        case .lambda, .iam, .unsupported: []
        }
    }

    /// How the members of an authorizer are compared, but for its kind, its function and its cache.
    fileprivate static let memberRules: [MemberRule<Authorizer>] = [
        .value("input", \.input?.rawValue, .authorizerPayloadChanged),
        .value("payload", \.payload?.rawValue, .authorizerPayloadChanged),
        .flag("simpleResponses", \.hasSimpleResponses, on: .authorizerPayloadChanged, off: .authorizerPayloadChanged),
        .custom { old, new, changes in
            let (before, after) = (old.validationExpression, new.validationExpression)
            guard before != after else { return }
            var (impact, security): (Impact?, SecurityEffect??) = (nil, .none)
            if before == nil { (impact, security) = (.breaking, .strengthens) }
            if after == nil { (impact, security) = (.compatible, .weakens) }
            changes.add(
                .authorizerSourceChanged,
                "validationExpression",
                before: before?.reviewed,
                after: after?.reviewed,
                impact: impact,
                security: security
            )
        },
        .custom { old, new, changes in
            guard old.issuer != new.issuer else { return }
            let (before, after) = (old.issuer?.reviewed, new.issuer?.reviewed)
            changes.add(.authorizerSourceChanged, "issuer", before: before, after: after, impact: .breaking)
        },
        .oneOf("audiences", \.audiences),
        .oneOf("userPools", \.userPools),
    ]
}

extension MemberRule {
    /// Names of which a token must have one: one more lets more tokens in, one less fewer.
    fileprivate static func oneOf(_ name: String, _ path: any KeyPath<Subject, [String]> & Sendable) -> Self {
        Self { old, new, changes in
            let (before, after) = (Set(old[keyPath: path]), Set(new[keyPath: path]))
            for element in before.subtracting(after).inCodePointOrder {
                changes.add(
                    .authorizerSourceChanged,
                    name,
                    before: element.reviewed,
                    impact: .breaking,
                    security: after.isEmpty ? .review : .strengthens
                )
            }
            for element in after.subtracting(before).inCodePointOrder {
                changes.add(
                    .authorizerSourceChanged,
                    name,
                    after: element.reviewed,
                    impact: before.isEmpty ? .breaking : .compatible,
                    security: before.isEmpty ? .review : .weakens
                )
            }
        }
    }
}
