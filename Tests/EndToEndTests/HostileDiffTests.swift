// `samovar diff` of manifests that somebody wrote to get past it.

import Subprocess
import Testing

struct HostileDiffTests {
    private static func manifest(_ routes: [String], _ api: String = "") -> String {
        let members = routes.map { "\"\($0)\": {\"function\": \"F\", \"auth\": \"none\"}" }.joined(separator: ",\n")
        return """
            {"manifest": 1, "apis": {"A": {"kind": "http", "stage": "$default", \(api) "routes": {\(members)}}},
            "functions": {"F": {}}}
            """
    }

    private func folder(_ old: String, _ new: String) async throws -> GitFolder {
        let folder = try await GitFolder(isRepository: false)
        try folder.write(old, to: "old.json")
        try folder.write(new, to: "new.json")
        return folder
    }

    @Test func otherSpellingsAreSeenInEveryForm() async throws {
        let folder = try await folder(Self.manifest(["GET /caf\u{E9}"]), Self.manifest(["GET /caf\\u0065\\u0301"]))
        for format in ["text", "markdown", "json", "sarif", "github", "html"] {
            let ending = try await folder.samovar(
                "diff",
                "old.json",
                "new.json",
                "--format",
                format,
                "--fail-on",
                "any"
            )
            #expect(ending.status == .exited(2), "\(ending)")
            #expect(ending.output.contains("u0301"), "\(format): \(ending.output)")
        }
    }

    /// What was not looked at may be what the level is there for.
    @Test func overlapsThatAreNotFollowedFail() async throws {
        let old = (0..<4000).map { "GET /l\($0)/x" }
        let new = (0..<200).map { "GET /{p}/y\($0)/{q+}" } + old.map { $0.replacing("/x", with: "/y1/z") }
        let folder = try await folder(Self.manifest(new), Self.manifest(old))
        let plain = try await folder.samovar("diff", "old.json", "new.json")
        #expect(plain.status == .exited(0) && plain.output.contains("not every request"))
        for level in ["security", "risky"] {
            let ending = try await folder.samovar("diff", "old.json", "new.json", "--fail-on", level)
            #expect(ending.status == .exited(2))
        }
    }

    @Test func entriesThatAcceptSeveralChangesAreNamed() async throws {
        func cors(_ origins: String) -> String {
            Self.manifest(["GET /a"], "\"cors\": {\"allowOrigins\": [\(origins)]},")
        }
        let folder = try await folder(cors("\"https://a\""), cors("\"https://a\", \"https://b\", \"https://evil\""))
        let entry = "- rule: cors-origin-added\n  api: A\n  reason: b is ours\n"
        try folder.write(entry, to: "allow.yaml")
        let ending = try await folder.samovar("diff", "old.json", "new.json", "--allow", "allow.yaml")
        #expect(ending.output.contains("line 1 of 'allow.yaml' accepts 2 changes: 'cors-origin-added' of 'A'"))
        try folder.write(entry + "  after: https://b\n", to: "allow.yaml")
        let one = try await folder.samovar(
            "diff",
            "old.json",
            "new.json",
            "--allow",
            "allow.yaml",
            "--fail-on",
            "security"
        )
        #expect(one.status == .exited(2) && !one.output.contains("allow.yaml"), "\(one.output)")
    }

    @Test func staleManifestsShowNoSecrets() async throws {
        let folder = try await GitFolder(isRepository: false)
        try folder.write("", to: "src/shop.py")
        try folder.write(DiffRevisionTests.template("/a"), to: "template.yaml")
        let manifest = """
            {
              "manifest": 1,
              "functions": {
                "F": {
                  "environment": {
                    "DB_PASSWORD": "geheim"
                  }
                }
              },
              "unknown": 1
            }
            """
        try folder.write(manifest, to: "routes.json")
        let ending = try await folder.samovar("compile", "template.yaml", "-o", "routes.json", "--check")
        #expect(ending.status == .exited(1) && ending.output.contains("\"DB_PASSWORD\": \"(secret)\""), "\(ending)")
        #expect(!(ending.output + ending.errors).contains("geheim"))
    }

    @Test func routesSaysWhatIsWrongWithoutEscapeSequences() async throws {
        let folder = try await folder(Self.manifest(["GET /a b\\u001b[31m\u{202E}"]), "")
        let ending = try await folder.samovar("routes", "old.json")
        #expect(ending.status == .exited(1) && ending.errors.contains("<U+001B>[31m<U+202E>"), "\(ending.errors)")
        #expect(!ending.errors.unicodeScalars.contains("\u{1B}"))
    }
}
