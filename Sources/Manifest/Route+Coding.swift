// A route from and to JSON.

internal import JSON

extension Route {
    func json(kind: APIKind) -> JSONValue {
        var object = JSONObject()
        switch target {
        case .function(let function, let payload):
            object["function"] = .string(function)
            if payload != kind.defaultPayload { object["payload"] = .string(payload.rawValue) }
        case .integration(let integration): object["integration"] = integration.json
        }
        object.set("requestParameters", strings: requestParameters)
        object.set("responseParameters", members: responseParameters) { .members($0) { .string($0) } }
        object.set("streamed", flag: isStreamed)
        object["auth"] = .string(auth.text)
        object.set("scopes", set: scopes)
        object.set("apiKeyRequired", flag: isKeyRequired)
        object["validation"] = validation?.json
        object["throttle"] = throttle?.json
        object.set("timeoutMilliseconds", timeoutMilliseconds)
        object.set("operationName", operationName)
        return .object(object)
    }

    static func routes(_ reader: JSONReader, kind: APIKind) throws(JSONShapeError) -> [RouteKey: Route] {
        let members = try reader.members()
        var routes = [RouteKey: Route](minimumCapacity: members.count)
        var shapes: [RouteKey: RouteKey] = [:]
        for (text, value) in members {
            let key: RouteKey
            do { key = try RouteKey(text, kind: kind) } catch { throw value.error(error.description) }
            // Without parameters the shape is the key.
            let shape = key.nameless
            if shape != key, let other = shapes.updateValue(key, forKey: shape) {
                throw value.error("takes the same requests as '\(other)'")
            }
            routes[key] = try Route(value, kind: kind)
        }
        return routes
    }

    private init(_ reader: JSONReader, kind: APIKind) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            let target: Target
            if let integration = object.optional("integration") {
                target = .integration(try Integration(integration))
            } else {
                let function = try object.required("function").string()
                let payload = try object.optional("payload")?.choice(PayloadFormat.self) ?? kind.defaultPayload
                if payload != .v1 && (kind == .rest || kind == .webSocket) {
                    throw reader.error("only HTTP APIs and function URLs send payload format 2.0")
                }
                target = .function(function, payload)
            }
            var route = Route(target: target)
            route.requestParameters = try object.texts("requestParameters")
            route.responseParameters = try object.members("responseParameters") { (status) throws(JSONShapeError) in
                var texts: [String: String] = [:]
                for (name, value) in try status.members() { texts[name] = try value.string() }
                return texts
            }
            route.isStreamed = try object.flag("streamed")
            route.auth = RouteAuth(try object.required("auth").string())
            route.scopes = try object.list("scopes")
            route.isKeyRequired = try object.flag("apiKeyRequired")
            if let validation = object.optional("validation") { route.validation = try RequestValidation(validation) }
            if let throttle = object.optional("throttle") { route.throttle = try Throttle(throttle) }
            route.timeoutMilliseconds = try object.optional("timeoutMilliseconds")?.integer(in: 50...900_000)
            route.operationName = try object.optional("operationName")?.string()
            return route
        }
    }
}

extension RequestValidation {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("requiredParameters", set: requiredParameters)
        object.set("models", strings: models)
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var validation = RequestValidation()
            validation.requiredParameters = try object.list("requiredParameters")
            validation.models = try object.texts("models")
            return validation
        }
    }
}
