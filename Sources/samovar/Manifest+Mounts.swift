// How `samovar start-api` shows the routes of a manifest.

internal import Manifest
internal import Review

extension Manifest {
    /// A line for each path of each function, as SAM CLI prints them, in the order of the manifest.
    ///
    /// - Parameter address: where the proxy listens, `host:port`.
    /// - Returns: lines such as `Mounting Ratings at http://127.0.0.1:3000/ratings [GET]`.
    func mountLines(at address: String) -> [String] {
        let mounted = Set(mountedAPIs.map(\.key))
        let port = address.lastIndex(of: ":").map { address[$0...] } ?? ""
        return apis.sortedByCodePoint.flatMap { id, api -> [String] in
            // What cannot share the address has a host name of its own.
            let address = mounted.contains(id) ? address : Manifest.localHost(ofAPI: id) + port
            guard mounted.contains(id) || api.kind == .functionURL else { return [] }
            var mounts: [(target: String, path: String, methods: [RouteMethod])] = []
            for (key, route) in api.routes.sorted(by: { $0.key < $1.key }) {
                if let last = mounts.last, last.target == route.targetText, last.path == key.pathText {
                    mounts[mounts.count - 1].methods.append(key.method)
                } else {
                    mounts.append((route.targetText, key.pathText, [key.method]))
                }
            }
            return mounts.map { mount in
                let methods = mount.methods.flatMap { $0 == .any ? RouteMethod.allCases.filter { $0 != .any } : [$0] }
                let path = mount.path.hasPrefix("/") ? mount.path : "/\(mount.path)"
                let names = methods.map(\.rawValue).joined(separator: ", ")
                return "Mounting \(mount.target) at http://\(address)\(path) [\(names)]"
            }
        }
    }

    /// Commands that call the routes, at most eight.
    ///
    /// - Parameter address: where the proxy listens, `host:port`.
    /// - Returns: lines for a shell, with curl.
    func exampleCalls(at address: String) -> [String] {
        let keys = mountedAPIs.flatMap { _, api in api.routes.keys.sorted() }
        return keys.prefix(8).map { key in
            let path =
                switch key {
                case .fallback, .message: "/"
                case .path(_, let pattern): pattern.examplePath
                }
            let url = "http://\(address)\(path)"
            switch key.method {
            case .get, .any: return "curl \(url)"
            case .head: return "curl --head \(url)"
            case .post: return "curl --json '{\"item\": \"teapot\"}' \(url)"
            case .put, .patch:
                return "curl --request \(key.method.rawValue) --json '{\"item\": \"teapot\"}' \(url)"
            case .delete, .options: return "curl --request \(key.method.rawValue) \(url)"
            }
        }
    }
}

extension PathPattern {
    /// A path that the pattern matches.
    var examplePath: String {
        let parts = segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter, .greedy: "1"
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
