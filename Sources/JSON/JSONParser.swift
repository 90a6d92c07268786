// Strict JSON from bytes, by jansson, with the place of the first fault.

internal import CJansson

/// Where and why a text is not JSON.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in lower case, without a full stop.
    package let message: String
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int

    package init(message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column): \(message)" }
}

/// Strict JSON: UTF-8, no duplicate names, integers within 64 bits, and a bounded depth.
package enum JSONParser {
    /// How deep arrays and objects may nest; jansson's own limit of 2048 would let recursion exhaust a thread's stack.
    package static let maximumDepth = 128

    /// The value that `bytes` spell.
    ///
    /// - Parameters:
    ///   - bytes: the whole text, in UTF-8.
    ///   - refusesSpellings: whether two names of an object that are equal to Unicode (UAX #15), and are spelled with
    ///     other bytes, are a fault; else the later one counts.
    /// - Returns: the value, the members of its objects in the order of the text.
    /// - Throws: `JSONSyntaxError` with the place of the first fault.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        refusesSpellings: Bool = false
    ) throws(JSONSyntaxError) -> JSONValue {
        let text = Array(bytes)
        try checkBytes(text)
        var fault = json_error_t()
        let root = text.withUnsafeBytes { buffer in
            json_loadb(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText,
                buffer.count,
                samovar_json_flags(),
                &fault
            )
        }
        guard let root else {
            throw JSONSyntaxError(
                message: message(of: &fault, in: text),
                line: max(1, Int(fault.line)),
                column: max(1, Int(fault.column))
            )
        }
        defer { samovar_json_release(root) }
        var respelled: String?
        let value = value(root, &respelled)
        guard refusesSpellings, let respelled else { return value }
        throw JSONSyntaxError(
            message: "an object has the name '\(respelled)' twice, in two spellings of Unicode",
            line: 1,
            column: 1
        )
    }

    /// The value that a text spells; see `parse(_:)` for bytes.
    ///
    /// - Throws: `JSONSyntaxError` with the place of the first fault.
    package static func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        try parse(text.utf8)
    }

    /// Refuses what jansson would recurse into too deeply, and what it would not see.
    private static func checkBytes(_ text: [UInt8]) throws(JSONSyntaxError) {
        var depth = 0
        var inString = false
        var index = 0
        while index < text.count {
            switch text[index] {
            // jansson takes one for the end of the text, and would not look at what follows.
            case 0: throw fault("a zero byte stands here", at: index, of: text)
            case UInt8(ascii: "\""): inString.toggle()
            case UInt8(ascii: "\\") where inString: index += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard !inString else { break }
                depth += 1
                if depth > maximumDepth {
                    throw fault("nested deeper than \(maximumDepth) levels", at: index, of: text)
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if !inString { depth -= 1 }
            default: break
            }
            index += 1
        }
    }

    private static func fault(_ message: String, at index: Int, of text: [UInt8]) -> JSONSyntaxError {
        let before = text[..<index]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        return JSONSyntaxError(message: message, line: line, column: index - lineStart + 1)
    }

    private static func message(of fault: inout json_error_t, in text: [UInt8]) -> String {
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark stands before the text" }
        let words = withUnsafeBytes(of: &fault.text) { buffer in
            String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        }
        return words.isEmpty ? "not JSON" : words
    }

    /// - Parameters:
    ///   - node: what jansson made of the text.
    ///   - respelled: is set to a name that an object has in two spellings.
    /// - Returns: the value.
    private static func value(_ node: UnsafeMutablePointer<json_t>, _ respelled: inout String?) -> JSONValue {
        switch samovar_json_typeof(node) {
        case JSON_OBJECT:
            var object = JSONObject(capacity: json_object_size(node))
            var iterator = json_object_iter(node)
            while let current = iterator {
                if let key = json_object_iter_key(current), let member = json_object_iter_value(current) {
                    let name = String(cString: key)
                    let count = object.count
                    object[name] = value(member, &respelled)
                    if object.count == count { respelled = name }
                }
                iterator = json_object_iter_next(node, current)
            }
            return .object(object)
        case JSON_ARRAY:
            return .array(
                (0..<json_array_size(node)).compactMap { json_array_get(node, $0).map { value($0, &respelled) } }
            )
        case JSON_STRING:
            guard let start = json_string_value(node) else { return .string("") }
            let text = UnsafeRawBufferPointer(start: start, count: json_string_length(node))
            return .string(String(decoding: text, as: UTF8.self))
        case JSON_INTEGER: return .integer(Int64(json_integer_value(node)))
        case JSON_REAL: return .real(json_real_value(node))
        case JSON_TRUE: return .boolean(true)
        case JSON_FALSE: return .boolean(false)
        default: return .null
        }
    }

    nonisolated(unsafe) private static let emptyText: UnsafePointer<CChar> = {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        text.initialize(to: 0)
        return UnsafePointer(text)
    }()
}
