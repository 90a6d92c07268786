// Texts that Unicode takes for equal and that are other bytes: a change from one to the other is a change.

import Manifest
import Testing

@testable import Review

struct SpellingTests {
    @Test func pathsInAnotherSpellingAreOtherPaths() throws {
        let old = try Manifest.shop { try $0.set(["GET /caf\u{E9}": "none"]) }
        let new = try Manifest.shop { try $0.set(["GET /cafe\u{301}": "none"]) }
        #expect(
            changes(old, new).map(\.line) == ["route-added Shop GET /cafe\\u0301", "route-removed Shop GET /caf\u{E9}"]
        )
        #expect(changes(old, old).isEmpty)
        #expect(changes(new, new).isEmpty)
    }

    /// Composed and not, a sign that is a letter, Hangul, marks in another order, and a backslash that says the same.
    @Test(arguments: [
        ("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("\u{AC01}", "\u{1100}\u{1161}\u{11A8}"),
        ("a\u{323}\u{307}", "a\u{307}\u{323}"), ("\u{FB2A}", "\u{5E9}\u{5C1}"), ("\u{9CB}", "\u{9C7}\u{9BE}"),
        ("e\u{301}\u{E9}", "e\\u0301\u{E9}"),
    ])
    func everySpellingIsAChange(_ before: String, _ after: String) {
        func manifest(_ text: String) -> Manifest {
            var function = Manifest.function("src/\(text)")
            function.environment["NAME"] = .text(text)
            // Two spellings that are on both sides.
            (function.handler, function.runtime) = ("e\u{301}", "\u{E9}")
            return Manifest(functions: ["F": function])
        }
        let rules = ["function-code-changed", "environment-changed"]
        #expect(changes(manifest(before), manifest(after)).map(\.rule.id) == rules)
        #expect(changes(manifest(after), manifest(before)).map(\.rule.id) == rules)
    }

    @Test func namesInTwoSpellingsAreNoManifest() throws {
        func text(_ name: String) -> String {
            "{\"manifest\": 1, \"apis\": {}, \"functions\": {\"\u{E9}\": {}, \"\(name)\": {}}}"
        }
        #expect(throws: ManifestError.self) { try Manifest(parsing: text("e\u{301}").utf8) }
        _ = try Manifest(parsing: text("e").utf8)
    }

    @Test func linesOfManifestsAreShownWithoutSecrets() {
        let lines = """
            -        "DB_PASSWORD": "gehe\\"im",
            +        "DB_PASSWORD": {
            +          "secret": "env.json"
                     "TABLE": "tea",
                   "value": "verborgen"
            """
        let covered = ValueMask.covering(manifest: lines)
        #expect(covered.contains("\"DB_PASSWORD\": \"(secret)\",\n") && covered.contains("\"value\": \"(secret)\""))
        #expect(covered.contains("\"secret\": \"env.json\"\n") && covered.contains("\"TABLE\": \"tea\","))
    }
}
