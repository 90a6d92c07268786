// Diagnostics for code scanners: SARIF, the exchange format of static analysis.

package import JSON

/// Renders diagnostics as a log of SARIF 2.1.0 (OASIS Standard).
package struct DiagnosticSARIFRenderer: Sendable {
    /// The base that relative addresses start from: the folder that the tool was run in.
    private static let base = "%SRCROOT%"

    private let toolName: String
    private let version: String
    private let workingFolder: String
    private let entries: [DiagnosticCode: DiagnosticEntry]

    /// - Parameters:
    ///   - toolName: the name of the program.
    ///   - version: its version.
    ///   - workingFolder: the absolute path of the folder that the paths in spans start from.
    ///   - entries: what a catalogue says about the codes.
    package init(
        toolName: String,
        version: String,
        workingFolder: String,
        entries: [DiagnosticCode: DiagnosticEntry]
    ) {
        self.toolName = toolName
        self.version = version
        self.workingFolder = workingFolder
        self.entries = entries
    }

    /// The log: one run, with a rule for each code that occurs and a result for each diagnostic, in the order given.
    ///
    /// Lines and columns count from 1, columns in Unicode code points (`columnKind`), and the end is exclusive
    /// (section 3.30). Files below the folder that the tool was run in have relative addresses, others absolute ones.
    ///
    /// - Parameters:
    ///   - diagnostics: what there is to say.
    ///   - rules: further members of rules, by code.
    ///   - results: further members of results, in the order of the diagnostics; none where there are fewer.
    /// - Returns: the text of the log.
    package func render(
        _ diagnostics: [Diagnostic],
        rules: [DiagnosticCode: JSONObject] = [:],
        results: [JSONObject] = []
    ) -> String {
        let codes = Set(diagnostics.map(\.code)).sorted()
        let indices = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($0.element, $0.offset) })
        let driver: JSONValue = [
            "name": .string(toolName), "version": .string(version),
            "rules": .array(codes.map { .object(rule($0).adding(rules[$0])) }),
        ]
        let base: JSONValue = ["description": text("the folder that \(toolName) was run in")]
        let run: JSONValue = [
            "tool": ["driver": driver],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": .object(JSONObject([(Self.base, base)])),
            "results": .array(
                diagnostics.enumerated().map { place, diagnostic in
                    let further = results.indices.contains(place) ? results[place] : nil
                    return .object(result(diagnostic, index: indices[diagnostic.code] ?? 0).adding(further))
                }
            ),
        ]
        let log: JSONValue = [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": .array([run]),
        ]
        return log.canonicalText
    }

    private func rule(_ code: DiagnosticCode) -> JSONObject {
        let help = entries[code]?.page(of: code) ?? code.explanation
        let members: [(String, JSONValue)] = [
            ("id", .string(code.name)),
            ("shortDescription", text(entries[code]?.summary ?? code.name)),
            ("fullDescription", text(code.explanation)),
            ("help", ["text": .string(code.explanation), "markdown": .string(help)]),
            ("defaultConfiguration", ["level": .string(code.severity.rawValue)]),
        ]
        return JSONObject(members)
    }

    private func result(_ diagnostic: Diagnostic, index: Int) -> JSONObject {
        var message = diagnostic.message
        for note in diagnostic.notes where note.span == nil { message += "\n\(note.message)" }
        let members: [(String, JSONValue)] = [
            ("ruleId", .string(diagnostic.code.name)),
            ("ruleIndex", .integer(Int64(index))),
            ("level", .string(diagnostic.severity.rawValue)),
            ("message", text(message)),
        ]
        var result = JSONObject(members)
        if let span = diagnostic.span { result["locations"] = .array([location(span)]) }
        let related: [JSONValue] = diagnostic.notes.compactMap { note in
            note.span.map { location($0, message: note.message) }
        }
        if !related.isEmpty { result["relatedLocations"] = .array(related) }
        if !diagnostic.fixIts.isEmpty { result["fixes"] = .array(diagnostic.fixIts.map(fix)) }
        return result
    }

    private func location(_ span: Span, message: String? = nil) -> JSONValue {
        let place: JSONValue = ["artifactLocation": artifact(span.file), "region": region(span)]
        var location = JSONObject([("physicalLocation", place)])
        if let message { location["message"] = text(message) }
        return .object(location)
    }

    private func fix(_ fixIt: Diagnostic.FixIt) -> JSONValue {
        var replacement = JSONObject([("deletedRegion", region(fixIt.span))])
        if !fixIt.replacement.isEmpty { replacement["insertedContent"] = text(fixIt.replacement) }
        let change: JSONValue = [
            "artifactLocation": artifact(fixIt.span.file), "replacements": .array([.object(replacement)]),
        ]
        return ["description": text(fixIt.message), "artifactChanges": .array([change])]
    }

    private func text(_ text: String) -> JSONValue { ["text": .string(text)] }

    private func region(_ span: Span) -> JSONValue {
        [
            "startLine": .integer(Int64(span.start.line)),
            "startColumn": .integer(Int64(span.start.column)),
            "endLine": .integer(Int64(span.end.line)),
            "endColumn": .integer(Int64(span.end.column)),
        ]
    }

    // MARK: - Addresses

    private func artifact(_ path: String) -> JSONValue {
        var segments: [Substring] = []
        let isAbsolute = path.hasPrefix("/")
        for segment in path.split(separator: "/") where segment != "." {
            if segment == "..", let last = segments.last, last != ".." {
                segments.removeLast()
            } else if !(segment == ".." && isAbsolute) {
                segments.append(segment)
            }
        }
        if isAbsolute { return ["uri": .string("file:///" + Self.encoded(segments))] }
        // A relative address must not leave its base (section 3.4.3).
        guard segments.first == ".." else {
            return ["uri": .string(Self.encoded(segments)), "uriBaseId": .string(Self.base)]
        }
        var folders = workingFolder.split(separator: "/")
        while segments.first == ".." {
            segments.removeFirst()
            if !folders.isEmpty { folders.removeLast() }
        }
        return ["uri": .string("file:///" + Self.encoded(folders + segments))]
    }

    /// The path of a URI (RFC 3986, section 3.3), everything but unreserved characters percent-encoded.
    private static func encoded(_ segments: [Substring]) -> String {
        segments.map { segment in
            segment.utf8.map { byte in
                let isUnreserved =
                    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
                    || "-._~".utf8.contains(byte)
                if isUnreserved { return String(UnicodeScalar(byte)) }
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count < 2 ? "0" : "") + digits
            }.joined()
        }.joined(separator: "/")
    }
}

extension JSONObject {
    /// The object with the members of another one, which take the place of its own.
    fileprivate func adding(_ other: JSONObject?) -> JSONObject {
        other?.members.reduce(into: self) { $0[$1.key] = $1.value } ?? self
    }
}
