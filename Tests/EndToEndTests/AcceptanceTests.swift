// `samovar diff --allow`: changes that somebody has accepted.

import Foundation
import Subprocess
import Testing

struct AcceptanceTests {
    /// A folder in which a route came, a route went and a timeout is shorter.
    private func folder() async throws -> GitFolder {
        let folder = try await GitFolder(isRepository: false)
        try folder.write("", to: "src/shop.py")
        try folder.write(DiffRevisionTests.template("/a", "/b", timeout: 5), to: "old.yaml")
        try folder.write(DiffRevisionTests.template("/a", "/c", timeout: 4), to: "new.yaml")
        return folder
    }

    private func diff(_ allowed: String, _ arguments: String...) async throws -> Program.Ending {
        let folder = try await folder()
        try folder.write(allowed, to: "allow.yaml")
        return try await folder.samovar(["diff", "old.yaml", "new.yaml", "--allow", "allow.yaml"] + arguments)
    }

    private static let removed =
        "- {rule: route-removed, api: ServerlessHttpApi, identity: GET /b, reason: nobody called it}\n"
    private static let added =
        "- rule: route-added\n  api: ServerlessHttpApi\n  identity: GET /c\n  reason: \"public, as /a\"\n"
    private static let timeout =
        "- {rule: timeout-shortened, identity: Shop, member: timeoutSeconds, before: 5, after: 4, reason: it is fast}\n"

    @Test func acceptedChangesAreShownAndDoNotCount() async throws {
        let some = try await diff(Self.removed, "--fail-on", "breaking")
        #expect(some.status == .exited(0), "\(some.errors)")
        #expect(some.output.contains("nobody called it"))
        #expect(some.output.contains("\n1 risky, 1 compatible, 1 accepted; 1 weakens security\n"), "\(some.output)")
        let rest = try await diff(Self.removed, "--fail-on", "security")
        #expect(rest.status == .exited(2))
        let all = try await diff(Self.removed + Self.added + Self.timeout, "--fail-on", "any")
        #expect(all.status == .exited(0))
        #expect(all.output.hasSuffix("\n3 accepted\n"), "\(all.output)")
        #expect(all.output.contains("public, as /a") && all.output.contains("it is fast"))
    }

    @Test func listMayBeJSONOrEmpty() async throws {
        let list =
            #"[{"rule": "route-removed", "api": "ServerlessHttpApi", "identity": "GET /b", "reason": "nobody"}]"#
        #expect(try await diff(list, "--fail-on", "breaking").status == .exited(0))
        #expect(try await diff("", "--fail-on", "breaking").status == .exited(2))
        #expect(try await diff("# nothing yet\n", "--fail-on", "breaking").status == .exited(2))
    }

    @Test(arguments: [
        ("- {rule: route-removed, api: ServerlessHttpApi, identity: GET /x, reason: r}", "'route-removed' of 'GET /x'"),
        ("- {rule: route-removed, identity: GET /b, reason: r}", "add 'api: ServerlessHttpApi'"),
        ("- {rule: timeout-shortened, identity: Shop, after: 3, reason: r}", "'timeout-shortened' of 'Shop'"),
        ("- {rule: timeout-shortened, identity: Shop, member: memory, reason: r}", "'timeout-shortened' of 'Shop'"),
        ("- {rule: timeout-lengthened, identity: Shop, reason: r}", "'timeout-lengthened' of 'Shop'"),
    ])
    func entryThatMatchesNothingIsReported(entry: String, message: String) async throws {
        let ending = try await diff("# why\n\(entry)\n", "--fail-on", "breaking")
        #expect(ending.status == .exited(2))
        #expect(ending.output.contains("line 2 of 'allow.yaml' accepts '"), "\(ending.output)")
        #expect(ending.output.contains(message) && !ending.output.contains(" accepted"), "\(ending.output)")
        // What is left over in the list is no change.
        let folder = try await folder()
        try folder.write(entry, to: "allow.yaml")
        let same = try await folder.samovar(
            "diff",
            "new.yaml",
            "new.yaml",
            "--allow",
            "allow.yaml",
            "--fail-on",
            "any"
        )
        #expect(same.status == .exited(0) && same.output.contains("line 1 of 'allow.yaml'"), "\(same)")
    }

    @Test(arguments: [
        (
            "- {rule: route-remove, identity: x, reason: r}",
            "1:10: error: there is no rule 'route-remove'; did you mean"
        ),
        ("- rule: route-removed\n  identiti: x", "2:3: error: there is no member 'identiti'; did you mean 'identity'?"),
        ("- {rule: route-removed, identity: x}", "1:3: error: 'reason' is missing"),
        ("- {rule: route-removed, identity: x, reason: ''}", "error: 'reason' is a text"),
        ("- {rule: route-removed, reason: r}", "1:3: error: 'identity' is missing"),
        ("- {identity: x, reason: r}", "1:3: error: 'rule' is missing"),
        ("- route-removed", "1:3: error: a mapping with 'rule', 'identity' and 'reason' is needed"),
        ("rule: route-removed", "1:1: error: a list of accepted changes is needed, not a mapping"),
        ("- {rule: [", "error: "), ("- {rule: \"\\e[31m\", identity: x, reason: r}", "<U+001B>[31m"),
    ])
    func faultyListsAreRefusedWithThePlace(list: String, message: String) async throws {
        let ending = try await diff(list)
        #expect(ending.status == .exited(1) && ending.output == "")
        #expect(ending.errors.hasPrefix("allow.yaml:") && ending.errors.contains(message), "\(ending.errors)")
        #expect(ending.errors.hasSuffix("error: 'allow.yaml' is no usable list of accepted changes\n"))
        #expect(!ending.errors.contains("\u{1B}"))
    }

    @Test func listThatIsNotThere() async throws {
        let ending = try await (try await folder()).samovar("diff", "old.yaml", "new.yaml", "--allow", "gone.yaml")
        #expect(ending.status == .exited(1) && ending.errors.hasPrefix("error: cannot read 'gone.yaml': "))
    }
}
