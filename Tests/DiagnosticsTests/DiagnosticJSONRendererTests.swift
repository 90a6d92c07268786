// The JSON lines of diagnostics, member by member.

import Diagnostics
import JSON
import Testing

struct DiagnosticJSONRendererTests {
    @Test func writesOneObjectALine() throws {
        let fix = Diagnostic.FixIt("remove it", at: span(2, 4, to: 5), replacement: "")
        let note = Diagnostic.Note("see here", at: span(1, 1, to: 2))
        let full = Diagnostic(.spout, "no 'te'\n", at: span(2, 4, to: 6), notes: [note], fixIts: [fix])
        let lines = DiagnosticJSONRenderer.render([full, Diagnostic(.lid, "cold", at: nil)]).split(separator: "\n")
        try #require(lines.count == 2)
        let note1: JSONValue = [
            "message": "see here", "file": "t.yaml", "line": 1, "column": 1, "endLine": 1, "endColumn": 2,
        ]
        let fix1: JSONValue = [
            "message": "remove it", "file": "t.yaml", "line": 2, "column": 4, "endLine": 2, "endColumn": 5,
            "replacement": "",
        ]
        let expected: JSONValue = [
            "code": "spout-blocked", "severity": "error", "message": "no 'te'\n", "file": "t.yaml", "line": 2,
            "column": 4, "endLine": 2, "endColumn": 6, "notes": [note1], "fixIts": [fix1],
        ]
        #expect(try JSONParser.parse(String(lines[0])) == expected)
        let bare: JSONValue = ["code": "lid-open", "severity": "warning", "message": "cold", "notes": [], "fixIts": []]
        #expect(try JSONParser.parse(String(lines[1])) == bare)
    }
}
