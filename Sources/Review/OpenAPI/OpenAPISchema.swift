// Models of REST APIs, JSON Schema draft 4, as the dialect of OpenAPI 3.1, JSON Schema 2020-12.

internal import JSON

/// Converts the models of an API.
///
/// The differences are those of the specification's own lists (JSON Schema, "Migrating from Draft 4 to Draft 6", "Draft 7
/// to Draft 2019-09", "Draft 2019-09 to Draft 2020-12").
struct OpenAPISchema {
    /// The name of the component that the model becomes.
    let component: String
    /// The components of all models of the API, by name of model.
    let models: [String: String]

    /// A model, or a schema within one.
    func convert(_ schema: JSONValue) -> JSONValue {
        guard let old = schema.object else { return schema.boolean.map { .boolean($0) } ?? true }
        // What stands beside a reference has no meaning in draft 4, and would have one now.
        if let reference = old["$ref"]?.string { return ["$ref": .string(convert(reference: reference))] }
        var new = JSONObject()
        for (key, value) in old.members {
            switch key {
            // They would be the base of references, and no draft's but the document's.
            case "$schema", "id": break
            case "definitions": new["$defs"] = convert(members: value)
            case "properties", "patternProperties": new[key] = convert(members: value)
            case "additionalProperties", "not": new[key] = convert(value)
            case "allOf", "anyOf", "oneOf": new[key] = convert(elements: value)
            case "items":
                if value.array != nil {
                    new["prefixItems"] = convert(elements: value)
                    if let rest = old["additionalItems"] { new["items"] = convert(rest) }
                } else {
                    new["items"] = convert(value)
                }
            case "additionalItems": break
            case "exclusiveMinimum", "exclusiveMaximum":
                let bound = key == "exclusiveMinimum" ? "minimum" : "maximum"
                if value.boolean == true { new[key] = old[bound] }
                if value.boolean == nil { new[key] = value }
            case "minimum", "maximum":
                let exclusive = key == "minimum" ? "exclusiveMinimum" : "exclusiveMaximum"
                if old[exclusive]?.boolean != true { new[key] = value }
            case "dependencies": convert(dependencies: value, into: &new)
            // Draft 3 had a boolean here.
            case "required": if value.array?.isEmpty == false { new[key] = value }
            default: new[key] = value
            }
        }
        return .object(new)
    }

    private func convert(members value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        return .object(JSONObject(object.members.map { ($0.key, convert($0.value)) }))
    }

    private func convert(elements value: JSONValue) -> JSONValue {
        guard let elements = value.array else { return value }
        return .array(elements.map { convert($0) })
    }

    private func convert(dependencies value: JSONValue, into schema: inout JSONObject) {
        guard let members = value.object?.members else { return }
        let names = members.filter { $0.value.array != nil }.map { ($0.key, $0.value) }
        let schemas = members.filter { $0.value.array == nil }.map { ($0.key, convert($0.value)) }
        if !names.isEmpty { schema["dependentRequired"] = .object(JSONObject(names)) }
        if !schemas.isEmpty { schema["dependentSchemas"] = .object(JSONObject(schemas)) }
    }

    /// A reference, whose root is the document in place of the model.
    ///
    /// One to another model is one to its component: `#/models/NAME` as manifests have it, and API Gateway's own
    /// `https://apigateway.amazonaws.com/restapis/ID/models/NAME` (developer guide, "Data models for REST APIs").
    private func convert(reference: String) -> String {
        if let range = reference.firstRange(of: "/models/"), let name = models[String(reference[range.upperBound...])] {
            return "#/components/schemas/\(name)"
        }
        guard reference == "#" || reference.hasPrefix("#/") else { return reference }
        let place = reference.dropFirst().replacing("/definitions/", with: "/$defs/")
        return "#/components/schemas/\(component)\(place)"
    }
}
