// The rules about the variables of functions.

extension ChangeRules {
    static let environment: [ChangeRule] = [
        .environmentAdded, .environmentRemoved, .environmentChanged, .environmentSecretExposed,
        .environmentSecretHidden,
    ]
}

extension ChangeRule {
    static let environmentAdded = ChangeRule(
        "environment-added",
        .compatible,
        exception: "it weakens security where a secret stands in the manifest as text",
        mirror: "environment-removed",
        "a function has one more variable",
        """
        Code that does not know it takes no notice; variables that runtimes read, such as `NODE_OPTIONS`, \
        are the exception. A password or token belongs into `env.json` or a `NoEcho` parameter, which keeps \
        it out of the manifest.
        """
    )
    static let environmentRemoved = ChangeRule(
        "environment-removed",
        .risky,
        mirror: "environment-added",
        "a function has a variable no more",
        """
        Code that reads it fails, or takes its own default.
        """
    )
    static let environmentChanged = ChangeRule(
        "environment-changed",
        .risky,
        mirror: "environment-changed",
        "a variable of a function has another value",
        """
        Only the code knows what that means: another table, another address, a feature switched off. Values \
        that may be secret are not shown; other fingerprints are other values. Where the sidecars of both \
        manifests are there, their values are compared, too.
        """
    )
    static let environmentSecretExposed = ChangeRule(
        "environment-secret-exposed",
        .compatible,
        .weakens,
        mirror: "environment-secret-hidden",
        "the value of a variable that was kept beside the manifest stands in it",
        """
        Whoever reads the repository, its history included, reads the value. Where it is a real one, it is \
        to be replaced by another after it has been taken out.
        """
    )
    static let environmentSecretHidden = ChangeRule(
        "environment-secret-hidden",
        .compatible,
        .strengthens,
        mirror: "environment-secret-exposed",
        "the value of a variable that stood in the manifest is kept beside it",
        """
        It still stands in the history of the manifest, so a real one is to be replaced by another. The host \
        needs the sidecar file to serve it.
        """
    )
}
