// Cross-origin settings from and to JSON.

internal import JSON

extension CORS {
    init(_ reader: JSONReader, kind: APIKind) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var cors = CORS()
            if let list = object.optional("allowOrigins") { cors.allowOrigins = try list.strings() }
            if let list = object.optional("allowMethods") { cors.allowMethods = try list.strings() }
            if let list = object.optional("allowHeaders") { cors.allowHeaders = try list.strings() }
            if let list = object.optional("exposeHeaders") { cors.exposeHeaders = try list.strings() }
            if let age = object.optional("maxAgeSeconds") { cors.maxAgeSeconds = try age.integer(in: -1...86400 * 365) }
            if let credentials = object.optional("allowCredentials") {
                cors.allowCredentials = try credentials.boolean()
                if cors.allowCredentials && kind != .rest && cors.allowOrigins.contains("*") {
                    throw credentials.error("credentials cannot be allowed together with the origin '*'")
                }
            }
            switch kind {
            case .rest:
                cors.preflightAuth = RouteAuth(try object.required("preflightAuth").string())
                cors.isPreflightKeyRequired = try object.flag("preflightApiKeyRequired")
            case .http, .webSocket, .functionURL: break
            }
            return cors
        }
    }
}

extension CORS {
    var json: JSONValue {
        var object = JSONObject()
        object.set("allowOrigins", set: allowOrigins)
        object.set("allowMethods", set: allowMethods)
        object.set("allowHeaders", set: allowHeaders)
        object.set("exposeHeaders", set: exposeHeaders)
        object["maxAgeSeconds"] = maxAgeSeconds.map { .integer(Int64($0)) }
        if allowCredentials { object["allowCredentials"] = true }
        object["preflightAuth"] = preflightAuth.map { .string($0.text) }
        object.set("preflightApiKeyRequired", flag: isPreflightKeyRequired)
        return .object(object)
    }
}
