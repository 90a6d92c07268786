// The routes of a manifest as rows, which every list of routes is made of.

package import JSON
package import Manifest

/// One route with its API.
package struct RouteRow: Hashable, Sendable {
    package let api: String
    package let kind: APIKind
    package let stage: String
    package let key: RouteKey
    package let route: Route
    /// What the proxy does not serve it for.
    package let unserved: [String]
    /// What the proxy answers then.
    package let refusalStatus: Int
    /// Whether the proxy has the API on its port.
    package let isMounted: Bool

    /// Whether everyone may call it: it has no authorizer and wants no API key.
    package var isPublic: Bool { route.auth == .none && !route.isKeyRequired }

    /// The row as `samovar routes --format json` prints it.
    package var json: JSONValue {
        var object = JSONObject()
        object["api"] = .string(api)
        object["kind"] = .string(kind.rawValue)
        object["method"] = .string(key.method.rawValue)
        object["path"] = .string(key.pathText)
        switch route.target {
        case .function(let function, let payload):
            object["integration"] = "lambda"
            object["function"] = .string(function)
            object["auth"] = .string(route.auth.text)
            object["payload"] = .string(payload.rawValue)
        case .integration(let integration):
            object["integration"] = .string(integration.kind.rawValue)
            object["target"] = integration.targetText.map { .string($0) }
            object["auth"] = .string(route.auth.text)
        }
        if !unserved.isEmpty { object["unserved"] = .array(unserved.map { .string($0) }) }
        if !isMounted { object["mounted"] = false }
        return .object(object)
    }

    /// What is answered in place of what the template wants; nil for a route that is served.
    package var refusal: String? {
        unserved.isEmpty ? nil : "answers \(refusalStatus): \(unserved.joined(separator: ", "))"
    }

    /// What a reader must know besides: that it is not served, or only at a host name of its own; empty for nothing.
    package var note: String {
        isMounted || kind == .webSocket ? refusal ?? "" : "at http://\(Manifest.localHost(ofAPI: api))"
    }
}

extension Route {
    /// What answers, in a word: a function's id, an address, the action of a service, `mock`.
    package var targetText: String {
        switch target {
        case .function(let id, _): id
        case .integration(let integration): integration.targetText ?? integration.kind.rawValue
        }
    }
}

extension Integration {
    /// Where the request goes: an address, without what looks like a secret in it, a function's id, the action of a
    /// service; nil for nowhere.
    var targetText: String? {
        guard let url else { return function ?? service }
        let bytes = Array(url.utf8)
        return SecretScanner.replacing(SecretScanner.ranges(in: bytes), in: bytes) { _ in "(secret)" }
    }
}

extension Manifest {
    /// The routes in the order of the manifest.
    package var rows: [RouteRow] {
        let mounted = Set(mountedAPIs.map(\.key))
        return apis.sortedByCodePoint.flatMap { id, api in
            api.routes.sorted { $0.key < $1.key }.map { key, route in
                RouteRow(
                    api: id,
                    kind: api.kind,
                    stage: api.stage,
                    key: key,
                    route: route,
                    unserved: api.unserved(route),
                    refusalStatus: api.refusalStatus(route),
                    isMounted: mounted.contains(id)
                )
            }
        }
    }
}
