// JSON schemas made ready to check bodies against.

internal import JSON

/// A schema of draft 04 with all that it refers to, compiled
/// (draft-zyp-json-schema-04, draft-fge-json-schema-validation-00; developer guide, "Data models for REST APIs").
///
/// References may form cycles, so the schemas are in one array and refer to each other by their places.
struct JSONSchema: Sendable {
    /// Why a schema cannot be used.
    struct Failure: Error, Equatable, CustomStringConvertible {
        /// In lower case, without a full stop, with the place in the schema.
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// What is said about further elements or members.
    enum Additional: Sendable {
        case allowed, forbidden
        case schema(Int)
    }

    /// What the elements of an array are checked against.
    enum Items: Sendable {
        case unchecked
        case each(Int)
        case tuple([Int], then: Additional)
    }

    enum Dependency: Sendable {
        case names([String])
        case schema(Int)
    }

    /// The primitive types of draft 04.
    enum Primitive: String, CaseIterable, Sendable {
        case array, boolean, integer, null, number, object, string
    }

    /// One schema. What is nil or empty is not checked.
    struct Node: Sendable {
        /// The schema that stands in place of this one.
        var reference: Int?
        var types: [Primitive] = []
        var enumeration: [JSONValue]?
        var minimum: (value: JSONValue, isExclusive: Bool)?
        var maximum: (value: JSONValue, isExclusive: Bool)?
        var multipleOf: JSONValue?
        var minLength: Int?
        var maxLength: Int?
        var pattern: (text: String, regex: LinearPattern)?
        var items = Items.unchecked
        var minItems: Int?
        var maxItems: Int?
        var hasUniqueItems = false
        var required: [String] = []
        var properties: [String: Int] = [:]
        var patternProperties: [(regex: LinearPattern, schema: Int)] = []
        var additionalProperties = Additional.allowed
        var minProperties: Int?
        var maxProperties: Int?
        var dependencies: [(name: String, dependency: Dependency)] = []
        var allOf: [Int] = []
        var anyOf: [Int] = []
        var oneOf: [Int] = []
        var not: Int?
    }

    let nodes: [Node]
    let root: Int

    /// - Parameters:
    ///   - model: the name of a model.
    ///   - models: the schemas of the API by their names.
    /// - Throws: `Failure` for a schema that is none, that is too large, or that refers to what is not there.
    init(model: String, of models: [String: JSONValue]) throws(Failure) {
        var compiler = JSONSchemaCompiler(models: models)
        root = try compiler.model(model)
        try compiler.finish()
        nodes = compiler.nodes
    }

    /// Checks a value.
    ///
    /// - Returns: what is wrong with it, in the words of the validator that API Gateway is known to use; empty for a
    ///   value that the schema allows.
    func faults(of value: JSONValue) -> [String] {
        var check = JSONSchemaCheck(schema: self)
        return check.faults(of: value)
    }
}
