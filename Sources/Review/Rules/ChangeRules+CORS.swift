// The rules about browsers and scripts of other origins.

extension ChangeRules {
    static let crossOrigin: [ChangeRule] = [
        .corsAdded, .corsRemoved, .corsOriginAdded, .corsOriginRemoved, .corsOriginWildcard, .corsOriginRestricted,
        .corsCredentialsAllowed, .corsCredentialsDisallowed, .corsMethodAdded, .corsMethodRemoved, .corsHeaderAdded,
        .corsHeaderRemoved, .corsMaxAgeChanged,
    ]
}

extension ChangeRule {
    static let corsAdded = ChangeRule(
        "cors-added",
        .risky,
        .weakens,
        mirror: "cors-removed",
        "an API has cross-origin settings",
        """
        Scripts of the origins may read answers. An HTTP API answers preflights itself from then on and drops the \
        fields of CORS that functions set; a REST API answers `OPTIONS` itself on every path without a route of \
        that method, `ANY` or not, and leaves all other answers as functions make them.
        """
    )
    static let corsRemoved = ChangeRule(
        "cors-removed",
        .breaking,
        .strengthens,
        exception: """
            it is for review but for a REST API: fields of CORS that functions set themselves, which were dropped \
            before, reach browsers
            """,
        mirror: "cors-added",
        "an API has no cross-origin settings any more",
        """
        Preflights are requests like any other, and scripts of other origins read nothing, unless functions set the \
        fields themselves.
        """
    )
    static let corsOriginAdded = ChangeRule(
        "cors-origin-added",
        .compatible,
        .weakens,
        exception: """
            it changes nothing for security where a wildcard allowed the origin before, but for `*` together with \
            credentials, which browsers do not take
            """,
        mirror: "cors-origin-removed",
        "scripts of one more origin may read answers",
        """
        The origin is trusted with whatever the browser of a user can fetch.
        """
    )
    static let corsOriginRemoved = ChangeRule(
        "cors-origin-removed",
        .breaking,
        .strengthens,
        exception: "it is compatible, and nothing for security, where a wildcard allows the origin",
        mirror: "cors-origin-added",
        "scripts of an origin may not read answers any more",
        """
        Pages of that origin break, in browsers only.
        """
    )
    static let corsOriginWildcard = ChangeRule(
        "cors-origin-wildcard",
        .compatible,
        .weakens,
        exception: "it changes nothing for security where a wider wildcard was there before",
        mirror: "cors-origin-restricted",
        "scripts of every origin may read answers",
        """
        Every page that a user visits can read what the API answers to the browser of that user: `*`, or \
        `https://*`.
        """
    )
    static let corsOriginRestricted = ChangeRule(
        "cors-origin-restricted",
        .breaking,
        .strengthens,
        exception: "it is compatible, and nothing for security, where a wider wildcard is there",
        mirror: "cors-origin-wildcard",
        "scripts may not come from every origin any more",
        """
        Pages of origins that are not in the list break, in browsers only.
        """
    )
    static let corsCredentialsAllowed = ChangeRule(
        "cors-credentials-allowed",
        .compatible,
        .weakens,
        exception: """
            it changes nothing for security with the origin `*`, which browsers do not take together with \
            credentials
            """,
        mirror: "cors-credentials-disallowed",
        "scripts of other origins may send credentials",
        """
        The origins act with the cookies of the user.
        """
    )
    static let corsCredentialsDisallowed = ChangeRule(
        "cors-credentials-disallowed",
        .breaking,
        .strengthens,
        exception: """
            it is compatible, and nothing for security, with the origin `*`, which browsers do not take together \
            with credentials
            """,
        mirror: "cors-credentials-allowed",
        "scripts of other origins may not send credentials any more",
        """
        Requests with cookies from other origins fail in browsers.
        """
    )
    static let corsMethodAdded = ChangeRule(
        "cors-method-added",
        .compatible,
        .review,
        exception: """
            it is nothing for security for GET, HEAD and POST, which browsers send whatever the list says, and where \
            `*` was there before without credentials; it is risky where a REST API named the methods of each path \
            before, or does now
            """,
        mirror: "cors-method-removed",
        "scripts of other origins may use one more method",
        """
        Look at whether the routes of the method are meant for pages of other origins.
        """
    )
    static let corsMethodRemoved = ChangeRule(
        "cors-method-removed",
        .breaking,
        .strengthens,
        exception: """
            it is compatible, and nothing for security, for GET, HEAD and POST, which browsers send whatever the \
            list says, and where `*` is there without credentials; it is risky and for review where a REST API named \
            the methods of each path before, or does now
            """,
        mirror: "cors-method-added",
        "scripts of other origins may not use a method any more",
        """
        Browsers stop requests of the method at the preflight.
        """
    )
    static let corsHeaderAdded = ChangeRule(
        "cors-header-added",
        .compatible,
        .review,
        exception: """
            it is nothing for security where the same name was there in other letters, or `*` without credentials, \
            but for `Authorization`, which `*` does not cover
            """,
        mirror: "cors-header-removed",
        "scripts of other origins may send, or read, one more field",
        """
        Look at whether the field carries something that the origins should not set or see.
        """
    )
    static let corsHeaderRemoved = ChangeRule(
        "cors-header-removed",
        .breaking,
        .strengthens,
        exception: """
            it is compatible, and nothing for security, where the same name is there in other letters, or `*` \
            without credentials, but for `Authorization`, which `*` does not cover
            """,
        mirror: "cors-header-added",
        "scripts of other origins may not send, or read, a field any more",
        """
        Browsers stop requests with the field at the preflight, or hide it from scripts.
        """
    )
    static let corsMaxAgeChanged = ChangeRule(
        "cors-max-age-changed",
        .compatible,
        mirror: "cors-max-age-changed",
        "browsers may remember preflights for another time",
        """
        The longer the time, the later browsers see a change of these settings.
        """
    )
}
