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
    /// Where the admin port is: host and port; nil for none.
    package var admin: (host: String, port: Int)?
    package var pooling = PoolSettings()
    /// Which function is debugged, and how.
    package var debugging: DebugSettings?
    /// The folder with the content of layers that only AWS has.
    package var layerCache: String?
    /// How far functions are kept from this machine.
    package var isolation = Isolation.full
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
        layerCache = Self.standardLayerCache(environment)
    }

    /// Where the host makes its private folder.
    var temporaryDirectory: String { environment["TMPDIR"] ?? "/tmp" }

    /// `samovar/layers` in the user's folder of caches; nil where the user has no home.
    private static func standardLayerCache(_ environment: [String: String]) -> String? {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return "\(cache)/samovar/layers" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.cache/samovar/layers"
    }
}

/// Why a host could not start, or would not take a manifest.
package struct HostError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
