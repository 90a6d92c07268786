// A JSON file of the user's: its value, the places of its parts, and what to say where it is no JSON.

internal import Diagnostics
internal import JSON

/// A parsed JSON file whose parts know their place.
struct JSONDocument {
    let value: JSONValue
    private let file: String
    /// The same text as nodes, by the names and indices that lead there; empty where that reader could not follow.
    private var parts: [[String]: Part] = [:]

    private struct Part {
        let key: Span?
        let node: YAMLNode
    }

    /// Reads a file strictly.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - file: the name that spans carry.
    ///   - code: the code of faults.
    ///   - trailingComma: the code of commas before `}` and `]`, which are then accepted; nil where they are faults.
    ///   - diagnostics: takes what is wrong.
    init?(
        _ bytes: [UInt8],
        file: String,
        code: DiagnosticCode,
        trailingComma: DiagnosticCode?,
        into diagnostics: inout DiagnosticCollector
    ) {
        if let reason = Self.unreadable(bytes) {
            diagnostics.emit(Diagnostic(code, reason, at: Span(startOf: file)))
            return nil
        }
        let scan = JSONScan(bytes)
        var text = bytes
        if let trailingComma {
            for (offset, start) in scan.trailingCommas {
                text[offset] = UInt8(ascii: " ")
                let end = SourcePosition(line: start.line, column: start.column + 1)
                let place = Span(file: file, start: start, end: end)
                let fix = Diagnostic.FixIt("remove the comma", at: place, replacement: "")
                diagnostics.emit(
                    Diagnostic(trailingComma, "JSON has no comma after the last member", at: place, fixIts: [fix])
                )
            }
        }
        var faults = DiagnosticCollector()
        let node = YAMLParser.parse(text, file: file, into: &faults)
        let duplicate = faults.sorted.first { $0.code == .yamlDuplicateKey }
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(text)
        } catch {
            let fault = JSONFault(error, in: text, scan: scan, duplicate: duplicate)
            let fixIts = fault.fixIts(in: file)
            diagnostics.emit(
                Diagnostic(code, fault.message, at: fault.span(in: file), notes: fault.notes, fixIts: fixIts)
            )
            return nil
        }
        // Two keys of the same characters, once composed and once decomposed, are two to the parser and one to us.
        if let duplicate {
            diagnostics.emit(Diagnostic(code, duplicate.message, at: duplicate.span, notes: duplicate.notes))
            return nil
        }
        self.file = file
        if let node { index(node, key: nil, path: []) }
    }

    private mutating func index(_ node: YAMLNode, key: Span?, path: [String]) {
        parts[path] = Part(key: key, node: node)
        for entry in node.mapping ?? [] { index(entry.value, key: entry.keySpan, path: path + [entry.key]) }
        for (offset, element) in (node.elements ?? []).enumerated() {
            index(element, key: nil, path: path + ["\(offset)"])
        }
    }

    /// The place of the value that a path of names and indices leads to.
    func span(of path: [String]) -> Span { parts[path]?.node.span ?? Span(startOf: file) }

    /// The place of the name that a path of names and indices ends with.
    func keySpan(of path: [String]) -> Span {
        parts[path]?.key ?? span(of: path)
    }

    /// The text of a number or boolean as it is written.
    func written(_ path: [String]) -> String? { parts[path]?.node.string }

    private static func unreadable(_ bytes: [UInt8]) -> String? {
        if bytes.count > YAMLText.maximumBytes { return "the file is larger than 5 MB" }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return "a byte order mark stands before the text; save the file as UTF-8 without one"
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.contains(0) {
            return "the file is binary or in UTF-16; save it as UTF-8"
        }
        if bytes.allSatisfy({ " \t\r\n".utf8.contains($0) }) {
            return "the file is empty; with nothing in it, it is '{}'"
        }
        return nil
    }
}
