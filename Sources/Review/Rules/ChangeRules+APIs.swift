// The rules about APIs and what all of their routes share.

extension ChangeRules {
    static let apis: [ChangeRule] = [
        .apiAdded, .openRouteAdded, .apiRemoved, .apiKindChanged, .stageChanged, .stageVariableAdded,
        .stageVariableRemoved, .stageVariableChanged, .mountAdded, .mountRemoved, .mountChanged, .mutualTLSAdded,
        .mutualTLSRemoved, .defaultEndpointEnabled, .defaultEndpointDisabled, .routeSelectionChanged,
        .binaryTypeAdded, .binaryTypeRemoved, .compressionChanged, .resourcePolicyAdded, .resourcePolicyRemoved,
        .resourcePolicyChanged, .apiKeySourceChanged, .modelChanged, .gatewayResponseChanged, .canaryChanged,
        .accessLogChanged,
    ]
}

extension ChangeRule {
    static let apiAdded = ChangeRule(
        "api-added",
        .compatible,
        mirror: "api-removed",
        "there is a new API",
        """
        Of its routes, those that everyone may call are named by `open-route-added`.
        """
    )
    static let openRouteAdded = ChangeRule(
        "open-route-added",
        .compatible,
        .weakens,
        mirror: nil,
        "a new API has a route whose `auth` is `none`",
        """
        The other routes of a new API ask for credentials, which a review of its authorizers covers; messages of a \
        WebSocket API are asked for them as its `$connect` is. Where an API \
        goes, `api-removed` speaks for all of its routes.
        """
    )
    static let apiRemoved = ChangeRule(
        "api-removed",
        .breaking,
        mirror: "api-added",
        "an API is gone",
        """
        Every request to it fails. Its routes are no changes of their own.
        """
    )
    static let apiKindChanged = ChangeRule(
        "api-kind-changed",
        .breaking,
        mirror: "api-kind-changed",
        "an API is of another kind",
        """
        A REST and an HTTP API route differently, give functions other events, and answer errors in other words. A \
        payload format that is only the default of the new kind is no change of its own.
        """
    )
    static let stageChanged = ChangeRule(
        "stage-changed",
        .breaking,
        mirror: "stage-changed",
        "the stage of an API has another name",
        """
        The name, but for `$default`, is part of the path of every request that does not come by a custom domain, and \
        functions read it in `requestContext`. An HTTP API has it in `rawPath`, too.
        """
    )
    private static let variableException = """
        it is for review where an integration has the variable in its address: requests go to another place
        """

    static let stageVariableAdded = ChangeRule(
        "stage-variable-added",
        .compatible,
        exception: variableException,
        mirror: "stage-variable-removed",
        "a stage has a new variable",
        """
        Nothing has read it; what reads it now is a change of its own.
        """
    )
    static let stageVariableRemoved = ChangeRule(
        "stage-variable-removed",
        .risky,
        exception: variableException,
        mirror: "stage-variable-added",
        "a variable of a stage is gone",
        """
        Integrations and functions that read it find nothing.
        """
    )
    static let stageVariableChanged = ChangeRule(
        "stage-variable-changed",
        .risky,
        exception: variableException,
        mirror: "stage-variable-changed",
        "a variable of a stage has another value",
        """
        Integrations that have it in their address, and functions that read it, do something else.
        """
    )
    static let mountAdded = ChangeRule(
        "mount-added",
        .compatible,
        mirror: "mount-removed",
        "an API is reached by one more domain or base path",
        """
        What was reached before is still reached. The new address has all routes of the API, the open ones too.
        """
    )
    static let mountRemoved = ChangeRule(
        "mount-removed",
        .breaking,
        mirror: "mount-added",
        "an API is not reached by a domain or base path any more",
        """
        Requests to that address get 403 or 404.
        """
    )
    static let mountChanged = ChangeRule(
        "mount-changed",
        .breaking,
        mirror: "mount-changed",
        "a domain has other base paths",
        """
        Some addresses are gone and others are there: clients must follow.
        """
    )
    static let mutualTLSAdded = ChangeRule(
        "mutual-tls-added",
        .breaking,
        .strengthens,
        mirror: "mutual-tls-removed",
        "the clients of a domain must show a certificate",
        """
        A client without one is turned away before any route is looked for.
        """
    )
    static let mutualTLSRemoved = ChangeRule(
        "mutual-tls-removed",
        .compatible,
        .weakens,
        mirror: "mutual-tls-added",
        "the clients of a domain need no certificate any more",
        """
        Whoever reaches the domain reaches its routes. Look at which of them have no authorizer.
        """
    )
    static let defaultEndpointEnabled = ChangeRule(
        "default-endpoint-enabled",
        .compatible,
        .weakens,
        mirror: "default-endpoint-disabled",
        "the host name that API Gateway gives every API answers",
        """
        It goes past whatever guards the custom domain: certificates of clients, a firewall.
        """
    )
    static let defaultEndpointDisabled = ChangeRule(
        "default-endpoint-disabled",
        .breaking,
        .strengthens,
        mirror: "default-endpoint-enabled",
        "the host name that API Gateway gives every API does not answer any more",
        """
        Clients that have not moved to the custom domain are refused.
        """
    )
    static let routeSelectionChanged = ChangeRule(
        "route-selection-changed",
        .breaking,
        mirror: "route-selection-changed",
        "the route of a message is found by another expression",
        """
        Messages of the old form fall to `$default`, or are refused.
        """
    )
    static let binaryTypeAdded = ChangeRule(
        "binary-type-added",
        .risky,
        exception: """
            it is breaking where JSON is among it, as with `*/*`, and compatible where a wildcard had it before
            """,
        mirror: "binary-type-removed",
        "bodies of one more media type travel as base64",
        """
        Functions get bodies of the type encoded, with `isBase64Encoded` true, and answers of the type are decoded.
        """
    )
    static let binaryTypeRemoved = ChangeRule(
        "binary-type-removed",
        .risky,
        exception:
            "it is breaking where JSON was among it, as with `*/*`, and compatible where a wildcard has it still",
        mirror: "binary-type-added",
        "bodies of a media type do not travel as base64 any more",
        """
        Functions get bodies of the type as text, which damages what is no UTF-8; answers in base64 reach clients as \
        they are.
        """
    )
    static let compressionChanged = ChangeRule(
        "compression-changed",
        .compatible,
        exception: "it is risky where compression is turned on or off",
        mirror: "compression-changed",
        "answers are compressed from another size on, or not at all",
        """
        Only clients that ask for it get compressed answers. While compression is on, bodies of requests are \
        unpacked, too: without it functions get them packed, and unpack them themselves.
        """
    )
    static let resourcePolicyAdded = ChangeRule(
        "resource-policy-added",
        .breaking,
        .strengthens,
        exception: "it is for review where the API has an IAM authorizer",
        mirror: "resource-policy-removed",
        "an API has a resource policy",
        """
        Whom it does not allow is refused with 403, before or after the authorizer. With IAM it can also let callers \
        of other accounts in: read it.
        """
    )
    static let resourcePolicyRemoved = ChangeRule(
        "resource-policy-removed",
        .risky,
        .weakens,
        mirror: "resource-policy-added",
        "an API has no resource policy any more",
        """
        Networks, endpoints and accounts that it kept out are let in; accounts that only it let in are not any more.
        """
    )
    static let resourcePolicyChanged = ChangeRule(
        "resource-policy-changed",
        .risky,
        .review,
        mirror: "resource-policy-changed",
        "the resource policy of an API says something else",
        """
        Which callers it lets in now can only be read in the policy.
        """
    )
    static let apiKeySourceChanged = ChangeRule(
        "api-key-source-changed",
        .breaking,
        .review,
        mirror: "api-key-source-changed",
        "API keys are taken from another place",
        """
        Between the field `x-api-key` and the answer of the authorizer: what clients sent does not count any more, \
        or what the authorizer named.
        """
    )
    static let modelChanged = ChangeRule(
        "model-changed",
        .risky,
        .review,
        exception: "it is compatible, and nothing for security, where no route checks bodies",
        mirror: "model-changed",
        "the schema of a body came, went or says something else",
        """
        Bodies that were good may be refused, and others accepted, on every route that is validated by it or by a \
        schema that refers to it.
        """
    )
    static let gatewayResponseChanged = ChangeRule(
        "gateway-response-changed",
        .risky,
        mirror: "gateway-response-changed",
        "the gateway answers an error of its own otherwise",
        """
        Clients see another status, other fields or another body for the error. Scripts of other origins see errors \
        only with the fields of CORS on them.
        """
    )
    static let canaryChanged = ChangeRule(
        "canary-changed",
        .risky,
        mirror: "canary-changed",
        "the canary of a stage takes other traffic, or has other variables",
        """
        Some requests meet other variables than before.
        """
    )
    static let accessLogChanged = ChangeRule(
        "access-log-changed",
        .compatible,
        mirror: "access-log-changed",
        "the lines of the access log have another form",
        """
        No client sees it. What reads the log must follow; look at whether fields are logged that hold credentials.
        """
    )
}
