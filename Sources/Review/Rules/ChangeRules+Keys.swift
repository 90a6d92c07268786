// The rules about API keys and usage plans.

extension ChangeRules {
    static let keys: [ChangeRule] = [
        .keyAdded, .keyRemoved, .keyNameChanged, .keyEnabled, .keyDisabled, .keyValueChanged, .planAdded, .planRemoved,
        .planAPIAdded, .planAPIRemoved, .planKeyAdded, .planKeyRemoved,
    ]
}

extension ChangeRule {
    static let keyAdded = ChangeRule(
        "key-added",
        .compatible,
        mirror: "key-removed",
        "there is a new API key",
        """
        By itself it opens nothing; `plan-key-added` says which plan takes it.
        """
    )
    static let keyRemoved = ChangeRule(
        "key-removed",
        .compatible,
        mirror: "key-added",
        "an API key is gone",
        """
        `plan-key-removed` says where it was good for something.
        """
    )
    static let keyNameChanged = ChangeRule(
        "key-name-changed",
        .compatible,
        mirror: "key-name-changed",
        "an API key has another name",
        """
        The name is for people; clients send the value.
        """
    )
    static let keyEnabled = ChangeRule(
        "key-enabled",
        .compatible,
        .weakens,
        mirror: "key-disabled",
        "an API key that was switched off is good again",
        """
        Look why it was switched off: it may be known to others.
        """
    )
    static let keyDisabled = ChangeRule(
        "key-disabled",
        .breaking,
        .strengthens,
        mirror: "key-enabled",
        "an API key is switched off",
        """
        Whoever sends it gets 403, as with a key that there is not.
        """
    )
    static let keyValueChanged = ChangeRule(
        "key-value-changed",
        .breaking,
        .review,
        exception: """
            it weakens security where the value stood beside the manifest and now stands in it, and \
            strengthens it the other way round
            """,
        mirror: "key-value-changed",
        "an API key has another value",
        """
        Clients that send the old value get 403. The value is never shown; other fingerprints are other \
        values. A key without a value is good for nothing here: AWS makes one of its own.
        """
    )
    static let planAdded = ChangeRule(
        "plan-added",
        .compatible,
        .weakens,
        exception:
            "it changes nothing for security where no route needs a key, or other plans have opened it to the key",
        mirror: "plan-removed",
        "there is a new usage plan",
        """
        Its keys open the routes of its APIs that need one, up to its limits.
        """
    )
    static let planRemoved = ChangeRule(
        "plan-removed",
        .breaking,
        .strengthens,
        exception: """
            it is compatible, and nothing for security, where no route needs a key, or other plans open it to the key
            """,
        mirror: "plan-added",
        "a usage plan is gone",
        """
        Its keys open none of its APIs any more, unless another plan says so: routes that need a key answer \
        403.
        """
    )
    static let planAPIAdded = ChangeRule(
        "plan-api-added",
        .compatible,
        .weakens,
        exception:
            "it changes nothing for security where no route needs a key, or other plans have opened it to the key",
        mirror: "plan-api-removed",
        "a usage plan opens one more API",
        """
        Every key of the plan is good for the routes of that API that need one.
        """
    )
    static let planAPIRemoved = ChangeRule(
        "plan-api-removed",
        .breaking,
        .strengthens,
        exception: """
            it is compatible, and nothing for security, where no route needs a key, or other plans open it to the key
            """,
        mirror: "plan-api-added",
        "a usage plan opens an API no more",
        """
        Clients with a key of the plan get 403 there, unless another plan has the key.
        """
    )
    static let planKeyAdded = ChangeRule(
        "plan-key-added",
        .compatible,
        .weakens,
        exception:
            "it changes nothing for security where no route needs a key, or other plans have opened it to the key",
        mirror: "plan-key-removed",
        "a usage plan takes one more API key",
        """
        Whoever has the key may call the routes of the plan's APIs that need one.
        """
    )
    static let planKeyRemoved = ChangeRule(
        "plan-key-removed",
        .breaking,
        .strengthens,
        exception: """
            it is compatible, and nothing for security, where no route needs a key, or other plans open it to the key
            """,
        mirror: "plan-key-added",
        "a usage plan takes an API key no more",
        """
        Clients with that key get 403, unless another plan has it.
        """
    )
}
