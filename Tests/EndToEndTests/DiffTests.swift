// `samovar diff`: sides that are files, forms, colours, exit statuses, and accepted changes.

import Foundation
import JSON
import Subprocess
import SystemPackage
import Testing

struct DiffTests {
    /// A folder with `old.yaml` and `new.yaml`, in which one route came, one went and a timeout is shorter.
    private func folder() async throws -> GitFolder {
        let folder = try await GitFolder(isRepository: false)
        try folder.write("", to: "src/shop.py")
        try folder.write(DiffRevisionTests.template("/a", "/b", timeout: 5), to: "old.yaml")
        try folder.write(DiffRevisionTests.template("/a", "/c", timeout: 4), to: "new.yaml")
        return folder
    }

    @Test func templatesAndTheirManifestsSayTheSame() async throws {
        let folder = try await folder()
        for name in ["old", "new"] {
            let ending = try await folder.samovar("compile", "\(name).yaml", "-o", "\(name).json")
            #expect(ending.status == .exited(0))
        }
        let located = try await folder.samovar("diff", "old.yaml", "new.yaml").output
        #expect(located.hasSuffix("\n1 breaking, 1 risky, 1 compatible; 1 weakens security\n"), "\(located)")
        let expected = Self.withoutPlaces(located)
        #expect(expected != located)
        for (old, new) in [("old.json", "new.yaml"), ("old.yaml", "new.json"), ("old.json", "new.json")] {
            #expect(Self.withoutPlaces(try await folder.samovar("diff", old, new).output) == expected)
        }
        for name in ["old", "new"] {
            let none = try await folder.samovar("diff", "--fail-on", "any", "\(name).yaml", "\(name).json")
            #expect(none.status == .exited(0) && none.output == "no changes\n", "\(none)")
        }
    }

    /// The lines of templates are found again by the maps beside manifests.
    @Test func manifestsHaveTheLinesOfTheirMaps() async throws {
        let folder = try await folder()
        for name in ["old", "new"] {
            let made = "made/\(name)"
            let arguments = ["compile", "\(name).yaml", "-o", "\(made).json", "--source-map", "\(made).map.json"]
            try folder.write("", to: "made/empty")
            #expect(try await folder.samovar(arguments).status == .exited(0))
        }
        let expected = try await folder.samovar("diff", "old.yaml", "new.yaml").output
        #expect(expected.contains("  new.yaml:"))
        #expect(try await folder.samovar("diff", "made/old.json", "made/new.json").output == expected)
        // A map of another manifest says nothing.
        try folder.write(String(contentsOfFile: "\(folder.path)/made/new.json", encoding: .utf8), to: "made/old.json")
        try folder.write("{\"manifest\": 1, \"apis\": {}, \"functions\": {}}", to: "made/new.json")
        let stale = try await folder.samovar("diff", "made/old.json", "made/new.json").output
        #expect(stale.hasSuffix("breaking, 1 compatible\n") && !stale.contains(".yaml:"), "\(stale)")
    }

    /// A report without the lines of templates at the ends of its own.
    private static func withoutPlaces(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.replacing(/[ ]{2,}[^ ]+:[0-9]+$/, with: "") }.joined(separator: "\n")
    }

    @Test(arguments: ["old.yaml", "old.json"])
    func standardInput(_ name: String) async throws {
        let folder = try await folder()
        try await #require(folder.samovar("compile", "old.yaml", "-o", "old.json").status == .exited(0))
        let expected = Self.withoutPlaces(try await folder.samovar("diff", "old.yaml", "new.yaml").output)
        let text = try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
        // `/dev/stdin` is as `<(…)` in a shell: a pipe that can be read once.
        for side in ["-", "/dev/stdin"] {
            let output = try await folder.samovar("diff", side, "new.yaml", input: text).output
            #expect(Self.withoutPlaces(output) == expected)
        }
        #expect(try await folder.samovar("diff", "-", "-", input: text).status == .exited(64))
    }

    /// Fingerprints are those of a key, which is the team's, or made once and kept where only its owner reads it.
    @Test func fingerprintsAreKeyed() async throws {
        let folder = try await GitFolder(isRepository: false)
        for (name, value) in [("old", "first-value"), ("new", "second-value")] {
            try folder.write(
                """
                {"manifest": 1, "apis": {}, "functions": {"F": {"environment": {"DB_PASSWORD": "\(value)"}}}}
                """,
                to: "\(name).json"
            )
        }
        func fingerprints(_ variables: [Environment.Key: String?]) async throws -> [String] {
            let ending = try await folder.samovar("diff", "old.json", "new.json", variables: variables)
            #expect(!ending.output.contains("-value") && ending.status == .exited(0), "\(ending)")
            return ending.output.matches(of: /secret ([0-9a-f]{8})\b/).map { String($0.1) }
        }
        let state = "\(folder.outer)/state"
        let key = "\(state)/samovar/fingerprint.key"
        let own: [Environment.Key: String?] = ["SAMOVAR_FINGERPRINT_KEY": nil, "XDG_STATE_HOME": state]

        let team = try await fingerprints(["SAMOVAR_FINGERPRINT_KEY": "team", "XDG_STATE_HOME": state])
        #expect(Set(team).count == 2 && !FileManager.default.fileExists(atPath: key))
        // HMAC-SHA-256 of both values under the key, the first 4 bytes, as other tools compute it.
        #expect(team == ["3c95c60c", "8303a1e5"])
        let other = try await fingerprints(["SAMOVAR_FINGERPRINT_KEY": "other", "XDG_STATE_HOME": state])
        #expect(Set(team + other).count == 4)

        let first = try await fingerprints(own)
        let attributes = try FileManager.default.attributesOfItem(atPath: key)
        #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.size] as? Int == 32)
        let kept = try Data(contentsOf: URL(filePath: key))
        #expect(try await fingerprints(own) == first && Set(first + team + other).count == 6)
        #expect(try Data(contentsOf: URL(filePath: key)) == kept)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(state)/samovar") == ["fingerprint.key"])
        // Another key, other fingerprints.
        try FileManager.default.removeItem(atPath: key)
        #expect(try await fingerprints(own) != first)
        // Where none can be kept there are fingerprints all the same.
        #expect(try await fingerprints(own.merging(["XDG_STATE_HOME": "/proc"]) { $1 }).count == 2)
    }

    @Test func nothingOnOneSide() async throws {
        let folder = try await folder()
        let added = try await folder.samovar("diff", "/dev/null", "new.yaml")
        #expect(added.output.hasSuffix("\n4 compatible; 2 weaken security\n"), "\(added)")
        let removed = try await folder.samovar("diff", "new.yaml", "/dev/null")
        #expect(removed.output.hasSuffix("\n1 breaking, 1 compatible\n"), "\(removed)")
    }

    @Test func environmentAndParametersCountForBothSides() async throws {
        let folder = try await folder()
        for (name, variables) in [("old", "A: x"), ("new", "A: x, B: y")] {
            let text = DiffRevisionTests.template("/a")
                .replacing("      Events:\n", with: "      Environment: {Variables: {\(variables)}}\n      Events:\n")
            try folder.write(text, to: "\(name).yaml")
        }
        try folder.write(#"{"Shop": {"A": "1", "B": "2"}}"#, to: "env.json")
        let ending = try await folder.samovar("diff", "old.yaml", "new.yaml", "-n", "env.json", "--format", "json")
        let changes = ending.output.split(separator: "\n")
        #expect(changes.count <= 1, "the variable that both have is the same: \(ending.output)")
    }

    @Test(arguments: [
        ("{\"manifest\": 99}", "'x.json' is no usable manifest"),
        ("{\"manifest\": 1, ", "'x.json' is no usable manifest"),
        ("{\"manifest\": 1, \"apis\": {}, \"functions\": {}, \"apps\": {}}", "apps"),
        ("Resources: [", "'x.json' cannot be compiled"),
        ("", "'x.json' cannot be compiled"),
    ])
    func filesThatAreNoManifest(text: String, message: String) async throws {
        let folder = try await folder()
        try folder.write(text, to: "x.json")
        let ending = try await folder.samovar("diff", "x.json", "new.yaml")
        #expect(ending.status == .exited(1) && ending.output == "")
        #expect(ending.errors.contains(message), "\(ending.errors)")
    }

    @Test func newWarningsAreCounted() async throws {
        let folder = try await folder()
        try folder.write(DiffRevisionTests.template("/a").replacing("src", with: "gone"), to: "new.yaml")
        let ending = try await folder.samovar("diff", "old.yaml", "new.yaml")
        #expect(ending.errors == "note: 'new.yaml' has 1 warning that 'old.yaml' has not; 'samovar check' shows them\n")
        #expect(try await folder.samovar("diff", "new.yaml", "new.yaml").errors == "")
    }

    @Test(arguments: [
        ([], 0), (["breaking"], 2), (["risky"], 2), (["security"], 2), (["any"], 2), (["security", "breaking"], 2),
    ])
    func failsOnLevels(levels: [String], code: Int) async throws {
        let ending = try await (try await folder()).samovar(
            ["diff", "old.yaml", "new.yaml"] + levels.flatMap { ["--fail-on", $0] }
        )
        #expect(ending.status == .exited(Int32(code)))
        #expect(ending.output.contains("route-removed"))
    }

    @Test(arguments: [
        ("risky", ["risky", "any"]), ("compatible", ["any"]), ("weakens", ["security", "any"]),
    ])
    func levelsAreReachedByTheirChangesOnly(kind: String, failing: [String]) async throws {
        let folder = try await folder()
        let (before, after) =
            switch kind {
            case "risky": (Self.template(["/a"], 5), Self.template(["/a"], 4))
            case "compatible": (Self.template(["/a"], 4), Self.template(["/a"], 5))
            default: (Self.template(["/a"], 4), Self.template(["/a", "/b"], 4))
            }
        try folder.write(before, to: "old.yaml")
        try folder.write(after, to: "new.yaml")
        for level in ["breaking", "risky", "security", "any"] {
            let ending = try await folder.samovar("diff", "old.yaml", "new.yaml", "--fail-on", level)
            #expect(ending.status == .exited(failing.contains(level) ? 2 : 0), "\(kind) \(level): \(ending.output)")
        }
    }

    @Test(arguments: DiffTests.formats)
    func formatsAreWrittenToFilesAsWell(format: String, beginning: String) async throws {
        let folder = try await folder()
        let arguments = ["diff", "old.yaml", "new.yaml", "--format", format]
        let printed = try await folder.samovar(arguments)
        #expect(printed.status == .exited(0) && printed.errors == "")
        #expect(printed.output.hasPrefix(beginning) && printed.output.hasSuffix("\n"), "\(printed.output)")
        #expect(printed.output.contains("route-removed"))
        let written = try await folder.samovar(arguments + ["-o", "report"])
        #expect(written.output == "")
        #expect(try String(contentsOfFile: "\(folder.path)/report", encoding: .utf8) == printed.output)
        let lost = try await folder.samovar(arguments + ["-o", "missing/report"])
        #expect(lost.status == .exited(1) && lost.errors.contains("cannot write 'missing/report'"))
    }

    private static let formats = [
        ("text", "ServerlessHttpApi\n"), ("json", "{\"rule\":"), ("markdown", "<!-- samovar diff -->\n"),
        ("sarif", "{\n  \"$schema\""), ("github", "::"),
    ]

    @Test(arguments: [
        ([], [:], false), (["--color", "always"], [:], true), (["--color", "always"], ["NO_COLOR": "1"], true),
        ([], ["CLICOLOR_FORCE": "1"], true), ([], ["CLICOLOR_FORCE": "0"], false), ([], ["CLICOLOR_FORCE": ""], false),
        ([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), ([], ["CLICOLOR_FORCE": "1", "NO_COLOR": ""], true),
        (["--color", "never"], ["CLICOLOR_FORCE": "1"], false),
        (["-o", "/dev/stdout"], ["CLICOLOR_FORCE": "1"], false),
    ])
    func colours(options: [String], variables: [String: String], isColored: Bool) async throws {
        let ending = try await (try await folder()).samovar(
            ["diff", "old.yaml", "new.yaml"] + options,
            variables: Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })
        )
        #expect(ending.status == .exited(0))
        #expect(ending.output.contains("\u{1B}[") == isColored)
    }

    @Test func coloursOnATerminalOnly() async throws {
        let folder = try await folder()
        let program = try Program.path("samovar")
        let line = "\(program) diff old.yaml new.yaml"
        func typescript(_ variables: [Environment.Key: String?]) async throws -> String {
            let result = try await run(
                .name("script"),
                arguments: ["--quiet", "--return", "--command", line, "/dev/null"],
                environment: .inherit.updating(["NO_COLOR": nil, "TERM": "xterm"]).updating(variables),
                workingDirectory: FilePath(folder.path),
                output: .string(limit: 1 << 20)
            )
            #expect(result.terminationStatus == .exited(0))
            return result.standardOutput
        }
        #expect(try await typescript([:]).contains("\u{1B}["))
        #expect(!(try await typescript(["TERM": "dumb"]).contains("\u{1B}[")))
        #expect(!(try await typescript(["NO_COLOR": "1"]).contains("\u{1B}[")))
    }

    @Test(arguments: [
        ["a", "b", "c"], ["--base", "main", "a", "b"], ["--format", "xml", "a", "b"], ["--fail-on", "bad", "a", "b"],
        ["--color", "blue", "a", "b"], ["--rules", "a"], ["--rules", "--base", "main"],
    ])
    func malformedCommandLines(arguments: [String]) async throws {
        let ending = try await (try await folder()).samovar(["diff"] + arguments)
        #expect(ending.status == .exited(64) && ending.output == "")
    }

    @Test func rulesAreListedAndExplained() async throws {
        let folder = try await GitFolder(isRepository: false)
        let text = try await folder.samovar("diff", "--rules")
        #expect(text.status == .exited(0))
        let line = try #require(text.output.split(separator: "\n").first { $0.hasPrefix("auth-removed ") })
        #expect(line.contains(" compatible  ") && line.contains(" weakens "))
        let json = try JSONParser.parse(try await folder.samovar("diff", "--rules", "--format", "json").output)
        let rules = try #require(json.array)
        let diagnostics = try await folder.samovar("explain").output.split(separator: "\n")
        #expect(diagnostics.count > 10)
        #expect(rules.count == text.output.split(separator: "\n").count && rules.count > 10)
        for rule in rules {
            let id = try #require(rule["id"]?.string)
            #expect(!diagnostics.contains { $0.hasPrefix("\(id) ") }, "'\(id)' is a diagnostic, too")
            let section = try await folder.samovar("explain", id)
            #expect(section.status == .exited(0) && section.output.hasPrefix("\(id)\n\n"))
            #expect(section.output.contains(try #require(rule["explanation"]?.string)))
            let impact = try #require(rule["impact"]?.string)
            #expect(["breaking", "risky", "compatible"].contains(impact))
            #expect(section.output.contains("\n**\(impact.capitalized)"))
        }
        let wrong = try await folder.samovar("explain", "auth-remove")
        #expect(wrong.status == .exited(64) && wrong.errors.contains("did you mean 'auth-removed'?"), "\(wrong.errors)")
    }

    private static func template(_ paths: [String], _ timeout: Int) -> String {
        var text = DiffRevisionTests.template(timeout: timeout)
        for (index, path) in paths.enumerated() {
            text += "        E\(index):\n          Type: HttpApi\n"
            text += "          Properties:\n            Path: \(path)\n            Method: get\n"
        }
        return text
    }
}
