// The rules about things that only have another name.

extension ChangeRules {
    static let renames: [ChangeRule] = [
        .apiRenamed, .authorizerRenamed, .functionRenamed,
    ]
}

extension ChangeRule {
    static let apiRenamed = ChangeRule(
        "api-renamed",
        .breaking,
        mirror: "api-renamed",
        "an API has another logical id and is the same otherwise",
        """
        CloudFormation makes a new API with a new address. Here the id is its host name, `ratings.localhost`, and \
        what `--mount` calls it. Its routes are no changes of their own.
        """
    )
    static let authorizerRenamed = ChangeRule(
        "authorizer-renamed",
        .compatible,
        mirror: "authorizer-renamed",
        "an authorizer has another name and is the same otherwise",
        """
        Nobody outside of the template sees the name. Routes that follow are no changes of their own.
        """
    )
    static let functionRenamed = ChangeRule(
        "function-renamed",
        .risky,
        mirror: "function-renamed",
        "a function has another logical id and is the same otherwise",
        """
        `env.json`, `--endpoint NAME=` and the Invoke API call functions by it, and CloudFormation makes a new \
        function. Routes that follow are no changes of their own.
        """
    )
}
