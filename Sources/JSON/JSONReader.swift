// Typed reading of a parsed value, every fault with the JSON pointer of its place.

/// A value that is not of the shape that its reader needs.
package struct JSONShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the value stands (RFC 6901); empty for the whole document.
    package let pointer: String
    /// What is wrong, in lower case, without a full stop.
    package let message: String

    package init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }

    package var description: String { pointer.isEmpty ? message : "at \(pointer): \(message)" }
}

/// Where a value stands, as far as the object or array around it: the pointer is made only for an error.
private final class JSONPlace: Sendable {
    private let parent: JSONPlace?
    private let name: String

    init(_ parent: JSONPlace?, _ name: String) {
        self.parent = parent
        self.name = name
    }

    /// The JSON pointer of the place itself.
    var pointer: String { Self.pointer(parent, name) }

    /// The JSON pointer of a member of a place; of the document where there is no place.
    static func pointer(_ parent: JSONPlace?, _ name: String) -> String {
        var names = [name]
        var place = parent
        while let current = place {
            names.append(current.name)
            place = current.parent
        }
        // Last comes the document itself, whose name is the pointer to it.
        let root = names.removeLast()
        return names.reversed().reduce(into: root) { $0 += "/" + $1.pointerName }
    }
}

/// A value together with its place in the document.
package struct JSONReader: Sendable {
    package let value: JSONValue
    private let parent: JSONPlace?
    private let name: String

    /// - Parameters:
    ///   - value: the value.
    ///   - pointer: where it stands, where it is not the whole document.
    package init(_ value: JSONValue, pointer: String = "") { self.init(value, parent: nil, name: pointer) }

    fileprivate init(_ value: JSONValue, parent: JSONPlace?, name: String) {
        self.value = value
        self.parent = parent
        self.name = name
    }

    /// Where the value stands (RFC 6901).
    package var pointer: String { JSONPlace.pointer(parent, name) }

    private var place: JSONPlace { JSONPlace(parent, name) }

    /// An error about this value.
    package func error(_ message: String) -> JSONShapeError { JSONShapeError(pointer: pointer, message: message) }

    private func expected(_ what: String) -> JSONShapeError { error("expected \(what), found \(value.kind)") }

    /// - Throws: `JSONShapeError` where the value is no string.
    package func string() throws(JSONShapeError) -> String {
        guard let text = value.string else { throw expected("a string") }
        return text
    }

    /// - Throws: `JSONShapeError` where the value is no boolean.
    package func boolean() throws(JSONShapeError) -> Bool {
        guard let truth = value.boolean else { throw expected("true or false") }
        return truth
    }

    /// - Throws: `JSONShapeError` where the value is no integer of the range.
    package func integer(in range: ClosedRange<Int>) throws(JSONShapeError) -> Int {
        guard let number = value.integer else { throw expected("an integer") }
        guard range.contains(Int(number)) else {
            throw error("\(number) is out of range: \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    /// One of the texts that `Choice` names.
    ///
    /// - Throws: `JSONShapeError` that lists the choices.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type
    ) throws(JSONShapeError) -> Choice {
        let text = try string()
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw error("expected one of \(choices), found '\(text)'")
        }
        return choice
    }

    /// The elements of an array.
    ///
    /// - Throws: `JSONShapeError` where the value is no array.
    package func elements() throws(JSONShapeError) -> [JSONReader] {
        guard let elements = value.array else { throw expected("an array") }
        let place = place
        return elements.enumerated().map { JSONReader($0.element, parent: place, name: String($0.offset)) }
    }

    /// The strings of an array of strings.
    ///
    /// - Throws: `JSONShapeError` where the value is none.
    package func strings() throws(JSONShapeError) -> [String] {
        var strings: [String] = []
        for element in try elements() { strings.append(try element.string()) }
        return strings
    }

    /// The members of an object of free names.
    ///
    /// - Throws: `JSONShapeError` where the value is no object.
    package func members() throws(JSONShapeError) -> [(key: String, value: JSONReader)] {
        guard let object = value.object else { throw expected("an object") }
        let place = place
        return object.members.map { ($0.key, JSONReader($0.value, parent: place, name: $0.key)) }
    }

    /// Reads the members of an object of known names; a name that `body` does not ask for is an error.
    ///
    /// - Throws: `JSONShapeError` where the value is no object, where `body` throws, or for an unknown member.
    package func object<Result>(
        _ body: (inout JSONObjectReader) throws(JSONShapeError) -> Result
    ) throws(JSONShapeError) -> Result {
        guard let object = value.object else { throw expected("an object") }
        var reader = JSONObjectReader(object: object, place: place)
        let result = try body(&reader)
        try reader.finish()
        return result
    }
}

/// The members of one object, and which of them have been asked for.
package struct JSONObjectReader: Sendable {
    private let object: JSONObject
    private let place: JSONPlace
    private var known: [String] = []

    fileprivate init(object: JSONObject, place: JSONPlace) {
        self.object = object
        self.place = place
        known.reserveCapacity(16)
    }

    /// A member that may be absent.
    package mutating func optional(_ key: String) -> JSONReader? {
        known.append(key)
        return object[key].map { JSONReader($0, parent: place, name: key) }
    }

    /// A member that must be there.
    ///
    /// - Throws: `JSONShapeError` where it is absent.
    package mutating func required(_ key: String) throws(JSONShapeError) -> JSONReader {
        guard let reader = optional(key) else {
            throw JSONShapeError(pointer: place.pointer, message: "'\(key)' is missing")
        }
        return reader
    }

    fileprivate func finish() throws(JSONShapeError) {
        guard let unknown = object.members.first(where: { !known.contains($0.key) })?.key else { return }
        throw JSONShapeError(
            pointer: JSONPlace.pointer(place, unknown),
            message: "unknown member '\(unknown)'; known here: \(known.map { "'\($0)'" }.joined(separator: ", "))"
        )
    }
}

extension String {
    /// The name of a member as it stands in a JSON pointer (RFC 6901 section 3).
    package var pointerName: String {
        guard utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return self }
        return replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
