// An integration from and to JSON.

internal import JSON

extension Integration {
    var json: JSONValue {
        var object = JSONObject()
        object["type"] = .string(kind.rawValue)
        object.set("url", url)
        object.set("service", service)
        object.set("function", function)
        object.set("method", method)
        object.set("private", flag: isPrivate)
        object.set("parameters", strings: parameters)
        object.set("templates", strings: templates)
        object.set("passthrough", passthrough)
        object.set("contentHandling", contentHandling)
        object.set("responses", members: responses, \.json)
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var integration = Integration(kind: try object.required("type").choice(Kind.self))
            integration.url = try object.optional("url")?.string()
            integration.service = try object.optional("service")?.string()
            integration.function = try object.optional("function")?.string()
            integration.method = try object.optional("method")?.string()
            integration.isPrivate = try object.flag("private")
            integration.parameters = try object.texts("parameters")
            integration.templates = try object.texts("templates")
            integration.passthrough = try object.optional("passthrough")?.string()
            integration.contentHandling = try object.optional("contentHandling")?.string()
            integration.responses = try object.members("responses") { (response) throws(JSONShapeError) in
                try Response(response)
            }
            return integration
        }
    }
}

extension Integration.Response {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["statusCode"] = .string(statusCode)
        object.set("parameters", strings: parameters)
        object.set("templates", strings: templates)
        object.set("contentHandling", contentHandling)
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var response = Integration.Response(statusCode: try object.required("statusCode").string())
            response.parameters = try object.texts("parameters")
            response.templates = try object.texts("templates")
            response.contentHandling = try object.optional("contentHandling")?.string()
            return response
        }
    }
}
