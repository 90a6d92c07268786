// API keys and usage plans from and to JSON.

internal import JSON

extension APIKey {
    var json: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        if !isEnabled { object["enabled"] = false }
        object["value"] = value?.json
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var key = APIKey()
            key.name = try object.optional("name")?.string()
            key.isEnabled = try object.optional("enabled")?.boolean() ?? true
            if let value = object.optional("value") { key.value = try EnvironmentValue(value) }
            return key
        }
    }
}

extension UsagePlan {
    var json: JSONValue {
        var object = JSONObject()
        object["apis"] = .members(apis) { limits in .members(limits, \.json) }
        object["throttle"] = throttle?.json
        object["quota"] = quota?.json
        object.set("keys", set: keys)
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var plan = UsagePlan()
            plan.apis = try object.members("apis") { (limits) throws(JSONShapeError) in
                var throttles: [String: Throttle] = [:]
                for (route, throttle) in try limits.members() { throttles[route] = try Throttle(throttle) }
                return throttles
            }
            if let throttle = object.optional("throttle") { plan.throttle = try Throttle(throttle) }
            if let quota = object.optional("quota") { plan.quota = try Quota(quota) }
            plan.keys = try object.list("keys")
            return plan
        }
    }
}

extension UsagePlan.Quota {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("requests", requests)
        object["period"] = .string(period.rawValue)
        if offset != 0 { object.set("offset", offset) }
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var quota = UsagePlan.Quota(
                requests: try object.required("requests").integer(in: 0...Int(Int32.max)),
                period: try object.required("period").choice(Period.self)
            )
            quota.offset = try object.optional("offset")?.integer(in: 0...Int(Int32.max)) ?? 0
            return quota
        }
    }
}
