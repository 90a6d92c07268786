// A function as data: what the host runs and the proxy calls.

/// A function, as the host runs it and the proxy calls it.
package struct Function: Hashable, Sendable {
    /// Lambda's own default for `Timeout`, in seconds.
    package static let defaultTimeoutSeconds = 3
    /// Lambda's own default for `MemorySize`, in mebibytes.
    package static let defaultMemoryMegabytes = 128

    /// `FunctionName`, where the template gives one; the Invoke API takes it as well as the logical id.
    package var name: String?
    /// `python3.12`, `nodejs20.x`, `provided.al2023`, …
    package var runtime: String?
    /// The entry point in the words of the runtime.
    package var handler: String?
    /// The folder of the code, relative to the folder of the template.
    package var code: String?
    /// The code itself, where it stands in the template.
    package var inlineCode: String?
    /// The container image that holds the code.
    package var image: Image?
    /// What is laid under `/opt`, in order: folders relative to that of the template, and ARNs.
    package var layers: [String] = []
    /// `arm64`; nil for `x86_64`.
    package var architecture: String?
    /// Where the proxy reaches it; nil for the Invoke API at `Endpoint.standard`.
    package var endpoint: Endpoint?
    /// How long one invocation may take.
    package var timeoutSeconds = defaultTimeoutSeconds
    /// How much memory it may use.
    package var memoryMegabytes = defaultMemoryMegabytes
    /// How large `/tmp` may be; nil for Lambda's default, 512.
    package var ephemeralStorageMegabytes: Int?
    /// How many invocations there may be at a time; nil for no limit of its own.
    package var reservedConcurrency: Int?
    /// The environment by name of variable.
    package var environment: [String: EnvironmentValue] = [:]

    package init() {}

    /// A container image, and what it runs.
    package struct Image: Hashable, Sendable {
        /// Where it is kept; nil where it is built from a `Dockerfile` first.
        package var uri: String?
        /// The words in place of its `CMD`.
        package var command: [String] = []
        /// The words in place of its `ENTRYPOINT`.
        package var entryPoint: [String] = []
        package var workingDirectory: String?

        package init() {}
    }
}

/// The value of a variable, or where the value that must not be written down comes from.
package enum EnvironmentValue: Hashable, Sendable {
    case text(String)
    /// The value is in the sidecar file; this says where it came from: `env.json`, `NoEcho parameter 'Password'`, …
    case secret(String)
}
