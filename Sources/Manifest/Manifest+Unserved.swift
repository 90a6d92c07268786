// What of a manifest the proxy cannot honour: it answers such routes with 501 or not at all, and the compiler says so.

extension Manifest {
    /// The APIs that share the proxy's port, by code point of their ids.
    ///
    /// A function URL and a WebSocket API take every request to their address, so they are there where they are alone;
    /// beside other APIs they have the host name of `localHost(ofAPI:)`.
    package var mountedAPIs: [(key: String, value: API)] {
        apis.sortedByCodePoint.filter { _, api in
            switch api.kind {
            case .rest, .http: true
            case .functionURL, .webSocket: apis.count == 1
            }
        }
    }
}

extension Manifest {
    /// The host name that an API has on this machine: `ratings.localhost`, `shop-ratings.localhost` for the API
    /// `Ratings` of the nested stack `Shop`.
    package static func localHost(ofAPI id: String) -> String {
        String(id.lowercased().map { $0 == "/" ? "-" : $0 }) + ".localhost"
    }
}

extension API {
    /// The status of what a route answers that is not served.
    package func refusalStatus(_ route: Route) -> Int {
        guard case .integration(let integration) = route.target, integration.hasBadTemplates(in: kind) else {
            return 501
        }
        return unserved(route).count == 1 ? 500 : 501
    }

    /// What a route needs that the proxy does not have, in the words of templates; empty for one that it serves.
    ///
    /// Only what guards a route, or changes what is answered to all, closes it: a limit that is not kept does not.
    package func unserved(_ route: Route) -> [String] {
        var names: [String] = []
        if kind == .webSocket { names.append("WebSocket") }
        if case .integration(let integration) = route.target, let name = integration.unserved(in: kind) {
            names.append(name)
        }
        if route.isStreamed { names.append("ResponseTransferMode") }
        if route.isKeyRequired, kind != .rest { names.append("ApiKeyRequired") }
        // Only REST APIs have resource policies.
        if policy != nil, kind != .rest { names.append("ResourcePolicy") }
        if domains.values.contains(where: \.isMutualTLS) { names.append("MutualTlsAuthentication") }
        return names
    }
}
