// Where the parts of a generated JSON file stand in the files that it was made from.

package import JSON

/// Places by JSON pointer (RFC 6901).
package struct SourceMap: Hashable, Sendable {
    /// The places.
    package private(set) var spans: [String: Span] = [:]

    package init() {}

    /// The place of what a pointer leads to.
    package subscript(pointer: String) -> Span? {
        get { spans[pointer] }
        set { spans[pointer] = newValue }
    }

    /// The pointer that names lead through.
    package static func pointer(_ names: [String]) -> String {
        names.map { "/\($0.pointerName)" }.joined()
    }

    /// Adds the places of another map; where both know one, this map's stays.
    package mutating func add(_ other: SourceMap) { spans.merge(other.spans) { first, _ in first } }

    /// The places with other paths of files.
    package func mapFiles(_ path: (String) -> String) -> SourceMap {
        var map = self
        var known: [String: String] = [:]
        map.spans = spans.mapValues { span in
            let file = known[span.file] ?? path(span.file)
            known[span.file] = file
            return Span(file: file, start: span.start, end: span.end)
        }
        return map
    }
}

extension SourceMap {
    /// The number of the format that this version writes and reads.
    package static let formatVersion = 1

    /// Where the map of a file stands unless somebody says otherwise: `routes.json` has `routes.map.json`.
    package static func path(beside file: String) -> String {
        (file.hasSuffix(".json") ? String(file.dropLast(5)) : file) + ".map.json"
    }

    /// The bytes of its file.
    ///
    /// - Parameter generated: the text that the pointers are of; a map of another text is told by its fingerprint.
    /// - Returns: the text, the pointers in the order of their code points.
    package func text(of generated: String) -> String {
        let pointers = spans.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        let places = pointers.map { ($0, spans[$0]?.json ?? .null) }
        let map: JSONValue = [
            "sourceMap": .integer(Int64(Self.formatVersion)), "of": .string(TextFingerprint.of(generated)),
            "spans": .object(JSONObject(places)),
        ]
        return map.canonicalText
    }

    /// Reads its file; nil where it is none, is of another version, or is the map of another text.
    ///
    /// - Parameters:
    ///   - bytes: what the file holds.
    ///   - generated: the text that its pointers should be of.
    package init?(parsing bytes: some Collection<UInt8>, of generated: some Collection<UInt8>) {
        guard let value = try? JSONParser.parse(bytes),
            value["sourceMap"]?.integer == Int64(Self.formatVersion),
            value["of"]?.string == TextFingerprint.of(String(decoding: generated, as: UTF8.self)),
            let members = value["spans"]?.object?.members
        else { return nil }
        for (pointer, place) in members {
            guard let span = Span(place) else { return nil }
            spans[pointer] = span
        }
    }
}

extension Span {
    /// The members that every JSON file of Samovar has for a place: lines and columns from 1, the end exclusive.
    package var json: JSONValue {
        [
            "file": .string(file), "line": .integer(Int64(start.line)), "column": .integer(Int64(start.column)),
            "endLine": .integer(Int64(end.line)), "endColumn": .integer(Int64(end.column)),
        ]
    }

    fileprivate init?(_ value: JSONValue) {
        guard let file = value["file"]?.string else { return nil }
        let numbers = ["line", "column", "endLine", "endColumn"].compactMap { value[$0]?.integer }
        let places = numbers.compactMap { Int32(exactly: $0) }.filter { $0 > 0 }.map(Int.init)
        guard places.count == 4 else { return nil }
        let start = SourcePosition(line: places[0], column: places[1])
        let end = SourcePosition(line: places[2], column: places[3])
        guard start <= end else { return nil }
        self.init(file: file, start: start, end: end)
    }
}
