// A JSON value as data, with the members of its objects in the order of the text.

/// A JSON value (RFC 8259). Integers and reals are apart, as their texts are.
package enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// What the value is, for messages: "an object", "a string", …
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .real: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The text of a string value, nil for every other kind.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The members of an object value, nil for every other kind.
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The elements of an array value, nil for every other kind.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The value of an integer, nil for every other kind.
    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The value of a boolean, nil for every other kind.
    package var boolean: Bool? {
        if case .boolean(let truth) = self { truth } else { nil }
    }

    /// The member of an object value, nil where there is none or this is no object.
    package subscript(key: String) -> JSONValue? { object?[key] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements))
    }
}

/// The members of a JSON object, in order, each name once.
package struct JSONObject: Sendable {
    /// Up to so many members are looked through, which costs less than a table of them.
    private static let fewMembers = 8

    /// The members in order.
    package private(set) var members: [(key: String, value: JSONValue)] = []
    /// The places of the names; empty where there are few.
    private var places: [String: Int] = [:]

    /// An object without members.
    package init() {}

    /// An object of these members; a later value replaces an earlier one of the same name.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// An object without members that has room for some.
    init(capacity: Int) {
        members.reserveCapacity(capacity)
        if capacity > Self.fewMembers { places.reserveCapacity(capacity) }
    }

    /// The value of a member. Setting a new name appends it, setting nil removes it.
    package subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let newValue?): members[place].value = newValue
            case (nil, let newValue?):
                members.append((key, newValue))
                if members.count == Self.fewMembers + 1 {
                    index()
                } else if members.count > Self.fewMembers {
                    places[key] = members.count - 1
                }
            case (let place?, nil):
                members.remove(at: place)
                index()
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        members.count > Self.fewMembers ? places[key] : members.firstIndex { $0.key == key }
    }

    private mutating func index() {
        places.removeAll(keepingCapacity: true)
        guard members.count > Self.fewMembers else { return }
        for (place, member) in members.enumerated() { places[member.key] = place }
    }

    /// The names, in order.
    package var keys: [String] { members.map(\.key) }
    /// How many members there are.
    package var count: Int { members.count }
    /// Whether there are none.
    package var isEmpty: Bool { members.isEmpty }
}

extension JSONObject: Hashable {
    // The order of members carries no meaning (RFC 8259 section 4).
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var all = 0
        for (key, value) in members {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            all ^= member.finalize()
        }
        hasher.combine(all)
    }
}
