// What the forms of a report say, and that no name in a manifest can say anything else in them.

import Diagnostics
import Foundation
import JSON
import Manifest
import Review
import Support
import Testing

struct ChangeRendererTests {
    private static let weaker = ChangeRule("auth-removed", .compatible, .weakens, mirror: nil, "it is open", "Why.")
    private static let gone = ChangeRule("route-removed", .breaking, mirror: nil, "a route is gone", "Why.")
    private static let new = ChangeRule("route-added", .compatible, mirror: nil, "there is a route", "Why.")
    private static let scope = ChangeRule("scope-added", .compatible, .weakens, mirror: nil, "one more", "Why.")
    private static let value = ChangeRule("environment-changed", .risky, mirror: nil, "a value", "Why.")
    private static let taken = ChangeRule("route-captured", .risky, .review, mirror: nil, "it goes elsewhere", "Why.")
    private static let renamed = ChangeRule("function-renamed", .risky, mirror: nil, "it has a new name", "Why.")

    private static func route(_ text: String, api: String = "Shop") throws -> ChangePlace {
        .route(try RouteKey(text, kind: .http), api: api)
    }

    private static func shown(_ text: String) -> ChangeValue { .shown(.string(text)) }

    private static func span(_ line: Int) -> Span {
        Span(
            file: "t.yaml",
            start: SourcePosition(line: line, column: 3),
            end: SourcePosition(line: line, column: 9)
        )
    }

    /// One change of every shape.
    private static func everything() throws -> ChangeReport {
        var changes = [
            Change(
                new,
                security: .weakens,
                at: try route("POST /pets"),
                after: .shown(["function": "Pets", "auth": "none"])
            ),
            Change(
                weaker,
                at: try route("GET /pets/{id}"),
                member: "auth",
                before: shown("Login"),
                after: shown("none")
            ),
            Change(scope, at: try route("GET /pets/{id}"), member: "scopes", after: shown("pets:read")),
            Change(gone, at: try route("DELETE /pets"), before: .shown(["function": "Pets", "auth": "Login"])),
            Change(
                taken,
                at: try route("GET /pets/top"),
                before: .shown(["route": "ANY /{proxy+}", "function": "Catchall", "auth": "Login"]),
                after: .shown(["route": "GET /pets/top", "function": "Top", "auth": "none"]),
                example: ExampleRequest(method: "GET", path: "/pets/top")
            ),
            Change(renamed, at: .function("New"), from: .function("Old")),
            Change(
                value,
                at: .function("Pets"),
                member: "environment/DB_PASSWORD",
                before: .hidden(source: "env.json", fingerprint: "1a2b3c4d"),
                after: .hidden(source: "env.json", fingerprint: "5e6f7a8b")
            ),
        ]
        changes[1].newSpan = span(12)
        changes[1].oldSpan = span(14)
        changes[3].oldSpan = span(20)
        changes[5].acceptance = "agreed"
        var report = ChangeReport(oldName: "old.json", newName: "new.json", changes: changes)
        report.remarks = ["nothing matches 'x'"]
        return report
    }

    // MARK: - Text

    @Test func textIsReadInColumns() throws {
        let text = ChangeTextRenderer(isColored: false).render(try Self.everything())
        #expect(
            text == """
                Shop
                  + POST /pets      → Pets (auth: none)   compatible  weakens security  route-added (public)
                  ~ GET /pets/{id}  auth: Login → none    compatible  weakens security  auth-removed (public)  t.yaml:12
                                    scopes: + pets:read   compatible  weakens security  scope-added
                  - DELETE /pets    → Pets (auth: Login)  breaking                      route-removed          t.yaml:20
                  ~ GET /pets/top   was ANY /{proxy+} → Catchall (auth: Login), now GET /pets/top → Top (auth: none)
                                                          risky       review security   route-captured
                      e.g. GET /pets/top
                functions
                  ~ Old → New                             risky                         function-renamed
                      accepted: agreed
                  ~ Pets            environment/DB_PASSWORD: (secret 1a2b3c4d) → (secret 5e6f7a8b)
                                                          risky                         environment-changed
                note: nothing matches 'x'

                1 breaking, 2 risky, 3 compatible, 1 accepted; 3 weaken security

                """
        )
    }

    /// A narrow terminal gets each judgement on a line of its own, and no line that it has to break.
    @Test func narrowTerminalsGetNoColumns() throws {
        let report = try Self.everything()
        let text = ChangeTextRenderer(isColored: false, width: 72).render(report)
        #expect(
            text == """
                Shop
                  + POST /pets  → Pets (auth: none)
                      compatible  weakens security  route-added (public)
                  ~ GET /pets/{id}  auth: Login → none
                      compatible  weakens security  auth-removed (public)  t.yaml:12
                    scopes: + pets:read
                      compatible  weakens security  scope-added
                  - DELETE /pets  → Pets (auth: Login)
                      breaking    route-removed  t.yaml:20
                  ~ GET /pets/top
                    was ANY /{proxy+} → Catchall (auth: Login), now GET /pets/top → Top (auth: none)
                      risky       review security  route-captured
                      e.g. GET /pets/top
                functions
                  ~ Old → New
                      risky       function-renamed
                      accepted: agreed
                  ~ Pets  environment/DB_PASSWORD: (secret 1a2b3c4d) → (secret 5e6f7a8b)
                      risky       environment-changed
                note: nothing matches 'x'

                1 breaking, 2 risky, 3 compatible, 1 accepted; 3 weaken security

                """
        )
        let wide = ChangeTextRenderer(isColored: false).render(report)
        #expect(ChangeTextRenderer(isColored: false, width: 200).render(report) == wide)
    }

    /// Everyone's requests are named as such in every form for people.
    @Test func whatBecomesPublicSaysSo() throws {
        let open: ChangeValue = .shown(["function": "Site", "auth": "none"])
        let guarded: ChangeValue = .shown(["function": "Site", "auth": "Login"])
        func change(_ rule: ChangeRule, _ member: String, _ old: ChangeValue?, _ new: ChangeValue?) throws -> Change {
            Change(
                rule,
                security: .weakens,
                at: try Self.route("GET /a"),
                member: member,
                before: old,
                after: new
            )
        }
        #expect(try change(Self.weaker, "auth", Self.shown("Login"), Self.shown("none")).isPublic)
        #expect(try change(Self.taken, "", guarded, open).isPublic)
        #expect(try !change(Self.taken, "", open, open).isPublic)
        #expect(try !change(Self.taken, "", open, guarded).isPublic)
        #expect(try !change(Self.scope, "scopes", nil, Self.shown("none")).isPublic)
        let report = ChangeReport(
            oldName: "a",
            newName: "b",
            changes: [try change(Self.taken, "", guarded, open)]
        )
        #expect(ChangeTextRenderer(isColored: false).render(report).contains("route-captured (public)"))
        #expect(ChangeMarkdownRenderer.render(report).contains("route-captured **(public)**"))
        #expect(ChangeDiagnosticRenderer(file: "b").github(report).contains("weakens security, public)"))
        let page = ChangeHTMLRenderer.render(report, from: Manifest(), to: Manifest())
        #expect(page.contains("○ public"))
    }

    @Test func nothingIsSaidInALine() {
        let report = ChangeReport(oldName: "a", newName: "b", changes: [])
        #expect(ChangeTextRenderer(isColored: true).render(report) == "no changes\n")
    }

    /// Colours add nothing to the words.
    @Test func coloursAreOnlyColours() throws {
        let report = try Self.everything()
        let colored = ChangeTextRenderer(isColored: true).render(report)
        #expect(colored.contains("\u{1B}[1;35mweakens security\u{1B}[0m"))
        let plain = try Regex("\u{1B}\\[[0-9;]*m")
        #expect(colored.replacing(plain, with: "") == ChangeTextRenderer(isColored: false).render(report))
    }

    /// Of long values what differs is shown, and no line is longer than a wide terminal.
    @Test func longValuesAreCutAroundWhatDiffers() throws {
        let long = String(repeating: "x", count: 5000)
        let changes = [
            Change(
                Self.value,
                at: .function(long),
                member: "environment/\(long)",
                before: Self.shown("https://example.com/\(long)/first/\(long)/end"),
                after: Self.shown("https://example.com/\(long)/second/\(long)/end")
            ),
            Change(
                Self.value,
                at: .function("B"),
                member: "layers",
                before: Self.shown(long + "a" + long),
                after: Self.shown(long)
            ),
            Change(
                Self.value,
                at: .function("漢字"),
                member: "handler",
                after: Self.shown(String(repeating: "漢", count: 900))
            ),
        ]
        let text = ChangeTextRenderer(isColored: false).render(ChangeReport(oldName: "", newName: "", changes: changes))
        #expect(text.contains("first") && text.contains("second"))
        for line in text.split(separator: "\n") {
            #expect(String(line).displayWidth <= 200)
            #expect(line.last != " ")
        }
    }

    @Test func oneKindIsShownFiftyTimes() throws {
        let changes = try (0..<300).map { Change(Self.weaker, at: try Self.route("GET /r\($0)"), member: "auth") }
        let text = ChangeTextRenderer(isColored: false).render(ChangeReport(oldName: "", newName: "", changes: changes))
        #expect(text.split(separator: "\n").count == 53)
        #expect(text.contains("… and 250 more of 'auth-removed' (compatible, weakens security)"))
        #expect(text.hasSuffix("\n\n300 compatible; 300 weaken security\n"))
    }

    // MARK: - Hostile names

    private static let hostile =
        "a\u{1B}[31m\n<script>alert(1)</script>|`**x**`@someone #1 https://evil.example www.evil.example [x](y) \u{202E}::error::x <!-- -->"

    private static func hostileReport() -> ChangeReport {
        var change = Change(
            gone,
            at: .authorizer(hostile, api: hostile),
            member: hostile,
            before: shown(hostile),
            after: .hidden(source: hostile, fingerprint: hostile),
            example: ExampleRequest(method: hostile, path: hostile)
        )
        change.newSpan = Span(startOf: hostile)
        var accepted = change
        accepted.acceptance = hostile
        var report = ChangeReport(oldName: hostile, newName: hostile, changes: [change, accepted])
        report.remarks = [hostile]
        return report
    }

    @Test func noNameSteersATerminal() {
        let text = ChangeTextRenderer(isColored: false).render(Self.hostileReport())
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{202E}" })
        #expect(text.contains("a<U+001B>[31m<U+000A>"))
    }

    @Test func noNameIsMarkup() {
        let text = ChangeMarkdownRenderer.render(Self.hostileReport())
        let ours = text.replacing(/<\/?(code|details|summary)>|<br>|<!-- samovar diff -->/, with: "")
        #expect(!ours.contains("<"))
        for mark in ["`", "@", "[x]", "https:", "www.", "**x", "\u{202E}", "&#10;"] { #expect(!ours.contains(mark)) }
        // Every row has its six cells.
        for line in text.split(separator: "\n") where line.hasPrefix("| ") {
            #expect(line.count { $0 == "|" } == 7)
        }
    }

    @Test func noNameIsACommand() {
        let text = ChangeDiagnosticRenderer(file: "new.json").github(Self.hostileReport())
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("::error file="))
        #expect(lines[1].hasPrefix("::notice file="))
    }

    // MARK: - Markdown

    @Test func markdownBeginsWithWhatMatters() throws {
        let text = ChangeMarkdownRenderer.render(try Self.everything())
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "<!-- samovar diff -->")
        #expect(lines[1].hasPrefix("**3 changes weaken security, 1 breaking** between <code>old.json</code>"))
        #expect(lines[1].hasSuffix("; 2 risky, 3 compatible, 1 accepted."))
        #expect(text.contains("<summary><code>Shop</code>: 5 changes</summary>\n\n| |"))
    }

    /// GitHub refuses longer comments.
    @Test func markdownFitsIntoAComment() throws {
        let changes = try (0..<3000).map {
            Change(Self.gone, at: try Self.route("GET /r\($0)"), before: .shown(["function": "Pets", "auth": "none"]))
        }
        let text = ChangeMarkdownRenderer.render(ChangeReport(oldName: "a", newName: "b", changes: changes))
        #expect(text.utf8.count <= ChangeMarkdownRenderer.maximumBytes + 200)
        #expect(text.utf8.count > 50_000)
        let shown = text.matches(of: /\n\| - \| <code>GET/).count
        let leftOut = try #require(text.firstMatch(of: /\n(\d+) changes more did not fit here/))
        #expect(shown + (Int(leftOut.1) ?? 0) == 3000)
        #expect(text.hasSuffix("`samovar diff` shows all.\n"))
    }

    // MARK: - Programs

    private static func valid(_ texts: [String], _ schema: String) throws -> JSONSchema.Verdict {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for (index, text) in texts.enumerated() {
            let file = folder.appending(path: "\(index).json")
            try Data(text.utf8).write(to: file)
            files.append(file.path(percentEncoded: false))
        }
        return try JSONSchema.validate(files, against: schema)
    }

    @Test func linesOfJSONAreValid() throws {
        var lines: [String] = []
        for report in [try Self.everything(), Self.hostileReport()] {
            lines += ChangeJSONRenderer.render(report).split(separator: "\n").map(String.init)
        }
        #expect(lines.count == 11)
        let schema = "config/changes.schema.json"
        let verdict = try Self.valid(lines, schema)
        #expect(verdict.status == 0, "\(verdict.output)")
        let wrong = lines[0].replacing("\"rule\"", with: "\"rules\"")
        #expect(try Self.valid([wrong], schema).status == 1)
    }

    /// Whatever a change holds is in its object: no form for people can say more.
    @Test func jsonHasEverything() throws {
        var change = Change(
            Self.value,
            security: .review,
            at: .authorizer("A", api: "B"),
            from: .authorizer("C", api: "D"),
            member: "m",
            before: Self.shown("1"),
            after: .hidden(source: nil, fingerprint: "ff"),
            example: ExampleRequest(method: "GET", path: "/")
        )
        change.oldSpan = Self.span(1)
        change.newSpan = Self.span(2)
        change.acceptance = "r"
        let members: [String: [String]] = [
            "rule": ["rule"], "impact": ["impact"], "security": ["security"], "place": ["kind", "api", "identity"],
            "oldPlace": ["oldApi", "oldIdentity"], "member": ["member"], "before": ["before"], "after": ["after"],
            "example": ["example"], "oldSpan": ["spans"], "newSpan": ["spans"], "acceptance": ["acceptance"],
            // What a route needs that has not changed is no part of the change.
            "needsKey": [],
        ]
        let properties = Mirror(reflecting: change).children.compactMap(\.label)
        #expect(Set(properties) == Set(members.keys))
        #expect(Set(change.json.object?.keys ?? []) == Set(members.values.joined()))
        #expect(change.json["spans"]?["old"]?["line"] == 1)
        #expect(change.json["after"] == ["secret": "", "fingerprint": "ff"])
    }

    @Test func sarifIsValid() throws {
        let renderer = ChangeDiagnosticRenderer(file: "new.json")
        func log(_ report: ChangeReport) -> String {
            renderer.sarif(report, toolName: "samovar", version: "1.0.0", workingFolder: "/home/tea")
        }
        let logs = [
            log(try Self.everything()), log(Self.hostileReport()),
            log(ChangeReport(oldName: "", newName: "", changes: [])),
        ]
        let verdict = try Self.valid(logs, "Tests/DiagnosticsTests/sarif.schema.json")
        #expect(verdict.status == 0, "\(verdict.output)")
        let run = try #require(try JSONParser.parse(logs[0])["runs"]?.array?.first)
        let results = try #require(run["results"]?.array)
        #expect(
            results.map { $0["level"]?.string } == ["error", "error", "error", "error", "warning", "note", "warning"]
        )
        #expect(results[5]["suppressions"]?.array?.first?["justification"] == "agreed")
        let prints = results.map { $0["partialFingerprints"]?["changeIdentity/v1"]?.string }
        #expect(Set(prints).count == results.count)
        let rule = run["tool"]?["driver"]?["rules"]?.array?.first { $0["id"] == "auth-removed" }
        #expect(rule?["properties"]?["security-severity"] == "7.5")
        let place = results[1]["locations"]?.array?.first?["physicalLocation"]
        #expect(place?["region"]?["startLine"] == 12)
        let file = results[0]["locations"]?.array?.first?["physicalLocation"]?["artifactLocation"]
        #expect(file?["uri"] == "new.json")
    }

    /// GitHub shows ten of a kind, so the worst come first.
    @Test func annotationsBeginWithTheWorst() throws {
        let text = ChangeDiagnosticRenderer(file: "new.json").github(try Self.everything())
        let kinds = text.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(kinds == ["::error", "::error", "::error", "::error", "::warning", "::warning", "::notice"])
        #expect(text.contains("::error file=t.yaml,line=12,endLine=12,col=3,endColumn=8,title=auth-removed::"))
    }

    // MARK: - Places

    @Test func changesFindTheirLines() throws {
        let pets = try Self.route("GET /pets")
        var old = SourceMap()
        old[pets.pointer] = Self.span(10)
        old[pets.pointer + "/auth"] = Self.span(11)
        var new = SourceMap()
        new["/apis/Shop"] = Self.span(1)
        new[pets.pointer] = Self.span(20)
        new["/functions/Pets/environment/TABLE"] = Self.span(30)
        let changes = [
            Change(Self.weaker, at: pets, member: "auth"),
            Change(Self.gone, at: try Self.route("GET /gone")),
            Change(Self.value, at: .function("Pets"), member: "environment/TABLE/deeper"),
            Change(Self.value, at: .function("Other")),
        ]
        let report = ChangeReport(oldName: "", newName: "", changes: changes).locating(old: old, new: new)
        #expect(report.changes.map(\.oldSpan?.start.line) == [11, nil, nil, nil])
        #expect(report.changes.map(\.newSpan?.start.line) == [20, 1, 30, nil])
        #expect(report.changes.map(\.span?.start.line) == [20, 1, 30, nil])
        // What is gone is looked at where it was.
        old[try Self.route("GET /gone").pointer] = Self.span(12)
        let located = ChangeReport(oldName: "", newName: "", changes: changes).locating(old: old, new: new)
        #expect(located.changes.map(\.span?.start.line) == [20, 12, 30, nil])
    }
}
