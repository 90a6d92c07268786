// What an operation's requests are checked for: required parameters, and the schemas of bodies as models.

internal import Diagnostics
internal import JSON
internal import Manifest

extension Lowering {
    /// What the gateway checks of an operation's requests; nil for nothing.
    mutating func validation(
        _ operation: Properties,
        _ item: Properties,
        key: RouteKey,
        _ references: DocumentReferences,
        _ validators: RequestValidators,
        of draft: inout APIDraft
    ) -> RequestValidation? {
        guard let scope = validators.scope(of: operation, into: &diagnostics) else { return nil }
        var validation = RequestValidation()
        var bodies: [(type: String, schema: Value)] = []
        let parameters = [item["parameters"], operation["parameters"]].compactMap { $0?.value.list }.flatMap { $0 }
        for parameter in parameters {
            guard let settings = references.target(of: parameter), let place = settings["in"]?.text else { continue }
            if place == "body" {
                let type = operation["consumes"]?.value.list?.first?.text ?? "application/json"
                if let schema = settings["schema"] { bodies.append((type, schema)) }
            } else if settings["required"]?.text == "true", let value = settings["name"] {
                let property = Property(name: "name", owner: "a parameter", nameSpan: value.span, value: value)
                guard let name = property.text(into: &diagnostics) else { continue }
                let word = place == "query" ? "querystring" : place
                validation.requiredParameters.append("method.request.\(word).\(name)")
            }
        }
        if let body = operation["requestBody"].flatMap({ references.target(of: $0.value) }) {
            for content in body["content"]?.members ?? [] {
                if let schema = content.value["schema"] { bodies.append((content.key, schema)) }
            }
        }
        if !scope.checksParameters { validation.requiredParameters = [] }
        if scope.checksBody {
            for body in bodies {
                validation.models[body.type] = model(body.schema, named: "\(key) \(body.type)", references, of: &draft)
            }
        }
        return validation.isEmpty ? nil : validation
    }

    /// The name of the model that a schema is, which is added with all that it refers to.
    private mutating func model(
        _ schema: Value,
        named name: String,
        _ references: DocumentReferences,
        of draft: inout APIDraft
    ) -> String? {
        var pending: [(name: String, schema: Value)] = [(name, schema)]
        var first = name
        if let reference = schema["$ref"]?.text, let target = references.target(of: schema) {
            first = Self.modelName(reference)
            pending = [(first, target)]
        }
        while let (name, schema) = pending.popLast() {
            guard draft.api.models[name] == nil else { continue }
            let property = Property(name: "schema", owner: "'\(name)'", nameSpan: schema.span, value: schema)
            guard let document = document(of: property) else { return nil }
            draft.api.models[name] = Self.withModelReferences(document)
            for reference in schema.references {
                guard let target = references.target(of: reference), let text = reference["$ref"]?.text else {
                    continue
                }
                pending.append((Self.modelName(text), target))
            }
        }
        return draft.api.models[first] == nil ? nil : first
    }

    /// The last part of `#/definitions/Pet`, or of `https://apigateway.amazonaws.com/restapis/ID/models/Pet`.
    private static func modelName(_ reference: String) -> String {
        String(reference.split(separator: "/").last ?? "")
    }

    /// A schema whose references to other models have the manifest's form, `#/models/NAME`.
    static func withModelReferences(_ json: JSONValue) -> JSONValue {
        switch json {
        case .array(let elements): return .array(elements.map(withModelReferences))
        case .object(let object):
            let members = object.members.map { key, value -> (String, JSONValue) in
                guard key == "$ref", let text = value.string else { return (key, withModelReferences(value)) }
                let isModel =
                    text.hasPrefix("#/definitions/") || text.hasPrefix("#/components/schemas/")
                    || text.contains("/models/")
                return (key, .string(isModel ? "#/models/\(modelName(text))" : text))
            }
            return .object(JSONObject(members))
        default: return json
        }
    }
}

extension Value {
    /// The mappings within it that refer to other parts of the document.
    fileprivate var references: [Value] {
        if let text = self["$ref"]?.text, text.hasPrefix("#/") { return [self] }
        let parts = (list ?? []) + (members ?? []).map(\.value)
        return parts.flatMap(\.references)
    }
}
