// The options of SAM CLI that mean nothing here, so that a command line that people have still works.

internal import ArgumentParser

/// Options that are accepted and have no effect.
struct ContainerOptions: ParsableArguments {
    @Flag var skipPullImage = false
    @Flag var forceImageBuild = false
    @Option(name: [.customShort("v"), .long]) var dockerVolumeBasedir: String?
    @Option var dockerNetwork: String?
    @Option var containerHost: String?
    @Option var containerHostInterface: String?
    @Option var containerEnvVars: String?
    @Option var containerDns: [String] = []
    @Option var addHost: [String] = []
    @Option(name: [.customLong("invoke-image"), .customLong("ii", withSingleDash: true)]) var invokeImage: [String] = []
    @Flag var noMemoryLimit = false
    @Flag var shutdown = false
    @Option var profile: String?
    @Flag var betaFeatures = false
    @Flag var noBetaFeatures = false
    @Flag var languageExtensions = false
    @Flag var noLanguageExtensions = false
    @Flag var saveParams = false

    /// Says which of them were given for nothing.
    func note() { for name in given { Console.say("Note: --\(name) has no effect here.\n") } }

    /// The names of those that were given.
    private var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("skip-pull-image", skipPullImage),
            ("force-image-build", forceImageBuild),
            ("docker-volume-basedir", dockerVolumeBasedir != nil),
            ("docker-network", dockerNetwork != nil),
            ("container-host", containerHost != nil),
            ("container-host-interface", containerHostInterface != nil),
            ("container-env-vars", containerEnvVars != nil),
            ("container-dns", !containerDns.isEmpty),
            ("add-host", !addHost.isEmpty),
            ("invoke-image", !invokeImage.isEmpty),
            ("no-memory-limit", noMemoryLimit),
            ("shutdown", shutdown),
            ("profile", profile != nil),
            ("beta-features", betaFeatures),
            ("no-beta-features", noBetaFeatures),
            ("language-extensions", languageExtensions),
            ("no-language-extensions", noLanguageExtensions),
            ("save-params", saveParams),
        ]
        return all.filter(\.isGiven).map(\.name)
    }
}
