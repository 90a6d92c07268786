// The rules about functions.

extension ChangeRules {
    static let functions: [ChangeRule] = [
        .functionAdded, .functionRemoved, .functionNameChanged, .functionRuntimeChanged, .functionHandlerChanged,
        .functionCodeChanged, .functionLayersChanged, .functionArchitectureChanged, .functionEndpointChanged,
        .functionEndpointUnencrypted, .functionEndpointEncrypted, .functionEndpointExposed, .functionEndpointEnclosed,
        .timeoutShortened, .timeoutLengthened, .memoryLowered, .memoryRaised, .storageLowered, .storageRaised,
        .concurrencyLowered, .concurrencyRaised,
    ]
}

extension ChangeRule {
    static let functionAdded = ChangeRule(
        "function-added",
        .compatible,
        exception: "it weakens security where the function is reached on another machine",
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
        Routes that led to it are changes of their own. Whoever invokes it by name gets \
        `ResourceNotFoundException`.
        """
    )
    static let functionNameChanged = ChangeRule(
        "function-name-changed",
        .risky,
        mirror: "function-name-changed",
        "a function has another `FunctionName`",
        """
        Whoever invokes it by its old name gets `ResourceNotFoundException`; routes and the logical id go on \
        working. AWS replaces the function, its versions and aliases included.
        """
    )
    static let functionRuntimeChanged = ChangeRule(
        "function-runtime-changed",
        .risky,
        mirror: "function-runtime-changed",
        "a function has another runtime",
        """
        The code runs under another version or another language; only its tests say whether it still does.
        """
    )
    static let functionHandlerChanged = ChangeRule(
        "function-handler-changed",
        .risky,
        mirror: "function-handler-changed",
        "a function starts otherwise: another handler, or another command of its image",
        """
        Other code answers; only a look at that code says whether it answers the same.
        """
    )
    static let functionCodeChanged = ChangeRule(
        "function-code-changed",
        .risky,
        mirror: "function-code-changed",
        "the code of a function is another: its folder, its image, or the text in the template",
        """
        The manifest does not have the code, so that changes of files within the same folder are no change \
        of it. Of code in the template it says which lines are others.
        """
    )
    static let functionLayersChanged = ChangeRule(
        "function-layers-changed",
        .risky,
        mirror: "function-layers-changed",
        "a function has other layers, or the same in another order",
        """
        What is laid under `/opt` later replaces files of what came before. A layer that is an ARN is code \
        of whoever owns that account.
        """
    )
    static let functionArchitectureChanged = ChangeRule(
        "function-architecture-changed",
        .risky,
        mirror: "function-architecture-changed",
        "a function runs on another architecture",
        """
        Compiled dependencies and images must be there for it; scripts run as before.
        """
    )
    static let functionEndpointChanged = ChangeRule(
        "function-endpoint-changed",
        .risky,
        .review,
        mirror: "function-endpoint-changed",
        "a function is reached at another address or by another protocol",
        """
        Something else may answer there. Neither of the other rules about addresses applies: both are on \
        this machine, or both are elsewhere and reached alike.
        """
    )
    static let functionEndpointUnencrypted = ChangeRule(
        "function-endpoint-unencrypted",
        .risky,
        .weakens,
        mirror: "function-endpoint-encrypted",
        "a function on another machine is reached without TLS where it was with it",
        """
        Requests, the credentials in them and answers are readable on the way, and can be changed. On the \
        machine itself nobody is on the way, so there it is `function-endpoint-changed`.
        """
    )
    static let functionEndpointEncrypted = ChangeRule(
        "function-endpoint-encrypted",
        .risky,
        .strengthens,
        mirror: "function-endpoint-unencrypted",
        "a function on another machine is reached with TLS where it was without",
        """
        It fails where the certificate there is not one that the proxy trusts.
        """
    )
    static let functionEndpointExposed = ChangeRule(
        "function-endpoint-exposed",
        .risky,
        .weakens,
        mirror: "function-endpoint-enclosed",
        "a function that was reached on this machine is reached on another",
        """
        Requests leave the machine: whoever runs the other one reads them and answers. Private networks \
        count as elsewhere, and so does `0.0.0.0`. Look whether the address is `https`.
        """
    )
    static let functionEndpointEnclosed = ChangeRule(
        "function-endpoint-enclosed",
        .risky,
        .strengthens,
        mirror: "function-endpoint-exposed",
        "a function that was reached on another machine is reached on this one",
        """
        Requests stay on the machine, and something must listen there.
        """
    )
    static let timeoutShortened = ChangeRule(
        "timeout-shortened",
        .risky,
        mirror: "timeout-lengthened",
        "a function, or the answer of a route, may take less time",
        """
        Invocations that took longer than the new limit end with 502 or 504.
        """
    )
    static let timeoutLengthened = ChangeRule(
        "timeout-lengthened",
        .compatible,
        mirror: "timeout-shortened",
        "a function, or the answer of a route, may take more time",
        """
        Clients may wait longer for an answer that fails in the end. The gateway's own limit, 29 or 30 \
        seconds, stays.
        """
    )
    static let memoryLowered = ChangeRule(
        "memory-lowered",
        .risky,
        mirror: "memory-raised",
        "a function may use less memory",
        """
        Invocations that need more are killed. Lambda gives processor time by memory, so that all take \
        longer.
        """
    )
    static let memoryRaised = ChangeRule(
        "memory-raised",
        .compatible,
        mirror: "memory-lowered",
        "a function may use more memory",
        """
        Nothing fails by it; each millisecond costs more.
        """
    )
    static let storageLowered = ChangeRule(
        "storage-lowered",
        .risky,
        mirror: "storage-raised",
        "a function has less room in `/tmp`",
        """
        What wrote more there fails. The default is 512 MB, written out or not.
        """
    )
    static let storageRaised = ChangeRule(
        "storage-raised",
        .compatible,
        mirror: "storage-lowered",
        "a function has more room in `/tmp`",
        """
        Nothing fails by it; what is above 512 MB costs extra.
        """
    )
    static let concurrencyLowered = ChangeRule(
        "concurrency-lowered",
        .risky,
        exception: "it is breaking where it is 0, which refuses every invocation",
        mirror: "concurrency-raised",
        "fewer invocations of a function may run at a time",
        """
        Invocations above it are refused with 429, which clients of an API see as 500 or 502. Before, there \
        may have been no limit of its own.
        """
    )
    static let concurrencyRaised = ChangeRule(
        "concurrency-raised",
        .compatible,
        mirror: "concurrency-lowered",
        "more invocations of a function may run at a time",
        """
        What stands behind it, a database for one, must bear them. Without a limit of its own a function \
        shares that of the account.
        """
    )
}
