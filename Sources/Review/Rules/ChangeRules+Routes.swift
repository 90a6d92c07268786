// The rules about routes and what answers them.

extension ChangeRules {
    static let routes: [ChangeRule] = [
        .routeAdded, .routeRemoved, .routeMethodNarrowed, .routeMethodWidened, .pathParameterRenamed,
        .pathParameterGreedy, .pathParameterSingle, .routeFunctionChanged, .routeTargetChanged,
        .routeMappingChanged, .payloadVersionChanged, .streamingChanged, .operationNameChanged, .validationAdded,
        .validationRemoved, .validationChanged,
    ]
}

extension ChangeRule {
    static let routeAdded = ChangeRule(
        "route-added",
        .compatible,
        exception: """
            it weakens security where the `auth` of the route is `none`, unless it is of messages whose `$connect` has \
            an authorizer
            """,
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
    static let routeMethodNarrowed = ChangeRule(
        "route-method-narrowed",
        .breaking,
        .strengthens,
        exception: "it is risky, and nothing for security, where all seven methods have routes now",
        mirror: "route-method-widened",
        "a route of every method is one of a single method",
        """
        Requests of other methods are refused, or fall to another route. The members of both routes are compared. \
        Functions find another `resource` or `routeKey` in their events.
        """
    )
    static let routeMethodWidened = ChangeRule(
        "route-method-widened",
        .compatible,
        .weakens,
        exception: "it is risky, and nothing for security, where all seven methods had routes before",
        mirror: "route-method-narrowed",
        "a route of a single method is one of every method",
        """
        Requests of the other methods reach what answers the route, which may never have seen them. The members of \
        both routes are compared. Functions find another `resource` or `routeKey` in their events.
        """
    )
    static let pathParameterRenamed = ChangeRule(
        "path-parameter-renamed",
        .breaking,
        mirror: "path-parameter-renamed",
        "a parameter of a path has another name",
        """
        The same requests match, but functions find the value under another name in `pathParameters`, and mappings \
        that have the old name find nothing.
        """
    )
    static let pathParameterGreedy = ChangeRule(
        "path-parameter-greedy",
        .compatible,
        .weakens,
        mirror: "path-parameter-single",
        "the last parameter of a path takes all segments that follow",
        """
        Paths that no route took reach what answers the route, slashes within the value. A check that takes the \
        value for one segment may be wrong.
        """
    )
    static let pathParameterSingle = ChangeRule(
        "path-parameter-single",
        .breaking,
        .strengthens,
        mirror: "path-parameter-greedy",
        "the last parameter of a path takes one segment alone",
        """
        Longer paths are refused, or fall to another route.
        """
    )
    static let routeFunctionChanged = ChangeRule(
        "route-function-changed",
        .risky,
        .review,
        mirror: "route-function-changed",
        "another function answers a route",
        """
        Only a look at both functions says whether clients get the same answers, and whether callers are checked in \
        the same way.
        """
    )
    static let routeTargetChanged = ChangeRule(
        "route-target-changed",
        .risky,
        .review,
        exception: """
            it weakens security where the address is `http` in place of `https`, and strengthens it the other way \
            around
            """,
        mirror: "route-target-changed",
        "another integration answers a route, or asks another address",
        """
        Requests, with all that they carry, go to another place.
        """
    )
    static let routeMappingChanged = ChangeRule(
        "route-mapping-changed",
        .risky,
        mirror: "route-mapping-changed",
        "a request or an answer is mapped otherwise on its way",
        """
        The same place is asked, but it gets, or clients get, other parameters, bodies, methods or statuses.
        """
    )
    static let payloadVersionChanged = ChangeRule(
        "payload-version-changed",
        .breaking,
        mirror: "payload-version-changed",
        "a function gets events of another format",
        """
        Nearly every member of an event has another name or place in the other format, and 2.0 takes answers that \
        1.0 does not.
        """
    )
    static let streamingChanged = ChangeRule(
        "streaming-changed",
        .breaking,
        mirror: "streaming-changed",
        "the answer of a route is passed on while it is made, or not any more",
        """
        A function that streams writes its status and fields before the body, in a form that is an error where \
        answers are not streamed, and the other way around.
        """
    )
    static let operationNameChanged = ChangeRule(
        "operation-name-changed",
        .risky,
        mirror: "operation-name-changed",
        "the operation of a route has another name",
        """
        Functions read it as `requestContext.operationName`.
        """
    )
    static let validationAdded = ChangeRule(
        "validation-added",
        .breaking,
        .strengthens,
        mirror: "validation-removed",
        "a route checks requests for one thing more",
        """
        Requests without the parameter, or with a body that does not match the model, get 400 and never reach what \
        answers the route.
        """
    )
    static let validationRemoved = ChangeRule(
        "validation-removed",
        .compatible,
        .weakens,
        mirror: "validation-added",
        "a route checks requests for one thing less",
        """
        What answers the route gets requests that were kept from it: it must check them itself.
        """
    )
    static let validationChanged = ChangeRule(
        "validation-changed",
        .risky,
        .review,
        mirror: "validation-changed",
        "bodies of a route must match another model",
        """
        Bodies that were good may be refused, and others accepted.
        """
    )
}
