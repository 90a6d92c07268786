// The rules about routes.

extension ChangeRules {
    static let routes: [ChangeRule] = [.routeAdded, .routeRemoved]
}

extension ChangeRule {
    static let routeAdded = ChangeRule(
        "route-added",
        .compatible,
        exception: "it weakens security where the `auth` of the route is `none`",
        mirror: "route-removed",
        "an API has a new route",
        """
        Requests that no route took before are answered now. Whoever reviews it looks at its `auth`: a route with \
        `none` is open to everyone. Where a less specific route took them before, `route-captured` says so, too.
        """
    )
    static let routeRemoved = ChangeRule(
        "route-removed",
        .breaking,
        mirror: "route-added",
        "a route is gone",
        """
        Its requests are refused, or fall to a less specific route, which `route-released` shows.
        """
    )
}
