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

/// A value together with its place in the document.
package struct JSONReader: Sendable {
    package let value: JSONValue
    /// Where the value stands (RFC 6901).
    package let pointer: String

    package init(_ value: JSONValue, pointer: String = "") {
        self.value = value
        self.pointer = pointer
    }

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
        return elements.enumerated().map { JSONReader($0.element, pointer: "\(pointer)/\($0.offset)") }
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
        return object.members.map { ($0.key, JSONReader($0.value, pointer: "\(pointer)/\(Self.escape($0.key))")) }
    }

    /// Reads the members of an object of known names; a name that `body` does not ask for is an error.
    ///
    /// - Throws: `JSONShapeError` where the value is no object, where `body` throws, or for an unknown member.
    package func object<Result>(
        _ body: (inout JSONObjectReader) throws(JSONShapeError) -> Result
    ) throws(JSONShapeError) -> Result {
        guard let object = value.object else { throw expected("an object") }
        var reader = JSONObjectReader(object: object, pointer: pointer)
        let result = try body(&reader)
        try reader.finish()
        return result
    }

    fileprivate static func escape(_ key: String) -> String {
        guard key.contains(where: { $0 == "~" || $0 == "/" }) else { return key }
        return key.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : String($1) }
    }
}

/// The members of one object, and which of them have been asked for.
package struct JSONObjectReader: Sendable {
    private let object: JSONObject
    private let pointer: String
    private var known: [String] = []

    fileprivate init(object: JSONObject, pointer: String) {
        self.object = object
        self.pointer = pointer
    }

    /// A member that may be absent.
    package mutating func optional(_ key: String) -> JSONReader? {
        known.append(key)
        return object[key].map { JSONReader($0, pointer: "\(pointer)/\(JSONReader.escape(key))") }
    }

    /// A member that must be there.
    ///
    /// - Throws: `JSONShapeError` where it is absent.
    package mutating func required(_ key: String) throws(JSONShapeError) -> JSONReader {
        guard let reader = optional(key) else {
            throw JSONShapeError(pointer: pointer, message: "'\(key)' is missing")
        }
        return reader
    }

    fileprivate func finish() throws(JSONShapeError) {
        guard let unknown = object.keys.first(where: { !known.contains($0) }) else { return }
        throw JSONShapeError(
            pointer: "\(pointer)/\(JSONReader.escape(unknown))",
            message: "unknown member '\(unknown)'; known here: \(known.map { "'\($0)'" }.joined(separator: ", "))"
        )
    }
}
