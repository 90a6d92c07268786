// Objects that are nearly JSON, as mock integrations take them.

/// Reads `statusCode` of an object whose names and texts need no quotes, or single ones, and which may end a list with a
/// comma: `{statusCode: 200}` is what templates have that CDK writes.
struct LenientJSON {
    private let text: UnsafeRawBufferPointer
    private var position = 0
    private static let maximumDepth = 64

    private init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// The integer that an object has as `statusCode`.
    ///
    /// - Returns: nil where it has none, or the text is no object.
    static func statusCode(_ text: UnsafeRawBufferPointer) -> Int? {
        var reader = LenientJSON(text)
        var status: Int?
        guard reader.object(depth: 0, { name, value in if name == "statusCode" { status = value } }) else { return nil }
        reader.skipSpace()
        guard reader.position == text.count else { return nil }
        return status
    }

    private var byte: UInt8 { position < text.count ? text[position] : 0 }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ character: UnicodeScalar) -> Bool {
        skipSpace()
        guard position < text.count, byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// - Parameters:
    ///   - depth: how many objects and arrays it is in.
    ///   - member: is told each name, and its value where that is an integer.
    /// - Returns: whether it is an object.
    private mutating func object(depth: Int, _ member: (String, Int?) -> Void) -> Bool {
        guard depth < Self.maximumDepth, take("{") else { return false }
        while !take("}") {
            guard let name = word(), take(":"), let value = value(depth: depth + 1) else { return false }
            member(name, value.integer)
            guard take(",") else { return take("}") }
        }
        return true
    }

    private mutating func array(depth: Int) -> Bool {
        guard depth < Self.maximumDepth, take("[") else { return false }
        while !take("]") {
            guard value(depth: depth + 1) != nil else { return false }
            guard take(",") else { return take("]") }
        }
        return true
    }

    private mutating func value(depth: Int) -> (integer: Int?, Void)? {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return object(depth: depth) { _, _ in } ? (nil, ()) : nil
        case UInt8(ascii: "["): return array(depth: depth) ? (nil, ()) : nil
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return word() == nil ? nil : (nil, ())
        default:
            let start = position
            guard word() != nil else { return nil }
            return (text.slice(start, position).trimmed.decimalValue, ())
        }
    }

    /// A text in quotes of either kind, or one without: up to the next mark or space.
    private mutating func word() -> String? {
        skipSpace()
        let quote = byte
        var bytes: [UInt8] = []
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            position += 1
            while position < text.count, byte != quote {
                if byte == UInt8(ascii: "\\") { position += 1 }
                bytes.append(byte)
                position += 1
            }
            guard position < text.count else { return nil }
            position += 1
            return String(decoding: bytes, as: UTF8.self)
        }
        while position < text.count, byte > 0x20, !"{}[],:\"'".utf8.contains(byte) {
            bytes.append(byte)
            position += 1
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
