// How members of a manifest are written and read that are lists, sets or objects of texts.

package import JSON

extension JSONObject {
    /// Writes a list that is a set: sorted, each element once, absent where empty.
    mutating func set(_ key: String, set elements: [String]) {
        let sorted = Set(elements).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        set(key, list: sorted)
    }

    /// Writes a list whose order has a meaning, absent where empty.
    mutating func set(_ key: String, list elements: [String]) {
        guard !elements.isEmpty else { return }
        self[key] = .array(elements.map { .string($0) })
    }

    /// Writes texts by name, absent where empty.
    mutating func set(_ key: String, strings: [String: String]) {
        set(key, members: strings) { .string($0) }
    }

    /// Writes values by name, absent where empty.
    mutating func set<Element>(_ key: String, members: [String: Element], _ json: (Element) -> JSONValue) {
        guard !members.isEmpty else { return }
        self[key] = .members(members, json)
    }

    /// Writes a text, absent where nil.
    mutating func set(_ key: String, _ text: String?) { self[key] = text.map { .string($0) } }

    /// Writes a number, absent where nil.
    mutating func set(_ key: String, _ number: Int?) { self[key] = number.map { .integer(Int64($0)) } }

    /// Writes a number that need not be whole, absent where nil.
    mutating func set(_ key: String, _ number: Double?) {
        self[key] = number.map { Int64(exactly: $0).map { .integer($0) } ?? .real($0) }
    }

    /// Writes what is true, and nothing for what is false.
    mutating func set(_ key: String, flag: Bool) {
        if flag { self[key] = true }
    }
}

extension JSONValue {
    /// An object of values by name, in the order of their code points.
    static func members<Element>(_ members: [String: Element], _ json: (Element) -> JSONValue) -> JSONValue {
        .object(JSONObject(members.sortedByCodePoint.map { ($0.key, json($0.value)) }))
    }

    /// The value with the members of all objects within it in the order of their code points.
    var inOrder: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.inOrder))
        case .object(let object):
            .members(Dictionary(object.members.map { ($0.key, $0.value) }) { first, _ in first }, \.inOrder)
        default: self
        }
    }
}

extension JSONObjectReader {
    /// The texts by name; none where the member is absent.
    mutating func texts(_ key: String) throws(JSONShapeError) -> [String: String] {
        try members(key) { (reader) throws(JSONShapeError) in try reader.string() }
    }

    /// The strings of a list; none where the member is absent.
    mutating func list(_ key: String) throws(JSONShapeError) -> [String] {
        try optional(key)?.strings() ?? []
    }

    /// Whether a member is true; false where it is absent.
    mutating func flag(_ key: String) throws(JSONShapeError) -> Bool { try optional(key)?.boolean() ?? false }

    /// The values by name; none where the member is absent.
    mutating func members<Element>(
        _ key: String,
        _ read: (JSONReader) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [String: Element] {
        guard let values = try optional(key)?.members() else { return [:] }
        var members = [String: Element](minimumCapacity: values.count)
        for (name, value) in values { members[name] = try read(value) }
        return members
    }
}

extension JSONReader {
    /// A number that need not be whole.
    ///
    /// - Parameter range: what it may be.
    /// - Returns: the number.
    /// - Throws: `JSONShapeError` where the value is no number of the range.
    package func number(in range: ClosedRange<Double>) throws(JSONShapeError) -> Double {
        let number: Double
        switch value {
        case .integer(let integer): number = Double(integer)
        case .real(let real): number = real
        default: throw error("expected a number, found \(value.kind)")
        }
        guard range.contains(number) else {
            throw error("\(number) is out of range: \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
