// The keywords of one schema, read with their types.

internal import JSON

/// Reads the keywords of a schema. One of the wrong type is an error: what it was to check is not known.
struct JSONSchemaReader {
    private typealias Failure = JSONSchema.Failure

    let schema: JSONValue
    /// The name of the model, for messages.
    let document: String

    private func expected(_ what: String, _ keyword: String) -> JSONSchema.Failure {
        Failure("'\(document)': '\(keyword)' is not \(what)")
    }

    /// The types that are allowed; empty for all. OpenAPI's `file` and other words are no types.
    func types() throws(JSONSchema.Failure) -> [JSONSchema.Primitive] {
        guard let value = schema["type"] else { return [] }
        var types: [JSONSchema.Primitive] = []
        for word in value.array ?? [value] {
            guard let word = word.string, let type = JSONSchema.Primitive(rawValue: word) else {
                throw expected("a type of JSON, nor a list of them", "type")
            }
            types.append(type)
        }
        return types
    }

    func elements(_ keyword: String) throws(JSONSchema.Failure) -> [JSONValue]? {
        guard let value = schema[keyword] else { return nil }
        guard let elements = value.array else { throw expected("a list", keyword) }
        return elements
    }

    func members(_ keyword: String) throws(JSONSchema.Failure) -> [(key: String, value: JSONValue)] {
        guard let value = schema[keyword] else { return [] }
        guard let object = value.object else { throw expected("an object", keyword) }
        return object.members
    }

    func names(_ keyword: String) throws(JSONSchema.Failure) -> [String] {
        var names: [String] = []
        for element in try elements(keyword) ?? [] {
            guard let name = element.string else { throw expected("a list of names", keyword) }
            names.append(name)
        }
        return names
    }

    func text(_ keyword: String) throws(JSONSchema.Failure) -> String? {
        guard let value = schema[keyword] else { return nil }
        guard let text = value.string else { throw expected("a string", keyword) }
        return text
    }

    func flag(_ keyword: String) throws(JSONSchema.Failure) -> Bool {
        guard let value = schema[keyword] else { return false }
        guard let flag = value.boolean else { throw expected("true or false", keyword) }
        return flag
    }

    func count(_ keyword: String) throws(JSONSchema.Failure) -> Int? {
        guard let value = schema[keyword] else { return nil }
        guard let count = value.withPlainNumbers.integer, count >= 0 else { throw expected("a count", keyword) }
        return Int(count)
    }

    func number(_ keyword: String) throws(JSONSchema.Failure) -> JSONValue? {
        guard let value = schema[keyword] else { return nil }
        guard value.double != nil else { throw expected("a number", keyword) }
        return value
    }

    /// A bound and whether it is excluded itself. Later drafts write an excluded bound as a number of its own.
    func bound(
        _ keyword: String,
        _ exclusive: String
    ) throws(JSONSchema.Failure) -> (value: JSONValue, isExclusive: Bool)? {
        if schema[exclusive]?.double != nil, let value = schema[exclusive] { return (value, true) }
        let isExclusive = try flag(exclusive)
        return try number(keyword).map { ($0, isExclusive) }
    }

    func divisor() throws(JSONSchema.Failure) -> JSONValue? {
        guard let divisor = try number("multipleOf") else { return nil }
        guard let value = divisor.double, value > 0 else { throw expected("a number above 0", "multipleOf") }
        return divisor
    }

    func regex(_ pattern: String) throws(JSONSchema.Failure) -> LinearPattern {
        do throws(LinearPattern.Failure) { return try LinearPattern(pattern) } catch {
            throw Failure("'\(document)': the pattern '\(pattern)': \(error)")
        }
    }
}

extension JSONValue {
    /// The value of a number; nil for every other kind.
    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }

    /// The value with every number that is whole as an integer, so that 1.0 is the same as 1
    /// (draft-zyp-json-schema-04 section 3.6).
    var withPlainNumbers: JSONValue {
        switch self {
        case .real(let number): Int64(exactly: number).map { .integer($0) } ?? self
        case .array(let elements): .array(elements.map(\.withPlainNumbers))
        case .object(let object):
            .object(JSONObject(object.members.map { ($0.key, $0.value.withPlainNumbers) }))
        default: self
        }
    }
}
