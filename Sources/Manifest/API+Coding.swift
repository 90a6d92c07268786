// An API from and to JSON.

internal import JSON

extension API {
    var json: JSONValue {
        var object = JSONObject()
        object["kind"] = .string(kind.rawValue)
        object["stage"] = .string(stage)
        object.set("stageVariables", strings: stageVariables)
        object.set("domains", members: domains, \.json)
        if !hasDefaultEndpoint { object["defaultEndpoint"] = false }
        object.set("routeSelection", routeSelection)
        object["cors"] = cors?.json
        object.set("binaryTypes", set: binaryTypes)
        object.set("minimumCompressionBytes", minimumCompressionBytes)
        object["policy"] = policy?.inOrder
        if takesKeysFromAuthorizer { object["apiKeySource"] = "authorizer" }
        object.set("authorizers", members: authorizers, \.json)
        object.set("models", members: models, \.inOrder)
        object.set("gatewayResponses", members: gatewayResponses, \.json)
        object["throttle"] = throttle?.json
        object["canary"] = canary?.json
        object.set("accessLogFormat", accessLogFormat)
        let sorted = routes.sorted { $0.key < $1.key }
        object["routes"] = .object(JSONObject(sorted.map { ($0.key.description, $0.value.json(kind: kind)) }))
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            let kind = try object.required("kind").choice(APIKind.self)
            var api = API(kind: kind, stage: try object.required("stage").string())
            api.stageVariables = try object.texts("stageVariables")
            api.domains = try object.members("domains") { (domain) throws(JSONShapeError) in try Domain(domain) }
            api.hasDefaultEndpoint = try object.optional("defaultEndpoint")?.boolean() ?? true
            api.routeSelection = try object.optional("routeSelection")?.string()
            if let cors = object.optional("cors") { api.cors = try CORS(cors, kind: kind) }
            api.binaryTypes = try object.list("binaryTypes")
            api.minimumCompressionBytes = try object.optional("minimumCompressionBytes")?.integer(in: 0...10_485_760)
            api.policy = object.optional("policy")?.value
            api.takesKeysFromAuthorizer =
                try object.optional("apiKeySource")?.choice(APIKeySource.self) == .authorizer
            api.authorizers = try Authorizer.authorizers(object.optional("authorizers"))
            api.models = try object.members("models") { (model) throws(JSONShapeError) in model.value }
            api.gatewayResponses = try object.members("gatewayResponses") { (response) throws(JSONShapeError) in
                try GatewayResponse(response)
            }
            if let throttle = object.optional("throttle") { api.throttle = try Throttle(throttle) }
            if let canary = object.optional("canary") { api.canary = try Canary(canary) }
            api.accessLogFormat = try object.optional("accessLogFormat")?.string()
            api.routes = try Route.routes(try object.required("routes"), kind: kind)
            return api
        }
    }
}

/// Where a REST API takes API keys from.
private enum APIKeySource: String, CaseIterable {
    case header, authorizer
}

extension Domain {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("basePaths", set: basePaths)
        object.set("mutualTls", flag: isMutualTLS)
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var domain = Domain()
            domain.basePaths = try object.list("basePaths")
            domain.isMutualTLS = try object.flag("mutualTls")
            return domain
        }
    }
}

extension Throttle {
    var json: JSONValue {
        var object = JSONObject()
        object.set("requestsPerSecond", requestsPerSecond)
        object.set("burst", burst)
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            Throttle(
                requestsPerSecond: try object.optional("requestsPerSecond")?.number(in: 0...1_000_000_000),
                burst: try object.optional("burst")?.integer(in: 0...1_000_000_000)
            )
        }
    }
}

extension Canary {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("percent", percent)
        object.set("stageVariables", strings: stageVariables)
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var canary = Canary()
            canary.percent = try object.required("percent").number(in: 0...100)
            canary.stageVariables = try object.texts("stageVariables")
            return canary
        }
    }
}

extension GatewayResponse {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("statusCode", statusCode)
        object.set("parameters", strings: parameters)
        object.set("templates", strings: templates)
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var response = GatewayResponse()
            response.statusCode = try object.optional("statusCode")?.integer(in: 100...599)
            response.parameters = try object.texts("parameters")
            response.templates = try object.texts("templates")
            return response
        }
    }
}
