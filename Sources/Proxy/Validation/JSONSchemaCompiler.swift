// From the JSON text of schemas to what bodies are checked against.

internal import JSON

/// Compiles a schema, and every schema that it refers to, once each.
struct JSONSchemaCompiler {
    private typealias Failure = JSONSchema.Failure

    /// How many schemas there may be within each other and side by side.
    private static let nodeLimit = 10_000

    private let models: [String: JSONValue]
    private(set) var nodes: [JSONSchema.Node] = []
    /// The places of what references lead to, by document and pointer.
    private var places: [String: Int] = [:]
    private var pending: [(place: Int, schema: JSONValue, document: String)] = []

    init(models: [String: JSONValue]) { self.models = models }

    /// The place of a model's schema.
    mutating func model(_ name: String) throws(JSONSchema.Failure) -> Int {
        guard let schema = models[name] else { throw Failure("the model '\(name)' is not there") }
        return try place(of: schema, document: name, pointer: "")
    }

    /// Compiles everything that is still to be; not by recursion, since schemas may nest deeply.
    mutating func finish() throws(JSONSchema.Failure) {
        while let (place, schema, document) = pending.popLast() {
            nodes[place] = try node(schema, document: document)
        }
    }

    // MARK: Places

    private mutating func place(
        of schema: JSONValue,
        document: String,
        pointer: String
    ) throws(JSONSchema.Failure) -> Int {
        let key = "\(document)#\(pointer)"
        if let place = places[key] { return place }
        let place = try place(of: schema, document: document)
        places[key] = place
        return place
    }

    private mutating func place(of schema: JSONValue, document: String) throws(JSONSchema.Failure) -> Int {
        guard schema.object != nil else { throw Failure("'\(document)': a schema is an object, not \(schema.kind)") }
        guard nodes.count < Self.nodeLimit else {
            throw Failure("'\(document)' has more than \(Self.nodeLimit) schemas")
        }
        nodes.append(JSONSchema.Node())
        pending.append((nodes.count - 1, schema, document))
        return nodes.count - 1
    }

    /// What `$ref` leads to: a part of the same document, or another model.
    private mutating func target(of reference: String, document: String) throws(JSONSchema.Failure) -> Int {
        guard reference.utf8.count <= 1024 else { throw Failure("'\(document)' has a reference that is too long") }
        if reference == "#" { return try model(document) }
        if let pointer = reference.suffix(after: "#/"), let schema = part(pointer, of: document) {
            return try place(of: schema, document: document, pointer: pointer)
        }
        for marker in ["/models/", "/definitions/"] {
            guard let name = reference.part(after: marker) else { continue }
            // The compiler writes every reference as one to a model, those to definitions of the document, too.
            let pointer = "definitions/\(name)"
            if let schema = part(pointer, of: document) {
                return try place(of: schema, document: document, pointer: pointer)
            }
            if models[name] != nil { return try model(name) }
        }
        throw Failure("'\(document)' refers to '\(reference)', which is not there")
    }

    private func part(_ pointer: String, of document: String) -> JSONValue? {
        var value = models[document]
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false) {
            let name = step.unescapedPointer
            if let elements = value?.array {
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                value = value?[name]
            }
        }
        return value
    }

    // MARK: Schemas

    private mutating func node(_ schema: JSONValue, document: String) throws(JSONSchema.Failure) -> JSONSchema.Node {
        var node = JSONSchema.Node()
        if let reference = schema["$ref"]?.string {
            node.reference = try target(of: reference, document: document)
            return node
        }
        let reader = JSONSchemaReader(schema: schema, document: document)
        node.types = try reader.types()
        node.enumeration = try reader.elements("enum")?.map(\.withPlainNumbers)
        node.minimum = try reader.bound("minimum", "exclusiveMinimum")
        node.maximum = try reader.bound("maximum", "exclusiveMaximum")
        node.multipleOf = try reader.divisor()
        node.minLength = try reader.count("minLength")
        node.maxLength = try reader.count("maxLength")
        if let text = try reader.text("pattern") { node.pattern = (text, try reader.regex(text)) }
        node.minItems = try reader.count("minItems")
        node.maxItems = try reader.count("maxItems")
        node.hasUniqueItems = try reader.flag("uniqueItems")
        node.required = try reader.names("required")
        node.minProperties = try reader.count("minProperties")
        node.maxProperties = try reader.count("maxProperties")
        try addItems(to: &node, schema, document)
        try addMembers(to: &node, reader)
        node.allOf = try branches("allOf", reader)
        node.anyOf = try branches("anyOf", reader)
        node.oneOf = try branches("oneOf", reader)
        if let not = schema["not"] { node.not = try place(of: not, document: document) }
        return node
    }

    private mutating func branches(
        _ keyword: String,
        _ reader: JSONSchemaReader
    ) throws(JSONSchema.Failure) -> [Int] {
        var places: [Int] = []
        for element in try reader.elements(keyword) ?? [] {
            places.append(try place(of: element, document: reader.document))
        }
        return places
    }

    private mutating func addItems(
        to node: inout JSONSchema.Node,
        _ schema: JSONValue,
        _ document: String
    ) throws(JSONSchema.Failure) {
        switch schema["items"] {
        case nil: break
        case .array(let elements)?:
            var places: [Int] = []
            for element in elements { places.append(try place(of: element, document: document)) }
            node.items = .tuple(places, then: try additional(schema["additionalItems"], document))
        case let each?: node.items = .each(try place(of: each, document: document))
        }
    }

    private mutating func addMembers(
        to node: inout JSONSchema.Node,
        _ reader: JSONSchemaReader
    ) throws(JSONSchema.Failure) {
        for (name, schema) in try reader.members("properties") {
            node.properties[name] = try place(of: schema, document: reader.document)
        }
        for (pattern, schema) in try reader.members("patternProperties") {
            let place = try place(of: schema, document: reader.document)
            node.patternProperties.append((try reader.regex(pattern), place))
        }
        node.additionalProperties = try additional(reader.schema["additionalProperties"], reader.document)
        for (name, dependency) in try reader.members("dependencies") {
            if let names = dependency.array {
                node.dependencies.append((name, .names(names.compactMap(\.string))))
            } else if let other = dependency.string {
                node.dependencies.append((name, .names([other])))
            } else {
                node.dependencies.append((name, .schema(try place(of: dependency, document: reader.document))))
            }
        }
    }

    private mutating func additional(
        _ value: JSONValue?,
        _ document: String
    ) throws(JSONSchema.Failure) -> JSONSchema.Additional {
        switch value {
        case nil, .boolean(true)?: .allowed
        case .boolean(false)?: .forbidden
        case let schema?: .schema(try place(of: schema, document: document))
        }
    }
}

extension String {
    /// What follows the first `marker`; nil where it is not there, or nothing follows.
    fileprivate func part(after marker: String) -> String? {
        var rest = self[...]
        while !rest.isEmpty, !rest.hasPrefix(marker) { rest = rest.dropFirst() }
        return String(rest).suffix(after: marker)
    }
}

extension Substring {
    /// A step of a JSON pointer (RFC 6901).
    fileprivate var unescapedPointer: String {
        guard contains("~") else { return String(self) }
        var text = ""
        var isEscaped = false
        for character in self {
            if isEscaped {
                text += character == "1" ? "/" : character == "0" ? "~" : "~\(character)"
                isEscaped = false
            } else if character == "~" {
                isEscaped = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}
