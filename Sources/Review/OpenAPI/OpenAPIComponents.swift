// What the operations of a document share, and the operations that refer to it.

internal import JSON
internal import Manifest

/// The security schemes and schemas of a document.
struct OpenAPIComponents {
    /// What a route wants of its callers: schemes that must all be satisfied, by authorizer and API.
    private var schemes: [String: [String: [String]]] = [:]
    private var schemas: [String: [String: String]] = [:]
    private var apiKey: String?
    private var securitySchemes = JSONObject()
    private var schemaObjects = JSONObject()
    /// The APIs whose API keys their authorizers find.
    private var ownKeys: Set<String> = []
    private let apiCount: Int

    /// - Parameter apis: the APIs of the document, whose names come before those of their parts where there are several.
    init(_ apis: [(id: String, api: API)]) {
        apiCount = apis.count
        for (id, api) in apis {
            if api.takesKeysFromAuthorizer { ownKeys.insert(id) }
            for (name, authorizer) in api.authorizers.sortedByCodePoint {
                schemes[id, default: [:]][name] = authorizer.securitySchemes.enumerated().map { offset, scheme in
                    let wish = name + (offset == 0 ? "" : ".\(offset + 1)")
                    return Self.add(scheme, to: &securitySchemes, as: apiCount > 1 ? "\(id).\(wish)" : wish)
                }
            }
            // All models have their names before one is written, since each may refer to each.
            var names: [String: String] = [:]
            for (name, _) in api.models.sortedByCodePoint {
                names[name] = Self.add(.null, to: &schemaObjects, as: apiCount > 1 ? "\(id).\(name)" : name)
            }
            for (name, model) in api.models.sortedByCodePoint {
                guard let key = names[name] else { continue }
                schemaObjects[key] = OpenAPISchema(component: key, models: names).convert(model)
            }
            schemas[id] = names
        }
        if apis.contains(where: { id, api in !ownKeys.contains(id) && api.routes.values.contains(where: \.isKeyRequired)
        }) {
            apiKey = Self.add(
                ["type": "apiKey", "in": "header", "name": "x-api-key"],
                to: &securitySchemes,
                as: "ApiKey"
            )
        }
    }

    /// The member `components`; empty where there is nothing in it.
    var json: JSONObject {
        var object = JSONObject()
        if !schemaObjects.isEmpty { object["schemas"] = .object(schemaObjects) }
        if !securitySchemes.isEmpty { object["securitySchemes"] = .object(securitySchemes) }
        return object
    }

    /// Adds a component under a name as near to the wish as the specification lets it be, and gives that name.
    private static func add(_ value: JSONValue, to components: inout JSONObject, as wish: String) -> String {
        let clean = String(
            wish.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" } as [Character]
        )
        var name = clean.isEmpty ? "_" : clean
        var number = 2
        while components[name] != nil {
            name = "\(clean)_\(number)"
            number += 1
        }
        components[name] = value
        return name
    }

    /// What a route wants of its callers: one of these, each a set of schemes with scopes; empty for an open route.
    private func security(_ row: RouteRow) -> [JSONValue] {
        let route = row.route
        var names: [String] = []
        if case .authorizer(let name) = route.auth { names = schemes[row.api]?[name] ?? [] }
        var common = JSONObject()
        for name in names { common[name] = [] }
        if route.isKeyRequired, let apiKey, !ownKeys.contains(row.api) { common[apiKey] = [] }
        // A token needs one of the scopes (developer guide, "Authorization scopes"), while all of a list are needed here.
        guard let name = names.first, !route.scopes.isEmpty else { return common.isEmpty ? [] : [.object(common)] }
        return route.scopes.map { scope in
            var requirement = common
            requirement[name] = [.string(scope)]
            return .object(requirement)
        }
    }

    /// The operation of a route.
    func operation(_ row: RouteRow, id: String) -> JSONValue {
        var object = JSONObject()
        if apiCount > 1 { object["tags"] = [.string(row.api)] }
        if case .fallback = row.key { object["summary"] = "Every request that no other route takes." }
        if let refusal = row.refusal { object["description"] = .string("Not served: \(refusal).") }
        object["operationId"] = .string(id)
        let parameters = row.route.validation?.requiredParameters.compactMap(RequestPlace.init(rest:)) ?? []
        if !parameters.isEmpty {
            object["parameters"] = .array(
                Set(parameters).sorted { $0.sortKey < $1.sortKey }.map { place in
                    [
                        "name": .string(place.name), "in": .string(place.location), "required": true,
                        "schema": ["type": "string"],
                    ]
                }
            )
        }
        let models = row.route.validation?.models ?? [:]
        if !models.isEmpty {
            let content = models.sortedByCodePoint.map { type, model -> (String, JSONValue) in
                guard let name = schemas[row.api]?[model] else { return (type, [:]) }
                return (type, ["schema": ["$ref": .string("#/components/schemas/\(name)")]])
            }
            object["requestBody"] = ["required": true, "content": .object(JSONObject(content))]
        }
        object["responses"] = .object(row.openAPIResponses)
        object["security"] = .array(security(row))
        object["x-samovar-route"] = row.json
        return .object(object)
    }
}

extension RouteRow {
    /// What is answered, as far as a manifest knows.
    fileprivate var openAPIResponses: JSONObject {
        var object = JSONObject()
        if !unserved.isEmpty {
            object[String(refusalStatus)] = ["description": "samovar-proxy does not serve the route."]
            return object
        }
        if case .integration(let integration) = route.target, integration.kind != .httpProxy {
            for status in Set(integration.responses.values.map(\.statusCode)).sorted()
            where status.utf8.count == 3 && Int(status).map({ (100...599).contains($0) }) == true {
                object[status] = ["description": "An answer of the integration."]
            }
        }
        object["default"] = ["description": "What the integration answers, or an error of the gateway."]
        return object
    }
}
