// The route manifest as data: what crosses from the compiler to the proxy and the host.

/// A whole manifest, `samovar-manifest(5)`. Collections are keyed by identity.
package struct Manifest: Hashable, Sendable {
    /// The number of the format that this version writes and the highest that it reads.
    package static let formatVersion = 1

    /// The APIs by logical id.
    package var apis: [String: API]
    /// The functions by logical id.
    package var functions: [String: Function]
    /// The API keys by logical id.
    package var apiKeys: [String: APIKey] = [:]
    /// The usage plans by logical id.
    package var usagePlans: [String: UsagePlan] = [:]

    package init(apis: [String: API] = [:], functions: [String: Function] = [:]) {
        self.apis = apis
        self.functions = functions
    }
}
