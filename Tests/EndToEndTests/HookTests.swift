// The hook of config/hooks, run by git in a repository.

import Foundation
import Subprocess
import Testing

struct HookTests {
    private static let config = ExampleCopy.original.deletingLastPathComponent()

    /// A repository with the hook, and nothing but warnings in its example.
    private func hooked() async throws -> WorkingTree {
        let tree = try await WorkingTree()
        let hook = "\(tree.path)/.git/hooks/pre-commit"
        try FileManager.default.createDirectory(
            atPath: "\(tree.path)/.git/hooks",
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(atPath: Self.config.appending(path: "hooks/pre-commit").path, toPath: hook)
        return tree
    }

    private func commit(_ tree: WorkingTree, _ arguments: String...) async throws -> Program.Ending {
        try await tree.program("git", ["commit", "-q", "-m", "x"] + arguments)
    }

    @Test func hookChecksWhatIsStaged() async throws {
        let tree = try await hooked()
        try tree.copy.replace("Timeout: 10", with: "Timeout: 11", in: "template.yaml")
        try await tree.git("add", "template.yaml")
        let stale = try await commit(tree)
        #expect(stale.status == .exited(1))
        #expect(stale.errors.contains("'routes.json' is out of date"))
        #expect(stale.errors.hasSuffix("'git add' the template and its manifest once they are right\n"))

        // The right manifest in the working tree is not a staged one, and a broken template there does no harm.
        try await tree.samovar("compile", "template.yaml", "-n", "env.json", "-o", "routes.json")
        #expect(try await commit(tree).status == .exited(1))
        try await tree.git("add", "routes.json")
        try tree.copy.write("Resources: [", to: "template.yaml")
        let fine = try await commit(tree)
        #expect(fine.status == .exited(0), "\(fine.errors)")

        let broken = try await commit(tree, "-a")
        #expect(broken.status == .exited(1) && broken.errors.contains("template.yaml:1:"))
        #expect(try await tree.git("log", "--format=%s") == "x\nfirst\n")
    }

    @Test func hookTakesValuesThatAreNotCommitted() async throws {
        let tree = try await hooked()
        try await tree.git("rm", "-q", "--cached", "env.json")
        #expect(try await commit(tree).status == .exited(0))
        try FileManager.default.removeItem(atPath: "\(tree.path)/env.json")
        try tree.copy.write("x", to: "other.txt")
        try await tree.git("add", "other.txt")
        let without = try await commit(tree)
        #expect(without.status == .exited(1) && without.errors.contains("'routes.json' is out of date"))
    }

    @Test func hookLetsOthersPass() async throws {
        let tree = try await hooked()
        try await tree.git("rm", "-q", "template.yaml")
        let orphan = try await commit(tree)
        #expect(orphan.status == .exited(1))
        #expect(
            orphan.errors == "pre-commit: 'routes.json' is committed, but no 'template.yaml' that it could come from\n"
        )
        try await tree.git("rm", "-q", "routes.json")
        #expect(try await commit(tree).status == .exited(0))
    }
}
