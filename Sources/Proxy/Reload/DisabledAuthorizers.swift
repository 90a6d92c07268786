// Routes without their authorizers: only where nobody else reaches them, and never in silence.

internal import Manifest

extension ProxyConfiguration {
    /// Refuses to open guarded routes to a network.
    ///
    /// - Throws: `ProxyError` that says how to insist.
    func checkDisabledAuthorizers() throws(ProxyError) {
        guard disableAuthorizers, !exposeWithoutAuthorizers, !listen.isLoopback else { return }
        throw ProxyError(
            """
            authorizers are disabled and '\(listen)' is no loopback address: everyone who reaches it could call every \
            route; give --expose-without-authorizers as well where that is meant
            """
        )
    }

    /// What is said at the start and with each manifest; nil where authorizers are asked.
    func disabledAuthorizersWarning(_ manifest: Manifest) -> String? {
        guard disableAuthorizers else { return nil }
        return """
            AUTHORIZERS ARE DISABLED: \(manifest.guardedRouteCount) guarded routes are open to everyone who reaches \
            \(listen)
            """
    }
}

extension ProxyConfiguration.Address {
    /// Whether only this machine reaches it (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    ///
    /// Names other than `localhost` count as reachable from elsewhere: what they resolve to may change.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.count <= 3 && !part.isEmpty && part.utf8.allSatisfy(\.isDigit) && (Int(part) ?? 256) < 256
            }
    }
}
