// The rules about functions.

extension ChangeRules {
    static let functions: [ChangeRule] = [
        .functionAdded, .functionRemoved, .functionHandlerChanged, .timeoutShortened, .timeoutLengthened,
    ]
}

extension ChangeRule {
    static let functionAdded = ChangeRule(
        "function-added",
        .compatible,
        mirror: "function-removed",
        "there is a new function",
        """
        By itself it changes nothing for clients; routes that lead to it are changes of their own.
        """
    )
    static let functionRemoved = ChangeRule(
        "function-removed",
        .compatible,
        mirror: "function-added",
        "a function is gone",
        """
        Routes that led to it are changes of their own. Who invokes it by name gets an error.
        """
    )
    static let functionHandlerChanged = ChangeRule(
        "function-handler-changed",
        .risky,
        mirror: "function-handler-changed",
        "a function starts in another handler",
        """
        Other code answers; only a look at that code says whether it answers the same.
        """
    )
    static let timeoutShortened = ChangeRule(
        "timeout-shortened",
        .risky,
        mirror: "timeout-lengthened",
        "a function may take less time",
        """
        Invocations that took longer than the new limit end with 502 or 504.
        """
    )
    static let timeoutLengthened = ChangeRule(
        "timeout-lengthened",
        .compatible,
        mirror: "timeout-shortened",
        "a function may take more time",
        """
        Clients may wait longer for an answer that fails in the end.
        """
    )
}
