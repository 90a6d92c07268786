// The rules about who may call a route.

extension ChangeRules {
    static let authorization: [ChangeRule] = [.authAdded, .authRemoved, .authChanged, .scopeAdded, .scopeRemoved]
}

extension ChangeRule {
    static let authAdded = ChangeRule(
        "auth-added",
        .breaking,
        .strengthens,
        mirror: "auth-removed",
        "a route that was open has an authorizer",
        """
        Clients that sent nothing to identify them get 401 or 403 from now on.
        """
    )
    static let authRemoved = ChangeRule(
        "auth-removed",
        .compatible,
        .weakens,
        mirror: "auth-added",
        "a route that had an authorizer is open to everyone",
        """
        No client breaks, and no test fails: that is why this is the change that a review most easily overlooks.
        """
    )
    static let authChanged = ChangeRule(
        "auth-changed",
        .breaking,
        .review,
        mirror: "auth-changed",
        "a route has another authorizer",
        """
        Credentials that were good may not be any more, and others are good that were not.
        """
    )
    static let scopeAdded = ChangeRule(
        "scope-added",
        .breaking,
        .strengthens,
        mirror: "scope-removed",
        "a route takes tokens of one more scope",
        """
        placeholder
        """
    )
    static let scopeRemoved = ChangeRule(
        "scope-removed",
        .compatible,
        .weakens,
        mirror: "scope-added",
        "a route takes tokens of one scope less",
        """
        placeholder
        """
    )
}
