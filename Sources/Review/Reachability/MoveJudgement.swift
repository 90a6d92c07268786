// What it means that a request goes to another route: what guards the two, and what answers.

internal import Manifest

/// The judgement of a request that has moved between two routes.
struct MoveJudgement: Sendable {
    let impact: Impact
    let security: SecurityEffect?

    /// Judges by the two routes, each with the manifest that it stands in, and what is renamed between them.
    init(_ from: PlacedRoute, in old: Manifest, _ to: PlacedRoute, in new: Manifest, _ renames: Renames) {
        guard let before = from.route(in: old), let after = to.route(in: new) else {
            self.init(impact: .risky, security: .review)
            return
        }
        var guarding = Guarding()
        guarding.compareAuthorization(from, before, old, to, after, new, renames)
        guarding.compare(before.isKeyRequired ? ["key"] : [], after.isKeyRequired ? ["key"] : [])
        guarding.compare(
            Set(before.validation?.requiredParameters ?? []),
            Set(after.validation?.requiredParameters ?? [])
        )
        guarding.compare(
            Set(before.validation?.models.keys.map { $0 } ?? []),
            Set(after.validation?.models.keys.map { $0 } ?? [])
        )
        let impact: Impact = guarding.isGained || guarding.isReplaced ? .breaking : .risky
        if guarding.isReplaced || guarding.isGained && guarding.isLost {
            self.init(impact: impact, security: .review)
        } else if guarding.isLost || guarding.isGained {
            self.init(impact: impact, security: guarding.isLost ? .weakens : .strengthens)
        } else {
            let isSame = renames.renamingFunction(of: before.target) == after.target && renames.api(from.api) == to.api
            self.init(impact: impact, security: isSame ? nil : .review)
        }
    }

    private init(impact: Impact, security: SecurityEffect?) {
        self.impact = impact
        self.security = security
    }
}

extension PlacedRoute {
    /// The route itself.
    func route(in manifest: Manifest) -> Route? { manifest.apis[api]?.routes[key] }
}

/// What a request no longer needs, and what it needs in addition.
private struct Guarding {
    var isLost = false
    var isGained = false
    var isReplaced = false

    /// Compares what is asked for, all of which a request must have.
    mutating func compare(_ before: Set<String>, _ after: Set<String>) {
        if !before.isSubset(of: after) { isLost = true }
        if !after.isSubset(of: before) { isGained = true }
    }

    mutating func compareAuthorization(
        _ from: PlacedRoute,
        _ oldRoute: Route,
        _ old: Manifest,
        _ to: PlacedRoute,
        _ newRoute: Route,
        _ new: Manifest,
        _ renames: Renames
    ) {
        switch (oldRoute.auth, newRoute.auth) {
        case (.none, .none): break
        case (.none, .authorizer): isGained = true
        case (.authorizer, .none): isLost = true
        case (.authorizer(let before), .authorizer(let after)):
            let oldAuthorizer = old.apis[from.api]?.authorizers[before].map { renames.renamingFunction(of: $0) }
            let isSame =
                renames.api(from.api) == to.api && renames.authorizer(before, ofAPI: to.api) == after
                || oldAuthorizer == new.apis[to.api]?.authorizers[after]
            guard isSame else { return isReplaced = true }
            switch new.apis[to.api]?.scopeChecker(newRoute) {
            case nil: break
            // With scopes it takes access tokens, without them everyone's identity tokens.
            case .cognito where oldRoute.scopes.isEmpty && !newRoute.scopes.isEmpty: isReplaced = true
            case _?: compareScopes(Set(oldRoute.scopes), Set(newRoute.scopes))
            }
        }
    }

    /// Compares scopes, one of which is enough; none of them asks for nothing.
    private mutating func compareScopes(_ before: Set<String>, _ after: Set<String>) {
        guard before != after else { return }
        switch (before.isEmpty, after.isEmpty) {
        case (true, _): isGained = true
        case (_, true): isLost = true
        default:
            if before.isSubset(of: after) {
                isLost = true
            } else if after.isSubset(of: before) {
                isGained = true
            } else {
                isReplaced = true
            }
        }
    }
}
