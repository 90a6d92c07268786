// A manifest as canonical JSON: members in the order of the schema, keyed collections in the order of their identities.

package import JSON

extension Manifest {
    /// The bytes of the file: the same manifest gives the same text on every machine.
    package var text: String { json.canonicalText }

    /// The manifest as a value, every member in its place.
    package var json: JSONValue {
        var object = JSONObject()
        object["manifest"] = .integer(Int64(Manifest.formatVersion))
        object["apis"] = .object(JSONObject(apis.sortedByCodePoint.map { ($0.key, $0.value.json) }))
        object["functions"] = .object(JSONObject(functions.sortedByCodePoint.map { ($0.key, $0.value.json) }))
        return .object(object)
    }
}

extension Dictionary where Key == String {
    /// The members by code point of their names, which is the order of everything without a better one.
    package var sortedByCodePoint: [(key: String, value: Value)] {
        sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
    }
}

extension API {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["kind"] = .string(kind.rawValue)
        object["stage"] = .string(stage)
        object.set("stageVariables", strings: stageVariables)
        object["cors"] = cors.map { $0.json }
        object.set("binaryTypes", set: binaryTypes)
        if !authorizers.isEmpty {
            object["authorizers"] = .object(JSONObject(authorizers.sortedByCodePoint.map { ($0.key, $0.value.json) }))
        }
        let sorted = routes.sorted { $0.key < $1.key }
        object["routes"] = .object(JSONObject(sorted.map { ($0.key.description, $0.value.json(kind: kind)) }))
        return .object(object)
    }
}

extension CORS {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("allowOrigins", set: allowOrigins)
        object.set("allowMethods", set: allowMethods)
        object.set("allowHeaders", set: allowHeaders)
        object.set("exposeHeaders", set: exposeHeaders)
        object["maxAgeSeconds"] = maxAgeSeconds.map { .integer(Int64($0)) }
        if allowCredentials { object["allowCredentials"] = true }
        object["preflightAuth"] = preflightAuth.map { .string($0.text) }
        return .object(object)
    }
}

extension Authorizer {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["kind"] = .string(kind.rawValue)
        object["function"] = function.map { .string($0) }
        object["issuer"] = issuer.map { .string($0) }
        object.set("audiences", set: audiences)
        return .object(object)
    }
}

extension Route {
    fileprivate func json(kind: APIKind) -> JSONValue {
        var object = JSONObject()
        object["function"] = .string(function)
        if payload != kind.defaultPayload { object["payload"] = .string(payload.rawValue) }
        object["auth"] = .string(auth.text)
        object.set("scopes", set: scopes)
        object.set("unsupported", set: unsupported)
        object["timeoutMilliseconds"] = timeoutMilliseconds.map { .integer(Int64($0)) }
        return .object(object)
    }
}

extension Function {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["name"] = name.map { .string($0) }
        object["runtime"] = runtime.map { .string($0) }
        object["handler"] = handler.map { .string($0) }
        object["code"] = code.map { .string($0) }
        object["endpoint"] = endpoint.map { ["protocol": .string($0.wire.rawValue), "url": .string($0.url)] }
        if timeoutSeconds != Function.defaultTimeoutSeconds {
            object["timeoutSeconds"] = .integer(Int64(timeoutSeconds))
        }
        if memoryMegabytes != Function.defaultMemoryMegabytes {
            object["memoryMegabytes"] = .integer(Int64(memoryMegabytes))
        }
        if !environment.isEmpty {
            object["environment"] = .object(JSONObject(environment.sortedByCodePoint.map { ($0.key, $0.value.json) }))
        }
        return .object(object)
    }
}

extension EnvironmentValue {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .secret(let source): ["secret": .string(source)]
        }
    }
}

extension JSONObject {
    /// Writes a list that is a set: sorted, each element once, absent where empty.
    fileprivate mutating func set(_ key: String, set elements: [String]) {
        guard !elements.isEmpty else { return }
        let sorted = Set(elements).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        self[key] = .array(sorted.map { .string($0) })
    }

    fileprivate mutating func set(_ key: String, strings: [String: String]) {
        guard !strings.isEmpty else { return }
        self[key] = .object(JSONObject(strings.sortedByCodePoint.map { ($0.key, .string($0.value)) }))
    }
}
