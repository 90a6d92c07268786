// What is wrong with a value, in the words of the validator that API Gateway is known to use.

internal import JSON

/// The texts of `$context.error.validationErrorString`, which are those of the Java library json-schema-validator.
enum JSONSchemaFault {
    /// How much of a value is shown.
    private static let valueLimit = 200

    static func type(_ value: JSONValue, _ types: [JSONSchema.Primitive]) -> String {
        var names = Set(types.map(\.rawValue))
        // Every integer is a number, and the library says so.
        if names.contains("number") { names.insert("integer") }
        return "instance type (\(name(of: value))) does not match any allowed primitive type "
            + "(allowed: \(list(names.sorted())))"
    }

    static func enumeration(_ value: JSONValue, _ values: [JSONValue]) -> String {
        "instance value (\(short(value))) not found in enum (possible values: \(short(.array(values))))"
    }

    static func allOf(_ matching: Int, _ count: Int) -> String {
        "instance failed to match all required schemas (matched only \(matching) out of \(count))"
    }

    static func anyOf(_ count: Int) -> String { "instance failed to match at least one required schema among \(count)" }

    static func oneOf(_ matching: Int, _ count: Int) -> String {
        "instance failed to match exactly one schema (matched \(matching) out of \(count))"
    }

    static let not = "instance matched a schema which it should not have"

    static func minimum(_ value: JSONValue, _ bound: JSONValue, isExclusive: Bool) -> String {
        isExclusive
            ? "numeric instance is not strictly greater than the required minimum \(short(bound))"
            : "numeric instance is lower than the required minimum (minimum: \(short(bound)), found: \(short(value)))"
    }

    static func maximum(_ value: JSONValue, _ bound: JSONValue, isExclusive: Bool) -> String {
        isExclusive
            ? "numeric instance is not strictly lower than the required maximum \(short(bound))"
            : "numeric instance is greater than the required maximum (maximum: \(short(bound)), found: \(short(value)))"
    }

    static func multipleOf(_ value: JSONValue, _ divisor: JSONValue) -> String {
        "remainder of division is not zero (\(short(value)) / \(short(divisor)))"
    }

    static func tooShort(_ text: String, _ length: Int, _ least: Int) -> String {
        "string \(short(.string(text))) is too short (length: \(length), required minimum: \(least))"
    }

    static func tooLong(_ text: String, _ length: Int, _ most: Int) -> String {
        "string \(short(.string(text))) is too long (length: \(length), maximum allowed: \(most))"
    }

    static func pattern(_ pattern: String, _ text: String) -> String {
        "ECMA 262 regex \(short(.string(pattern))) does not match input string \(short(.string(text)))"
    }

    static func fewItems(_ count: Int, _ least: Int) -> String {
        "array is too short: must have at least \(least) elements but instance has \(count) elements"
    }

    static func manyItems(_ count: Int, _ most: Int) -> String {
        "array is too long: must have at most \(most) elements but instance has \(count) elements"
    }

    static let duplicates = "array must not contain duplicate elements"

    static func furtherItems(_ allowed: Int) -> String {
        "array is too long: must have at most \(allowed) elements but instance has more elements"
    }

    static func missing(_ names: [String]) -> String {
        "object has missing required properties (\(list(names.sorted())))"
    }

    static func fewMembers(_ count: Int, _ least: Int) -> String {
        "object has too few properties (found \(count) but schema requires at least \(least))"
    }

    static func manyMembers(_ count: Int, _ most: Int) -> String {
        "object has too many properties (found \(count) but schema requires at most \(most))"
    }

    static func furtherMembers(_ names: [String]) -> String {
        "object instance has properties which are not allowed by the schema: \(list(names.sorted()))"
    }

    static func dependency(_ name: String, _ names: [String], _ missing: [String]) -> String {
        "property \(short(.string(name))) of object has missing property dependencies "
            + "(schema requires \(list(names)); missing: \(list(missing)))"
    }

    // MARK: Parts

    private static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .boolean: "boolean"
        case .integer: "integer"
        case .real: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func list(_ names: [String]) -> String {
        short(.array(names.prefix(20).map { .string($0) }))
    }

    /// The JSON text of a value, cut where it is long. Texts are cut first: to spell a large one would cost more.
    private static func short(_ value: JSONValue) -> String {
        let text: String
        switch value {
        case .string(let string): text = JSONValue.string(String(string.unicodeScalars.prefix(valueLimit))).compactText
        case .array, .object: text = compact(value)
        default: text = value.compactText
        }
        return text.utf8.count <= valueLimit * 2 ? text : String(text.unicodeScalars.prefix(valueLimit)) + "…"
    }

    private static func compact(_ value: JSONValue) -> String {
        guard case .array(let elements) = value, elements.count > 20 else { return value.compactText }
        return JSONValue.array(Array(elements.prefix(20))).compactText
    }
}
