// An authorizer from and to JSON.

internal import JSON

extension Authorizer {
    var json: JSONValue {
        var object = JSONObject()
        object["kind"] = .string(kind.rawValue)
        object.set("function", function)
        object.set("input", input?.rawValue)
        object.set("payload", payload?.rawValue)
        object.set("simpleResponses", flag: hasSimpleResponses)
        object.set("identitySources", list: identitySources)
        object.set("validationExpression", validationExpression)
        object.set("cacheSeconds", cacheSeconds)
        object.set("issuer", issuer)
        object.set("audiences", set: audiences)
        object.set("userPools", set: userPools)
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var authorizer = Authorizer(kind: try object.required("kind").choice(Kind.self))
            authorizer.function = try object.optional("function")?.string()
            authorizer.input = try object.optional("input")?.choice(Input.self)
            authorizer.payload = try object.optional("payload")?.choice(PayloadFormat.self)
            authorizer.hasSimpleResponses = try object.flag("simpleResponses")
            authorizer.identitySources = try object.list("identitySources")
            authorizer.validationExpression = try object.optional("validationExpression")?.string()
            authorizer.cacheSeconds = try object.optional("cacheSeconds")?.integer(in: 0...3600)
            authorizer.issuer = try object.optional("issuer")?.string()
            authorizer.audiences = try object.list("audiences")
            authorizer.userPools = try object.list("userPools")
            return authorizer
        }
    }

    /// Reads the authorizers of an API.
    static func authorizers(_ reader: JSONReader?) throws(JSONShapeError) -> [String: Authorizer] {
        var authorizers: [String: Authorizer] = [:]
        for (name, value) in try reader?.members() ?? [] {
            if name == "none" { throw value.error("'none' means no authorizer and cannot name one") }
            authorizers[name] = try Authorizer(value)
        }
        return authorizers
    }
}
