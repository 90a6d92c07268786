// Diagnostics for programs: one JSON object a line.

internal import JSON

/// Renders diagnostics as JSON lines.
package enum DiagnosticJSONRenderer {
    /// One object a diagnostic, each on a line of its own, in the order given.
    ///
    /// Members: `code`, `severity`, `message`, `file`, `line`, `column`, `endLine`, `endColumn` (absent where there is
    /// no place; lines and columns from 1, the end exclusive), `notes` (objects with `message` and a place) and
    /// `fixIts` (objects with `message`, a place, and the `replacement` of what stands there).
    package static func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { object($0).compactText + "\n" }.joined()
    }

    private static func object(_ diagnostic: Diagnostic) -> JSONValue {
        var object = JSONObject([
            ("code", .string(diagnostic.code.name)),
            ("severity", .string(diagnostic.severity.rawValue)),
            ("message", .string(diagnostic.message)),
        ])
        add(diagnostic.span, to: &object)
        object["notes"] = .array(
            diagnostic.notes.map { note in
                var object = JSONObject([("message", .string(note.message))])
                add(note.span, to: &object)
                return .object(object)
            }
        )
        object["fixIts"] = .array(
            diagnostic.fixIts.map { fixIt in
                var object = JSONObject([("message", .string(fixIt.message))])
                add(fixIt.span, to: &object)
                object["replacement"] = .string(fixIt.replacement)
                return .object(object)
            }
        )
        return .object(object)
    }

    private static func add(_ span: Span?, to object: inout JSONObject) {
        for (name, value) in span?.json.object?.members ?? [] { object[name] = value }
    }
}
