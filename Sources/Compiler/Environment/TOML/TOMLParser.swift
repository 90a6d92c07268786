// TOML 1.0.0 from bytes: the grammar's lines, headers and keys.

package import Diagnostics

/// Why a text is no TOML, and where.
struct TOMLFault: Error {
    let message: String
    let position: SourcePosition
    var note: (message: String, span: Span)?
}

/// Reads TOML (toml.io, version 1.0.0), strictly.
package enum TOMLParser {
    /// How deep arrays and inline tables may nest, and how many parts a key may have.
    static let maximumDepth = 64
    /// The largest file that is read, in bytes; settings are a few lines.
    static let maximumBytes = 1_000_000

    /// The table that a file is.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - file: the name that spans carry.
    ///   - code: the code of faults.
    ///   - diagnostics: takes the first fault.
    /// - Returns: the table; nil where the file is no TOML.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        code: DiagnosticCode,
        into diagnostics: inout DiagnosticCollector
    ) -> SettingValue? {
        guard bytes.count <= maximumBytes else {
            let message = "the file is larger than \(maximumBytes / 1_000_000) MB"
            diagnostics.emit(Diagnostic(code, message, at: Span(startOf: file)))
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let message = "the file is not text in UTF-8; save it as UTF-8"
            diagnostics.emit(Diagnostic(code, message, at: Span(startOf: file)))
            return nil
        }
        var reader = TOMLReader(text, file: file)
        let root = TOMLTable(at: Span(startOf: file))
        do throws(TOMLFault) {
            var document = TOMLDocument(root: root)
            while try reader.skipToStatement() { try document.statement(&reader) }
            return root.value
        } catch {
            let notes = error.note.map { [Diagnostic.Note($0.message, at: $0.span)] } ?? []
            let place = Span(file: file, at: error.position)
            diagnostics.emit(Diagnostic(code, error.message, at: place, notes: notes))
            return nil
        }
    }
}

/// The statements of a document, one after the other.
private struct TOMLDocument {
    private let root: TOMLTable
    private var current: TOMLTable

    init(root: TOMLTable) {
        self.root = root
        current = root
    }

    mutating func statement(_ reader: inout TOMLReader) throws(TOMLFault) {
        if reader.peek == "[" {
            try header(&reader)
        } else {
            try reader.assignment(into: current)
        }
        try reader.endOfLine()
    }

    private mutating func header(_ reader: inout TOMLReader) throws(TOMLFault) {
        let start = reader.position
        reader.advance()
        let isArray = reader.peek == "["
        if isArray { reader.advance() }
        reader.skipBlanks()
        let keys = try reader.key()
        try reader.expect("]", "the header of a table ends with ']'")
        if isArray { try reader.expect("]", "the header of an array of tables ends with ']]'") }
        let place = reader.span(from: start)
        var table = root
        for key in keys.dropLast() { table = try table.descend(key, reader) }
        guard let last = keys.last else { return }
        current =
            isArray ? try table.append(last, at: place, reader) : try table.define(last, at: place, reader)
        current.beginBody()
    }
}
