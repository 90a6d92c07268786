// The rules about how many requests there may be.

extension ChangeRules {
    static let limits: [ChangeRule] = [.throttleAdded, .throttleRemoved, .throttleLowered, .throttleRaised]
}

extension ChangeRule {
    static let throttleAdded = ChangeRule(
        "throttle-added",
        .risky,
        .strengthens,
        exception: """
            it is breaking where the limit is 0, and changes nothing where a route's limit is the one that its stage or \
            plan has
            """,
        mirror: "throttle-removed",
        "requests have a limit that they had not",
        """
        Whoever sends more gets 429. The limit of a stage or route counts everyone's requests, that of a usage plan and \
        its quota each key's. A route's own limit stands in place of its stage's.
        """
    )
    static let throttleRemoved = ChangeRule(
        "throttle-removed",
        .compatible,
        .weakens,
        exception: "it changes nothing where a route had the limit that its stage or plan has",
        mirror: "throttle-added",
        "requests have a limit no more",
        """
        Only the account's own limits are left, 10,000 requests a second and bursts of 5,000. One client can take all \
        of them, and whoever guesses passwords or runs up a bill is slowed down no more.
        """
    )
    static let throttleLowered = ChangeRule(
        "throttle-lowered",
        .risky,
        .strengthens,
        exception: "it is breaking where the limit is 0",
        mirror: "throttle-raised",
        "a limit of requests is lower",
        """
        Clients that stayed below the old limit and not below the new one get 429. A limit of 0 refuses every request. \
        A quota is compared by its requests a day.
        """
    )
    static let throttleRaised = ChangeRule(
        "throttle-raised",
        .compatible,
        .weakens,
        mirror: "throttle-lowered",
        "a limit of requests is higher",
        """
        More requests reach the functions; look whether what stands behind them bears that many.
        """
    )
}
