// The rules about requests that another route takes than before.

extension ChangeRules {
    static let reachability: [ChangeRule] = [.routeCaptured, .routeReleased]
}

extension ChangeRule {
    private static let moveException = """
        it weakens security where the request no longer needs an authorizer, a scope, an API key or a parameter that \
        it needed, strengthens it and is breaking where it needs one in addition, is breaking where the authorizer is \
        another one, and has nothing to do with security where function and guard are the same
        """

    static let routeCaptured = ChangeRule(
        "route-captured",
        .risky,
        .review,
        exception: moveException,
        mirror: "route-released",
        "a more specific route takes requests that another route took",
        """
        API Gateway gives a request to the most specific route that fits. The route that took it before is still \
        there, or was more general; the example shows a request that goes elsewhere now. Its handler sees other path \
        parameters and another route key, even where it is the same function.
        """
    )
    static let routeReleased = ChangeRule(
        "route-released",
        .risky,
        .review,
        exception: moveException,
        mirror: "route-captured",
        "requests fall to a less specific route",
        """
        The route that took them is gone or narrower, and they are not refused: a greedy route, `ANY` or `$default` \
        answers them. Where that route is open, requests that were guarded are open to everyone, which neither the \
        removed lines nor the remaining ones show.
        """
    )
}
