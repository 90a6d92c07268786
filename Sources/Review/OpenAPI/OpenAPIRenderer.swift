// Routes for other tools: an OpenAPI document of what a manifest serves.

internal import JSON
package import Manifest
internal import Routing

/// Renders APIs of a manifest as one document of the OpenAPI Specification 3.1.
///
/// Each operation has the route that it comes from in `x-samovar-route`, with the members of
/// `samovar routes --format json`. Routes that the format has no room for stand in `x-samovar-other-routes`.
package struct OpenAPIRenderer {
    /// The version of the specification that documents follow.
    static let version = "3.1.0"

    private let apis: [(id: String, api: API)]
    private let rows: [RouteRow]

    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - api: the id of the one API to take; nil for all of them.
    package init(_ manifest: Manifest, api: String? = nil) {
        apis = manifest.apis.sortedByCodePoint.filter { api == nil || $0.key == api }.map { ($0.key, $0.value) }
        rows = manifest.rows.filter { api == nil || $0.api == api }
    }

    /// The document.
    ///
    /// - Throws: `OpenAPICollision` where two APIs have routes that one document cannot tell apart.
    package func render() throws(OpenAPICollision) -> String {
        let components = OpenAPIComponents(apis)
        let (items, others) = try OpenAPIPathItem.items(rows)
        var paths = JSONObject()
        var operationIDs = OpenAPIOperationIDs()
        for item in items {
            var object = JSONObject()
            if apis.count > 1, let row = item.operations.first?.row {
                object["servers"] = servers(row)
            }
            let parameters = item.parameters
            if !parameters.isEmpty { object["parameters"] = .array(parameters) }
            for (method, row) in item.operations {
                let id = operationIDs.next(method: method, path: item.path, name: row.route.operationName)
                object[method.rawValue.lowercased()] = components.operation(row, id: id)
            }
            paths[item.path] = .object(object)
        }
        return document(paths, components.json, others).canonicalText
    }

    private func document(_ paths: JSONObject, _ components: JSONObject, _ others: [RouteRow]) -> JSONValue {
        var info = JSONObject()
        info["title"] = .string(apis.isEmpty ? "no APIs" : apis.map(\.id).joined(separator: ", "))
        info["version"] = "1"
        var document = JSONObject()
        document["openapi"] = .string(Self.version)
        document["info"] = .object(info)
        if apis.count == 1, let row = rows.first { document["servers"] = servers(row) }
        document["paths"] = .object(paths)
        if !components.isEmpty { document["components"] = .object(components) }
        document["tags"] = .array(apis.map { ["name": .string($0.id), "description": .string($0.api.kind.title)] })
        if !others.isEmpty { document["x-samovar-other-routes"] = .array(others.map(\.json)) }
        return .object(document)
    }

    /// Where an API answers: the proxy, whose address no manifest knows, and its custom domains.
    private func servers(_ row: RouteRow) -> JSONValue {
        let host = row.isMounted ? "127.0.0.1" : Manifest.localHost(ofAPI: row.api)
        let variables: JSONValue = [
            "host": ["default": .string(host)],
            // The port of `samovar-proxy` and `samovar start-api`, where nothing says otherwise.
            "port": ["default": "3000"],
        ]
        var servers: [JSONValue] = [
            ["url": "http://{host}:{port}", "description": "samovar-proxy", "variables": variables]
        ]
        let domains = apis.first { $0.id == row.api }?.api.domains ?? [:]
        for (name, domain) in domains.sortedByCodePoint {
            for path in domain.basePaths.isEmpty ? [""] : domain.basePaths {
                let url = "https://\(name)" + (path.isEmpty ? "" : "/\(path)")
                servers.append(["url": .string(url.addressText), "description": "a custom domain"])
            }
        }
        return .array(servers)
    }
}

/// Why several APIs do not fit into one document.
package struct OpenAPICollision: Error, Hashable, Sendable, CustomStringConvertible {
    /// The two APIs.
    package let apis: [String]
    /// The path in the document that both have routes at.
    package let path: String

    package var description: String {
        "the APIs \(apis.map { "'\($0)'" }.joined(separator: " and ")) both have routes at '\(path)', which one document "
            + "cannot tell apart; choose one with '--api'"
    }
}

extension String {
    /// The text with all escaped that no address may hold, braces too, which are variables in a document (RFC 3986).
    fileprivate var addressText: String {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%".utf8)
        return PercentEncoding.encode(utf8) { allowed.contains($0) }
    }
}
