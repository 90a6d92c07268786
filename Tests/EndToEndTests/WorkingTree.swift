// A repository of git in a temporary folder, with a history that a test writes.

import Foundation
import Subprocess
import SystemPackage
import Testing

/// A repository whose git knows nothing of the machine's settings, and finds the built `samovar` on PATH.
struct WorkingTree {
    let copy: ExampleCopy
    /// What every program is told beside the variables of the process.
    var environment: [Environment.Key: String?]

    var path: String { copy.path }

    /// Makes a repository of a folder; with `isEmpty`, it has no files, else the example in its first commit.
    init(isEmpty: Bool = false) async throws {
        copy = try ExampleCopy(isEmpty: isEmpty)
        let programs = try Program.path("samovar").removingLastComponent().string
        environment = [
            "PATH": "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
            "HOME": copy.path, "XDG_CONFIG_HOME": nil, "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat", "NO_COLOR": nil,
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
            "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z", "SAMOVAR_FINGERPRINT_KEY": "a key",
        ]
        try await git("init", "-q", "-b", "main")
        if !isEmpty { try await commit("first") }
    }

    /// Runs a program in the repository.
    func program(
        _ name: String,
        _ arguments: [String],
        in folder: String = ".",
        input: String = ""
    ) async throws -> Program.Ending {
        let result = try await run(
            .name(name),
            arguments: Arguments(arguments),
            environment: .inherit.updating(environment),
            workingDirectory: FilePath(path).appending(folder),
            input: .string(input),
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 22)
        )
        return Program.Ending(
            status: result.terminationStatus,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// Runs git, which is to succeed, and returns what it prints.
    @discardableResult
    func git(_ arguments: String..., in folder: String = ".") async throws -> String {
        let ending = try await program("git", arguments, in: folder)
        try #require(ending.status == .exited(0), "git \(arguments.joined(separator: " ")): \(ending.errors)")
        return ending.output
    }

    /// Runs samovar, which is to succeed, and returns what it prints.
    @discardableResult
    func samovar(_ arguments: String..., in folder: String = ".") async throws -> String {
        let ending = try await program("samovar", arguments, in: folder)
        try #require(ending.status == .exited(0), "samovar \(arguments.joined(separator: " ")): \(ending.errors)")
        return ending.output
    }

    /// Commits everything.
    func commit(_ message: String) async throws {
        try await git("add", "-A")
        try await git("commit", "-q", "-m", message)
    }

    /// The text of a file; empty where there is none.
    func text(_ file: String) -> String {
        (try? String(contentsOf: URL(filePath: "\(path)/\(file)"), encoding: .utf8)) ?? ""
    }
}
