// Paths into JSON texts, as parameter mappings write them.

/// A path of names and places: `$.order.items[0].id`, and the same without `$.`.
///
/// It is the part of JSONPath that picks one value; wildcards, filters and searches are none of it
/// (developer guide, "Map method request data to integration request parameters").
struct JSONPath: Sendable {
    private enum Step: Sendable {
        case name([UInt8])
        case place(Int)
    }

    private var steps: [Step] = []
    private static let maximumSteps = 32

    /// - Returns: nil for what is no such path.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "$") {
            rest = rest.dropFirst()
        } else if rest.first != UInt8(ascii: "[") {
            rest = [UInt8(ascii: ".")] + rest
        }
        while let mark = rest.first {
            rest = rest.dropFirst()
            guard steps.count < Self.maximumSteps else { return nil }
            switch mark {
            case UInt8(ascii: "."):
                let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
                guard !name.isEmpty, !name.contains(UInt8(ascii: "*")) else { return nil }
                steps.append(.name(Array(name)))
                rest = rest.dropFirst(name.count)
            case UInt8(ascii: "["):
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
                let inside = Array(rest[..<end])
                rest = rest[(end + 1)...]
                if inside.count > 2, let quote = inside.first,
                    quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
                    inside.last == quote
                {
                    steps.append(.name(Array(inside.dropFirst().dropLast())))
                } else if let place = inside.withUnsafeBytes({ $0.decimalValue }) {
                    steps.append(.place(place))
                } else {
                    return nil
                }
            default: return nil
            }
        }
        guard !steps.isEmpty else { return nil }
    }

    /// The value that the path leads to: the inside of a string, or the JSON text of any other value.
    ///
    /// - Returns: nil where there is none, where it is `null`, and for what is no JSON.
    func value(in text: UnsafeRawBufferPointer) -> [UInt8]? {
        var range = 0..<text.count
        do throws(JSONScanner.Failure) {
            for step in steps {
                guard let found = try Self.find(step, in: text, range) else { return nil }
                range = found
            }
            var scanner = JSONScanner(text.slice(range.lowerBound, range.upperBound))
            switch try scanner.kind() {
            case .null: return nil
            case .string:
                let inside = try scanner.string()
                let writer = ByteWriter(capacity: inside.count)
                writer.write(unescaping: scanner.text.slice(inside.lowerBound, inside.upperBound))
                return Array(writer.bytes)
            default:
                let whole = try scanner.skipValue()
                return Array(scanner.text.slice(whole.lowerBound, whole.upperBound))
            }
        } catch { return nil }
    }

    private static func find(
        _ step: Step,
        in text: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) throws(JSONScanner.Failure) -> Range<Int>? {
        let text = text.slice(range.lowerBound, range.upperBound)
        var scanner = JSONScanner(text)
        var found: Range<Int>?
        switch (step, try scanner.kind()) {
        case (.name(let wanted), .object):
            try scanner.forEachMember { (scanner, name) throws(JSONScanner.Failure) in
                let writer = ByteWriter(capacity: name.count)
                writer.write(unescaping: text.slice(name.lowerBound, name.upperBound))
                let value = try scanner.skipValue()
                if writer.bytes.elementsEqual(wanted) { found = value }
            }
        case (.place(let wanted), .array):
            var place = 0
            try scanner.forEachElement { (scanner) throws(JSONScanner.Failure) in
                let value = try scanner.skipValue()
                if place == wanted { found = value }
                place += 1
            }
        default: return nil
        }
        return found.map { range.lowerBound + $0.lowerBound..<range.lowerBound + $0.upperBound }
    }
}
