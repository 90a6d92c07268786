// The settings of a host.

/// What a host starts with.
package struct HostConfiguration: Sendable {
    /// The manifest's path.
    package var manifest: String
    /// The folder that code paths are relative to; nil for the manifest's own.
    package var codeRoot: String?
    package var listenHost = "127.0.0.1"
    /// 0 for any free port.
    package var listenPort = 3001
    package var pooling = PoolSettings()
    /// Which function is debugged, and how.
    package var debugging: DebugSettings?
    /// How long requests under way may take to end when the host stops, in seconds.
    package var drainSeconds = 30
    /// The host's own environment.
    package var environment: [String: String]

    /// - Parameters:
    ///   - manifest: the manifest's path.
    ///   - environment: the host's own environment.
    package init(manifest: String, environment: [String: String]) {
        self.manifest = manifest
        self.environment = environment
    }
}

/// Why a host could not start, or would not take a manifest.
package struct HostError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
