// What changed in what a route asks of its callers: its authorizer, and scopes.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares whom a route lets in: its authorizer and the scopes that it asks for.
    mutating func compareGuards(_ old: Route, _ new: Route, _ api: APIPair) {
        compareAuth(old.auth, new.auth, api, "auth")
        guard old.scopes != new.scopes else { return }
        let (before, after) = (Set(old.scopes), Set(new.scopes))
        let (oldKind, newKind) = (api.old.scopeChecker(old), api.new.scopeChecker(new))
        // With scopes a REST API takes access tokens of a user pool, without them identity tokens.
        let otherTokens = oldKind == .cognito && newKind == .cognito && before.isEmpty != after.isEmpty
        for scope in before.subtracting(after).inCodePointOrder {
            let judgement: ScopeJudgement =
                oldKind == nil ? .noEffect : otherTokens ? .anyToken : after.isEmpty ? .wider : .narrower
            add(.scopeRemoved, scope, before: true, judgement)
        }
        for scope in after.subtracting(before).inCodePointOrder {
            let judgement: ScopeJudgement =
                newKind == nil ? .noEffect : otherTokens ? .otherTokens : before.isEmpty ? .narrower : .wider
            add(.scopeAdded, scope, before: false, judgement)
        }
    }

    private mutating func add(_ rule: ChangeRule, _ scope: String, before: Bool, _ judgement: ScopeJudgement) {
        add(
            rule,
            "scopes",
            before: before ? scope.reviewed : nil,
            after: before ? nil : scope.reviewed,
            impact: judgement.impact,
            security: .some(judgement.security)
        )
    }

    /// Compares who may send a preflight, which does nothing by itself: trust stays where it is.
    mutating func comparePreflightAuth(_ old: RouteAuth, _ new: RouteAuth, _ api: APIPair) {
        compareAuth(old, new, api, "preflightAuth", security: .some(nil))
    }

    private mutating func compareAuth(
        _ old: RouteAuth,
        _ new: RouteAuth,
        _ api: APIPair,
        _ member: String,
        security: SecurityEffect?? = .none
    ) {
        let rule: ChangeRule
        var (impact, security): (Impact?, SecurityEffect??) = (nil, security)
        switch (old, new) {
        case (.none, .none): return
        case (.none, .authorizer): rule = .authAdded
        case (.authorizer, .none): rule = .authRemoved
        case (.authorizer(let oldName), .authorizer(let newName)):
            guard renames.authorizer(oldName, ofAPI: api.newID) != newName else { return }
            rule = .authChanged
            let same = api.old.authorizers[oldName].map { renames.renamingFunction(of: $0) }
            if let same, same == api.new.authorizers[newName] { (impact, security) = (.compatible, .some(nil)) }
        }
        let (before, after) = (old.text.reviewed, new.text.reviewed)
        add(rule, member, before: before, after: after, impact: impact, security: security)
    }
}

/// What a scope more or less does.
private enum ScopeJudgement {
    /// More tokens are good than before.
    case wider
    /// Fewer are.
    case narrower
    /// Tokens of another sort are.
    case otherTokens
    /// Tokens of another sort are, all of them.
    case anyToken
    /// Nobody looks at it.
    case noEffect

    var impact: Impact {
        switch self {
        case .wider, .noEffect: .compatible
        case .narrower, .otherTokens, .anyToken: .breaking
        }
    }

    var security: SecurityEffect? {
        switch self {
        case .wider, .anyToken: .weakens
        case .narrower: .strengthens
        case .otherTokens: .review
        case .noEffect: nil
        }
    }
}

extension API {
    /// The kind of the authorizer of a route, if it is one that looks at scopes.
    func scopeChecker(_ route: Route) -> Authorizer.Kind? {
        guard case .authorizer(let name) = route.auth, let kind = authorizers[name]?.kind else { return nil }
        return kind == .jwt || kind == .cognito ? kind : nil
    }
}
