// The rules about who may call a route.

extension ChangeRules {
    static let authorization: [ChangeRule] = [
        .authAdded, .authRemoved, .authChanged, .scopeAdded, .scopeRemoved, .apiKeyRequired, .apiKeyDropped,
        .authorizerAdded, .authorizerRemoved, .authorizerKindChanged, .authorizerSourceChanged,
        .authorizerPayloadChanged, .authorizerCacheLengthened, .authorizerCacheShortened,
    ]
}

extension ChangeRule {
    static let authAdded = ChangeRule(
        "auth-added",
        .breaking,
        .strengthens,
        exception: "it changes nothing for security where only the preflights are guarded",
        mirror: "auth-removed",
        "a route that was open has an authorizer",
        """
        Clients that sent nothing to identify them get 401 or 403 from now on. On the preflights of a REST API it \
        keeps browsers out: they send no credentials with a preflight.
        """
    )
    static let authRemoved = ChangeRule(
        "auth-removed",
        .compatible,
        .weakens,
        exception: "it changes nothing for security where only the preflights are open",
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
        exception: """
            it is compatible, and nothing for security, where both authorizers say the same; nothing for security on \
            preflights
            """,
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
        exception: """
            beside scopes that were there it is compatible and weakens security; the first one on a user pool, which \
            then takes access tokens in place of identity tokens, is for review; without an authorizer that reads \
            scopes it does nothing
            """,
        mirror: "scope-removed",
        "a route takes tokens of one more scope",
        """
        A token needs one of the scopes of a route. The first one shuts out the tokens that have none; each further \
        one lets more tokens in.
        """
    )
    static let scopeRemoved = ChangeRule(
        "scope-removed",
        .compatible,
        .weakens,
        exception: """
            where other scopes are left it is breaking and strengthens security; the last one on a user pool, which \
            then takes everyone's identity tokens in place of access tokens, is breaking; without an authorizer that \
            reads scopes it does nothing
            """,
        mirror: "scope-added",
        "a route takes tokens of one scope less",
        """
        A token needs one of the scopes of a route. Without the last one every token of the issuer is good; while \
        others stay, tokens that had only this one are refused.
        """
    )
    static let apiKeyRequired = ChangeRule(
        "api-key-required",
        .breaking,
        .strengthens,
        exception: "it changes nothing for security where only the preflights need it, which browsers send without",
        mirror: "api-key-dropped",
        "a route needs an API key",
        """
        Requests without a key of a usage plan get 403.
        """
    )
    static let apiKeyDropped = ChangeRule(
        "api-key-dropped",
        .compatible,
        .weakens,
        exception: "it changes nothing for security where only the preflights need none",
        mirror: "api-key-required",
        "a route needs no API key any more",
        """
        Requests pass without a key, and without the limits of its usage plan.
        """
    )
    static let authorizerAdded = ChangeRule(
        "authorizer-added",
        .compatible,
        mirror: "authorizer-removed",
        "an API has a new authorizer",
        """
        By itself it guards nothing; routes that have it are changes of their own.
        """
    )
    static let authorizerRemoved = ChangeRule(
        "authorizer-removed",
        .compatible,
        mirror: "authorizer-added",
        "an authorizer is gone",
        """
        Routes that had it are changes of their own.
        """
    )
    static let authorizerKindChanged = ChangeRule(
        "authorizer-kind-changed",
        .breaking,
        .review,
        mirror: "authorizer-kind-changed",
        "an authorizer decides in another way",
        """
        Clients must show something else, and something else decides whom it lets in. Its other members are not \
        compared.
        """
    )
    static let authorizerSourceChanged = ChangeRule(
        "authorizer-source-changed",
        .risky,
        .review,
        exception: """
            an audience or user pool beside others is compatible and weakens security; one less, while others stay, \
            is breaking and strengthens it; one more identity source of a function, or a validation expression where \
            was none, is breaking and strengthens security, one less weakens it; another issuer, or another place of \
            the token, is breaking; identity sources that nobody reads, since a REST API keeps no answers, are nothing
            """,
        mirror: "authorizer-source-changed",
        "an authorizer asks another source: function, issuer, audience, user pool, identity source, expression",
        """
        Every route that has the authorizer trusts something else than before.
        """
    )
    static let authorizerPayloadChanged = ChangeRule(
        "authorizer-payload-changed",
        .breaking,
        mirror: "authorizer-payload-changed",
        "the function of an authorizer gets other events, or must answer in another form",
        """
        A function that is not changed with it fails or answers what nobody understands: clients get 401, 403 or \
        500.
        """
    )
    static let authorizerCacheLengthened = ChangeRule(
        "authorizer-cache-lengthened",
        .compatible,
        .weakens,
        mirror: "authorizer-cache-shortened",
        "the answers of an authorizer are kept longer",
        """
        Who loses a right keeps it for longer.
        """
    )
    static let authorizerCacheShortened = ChangeRule(
        "authorizer-cache-shortened",
        .risky,
        .strengthens,
        mirror: "authorizer-cache-lengthened",
        "the answers of an authorizer are kept for a shorter time",
        """
        The authorizer is asked more often: answers take longer, and its limits are met sooner.
        """
    )
}
