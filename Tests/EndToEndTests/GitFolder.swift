// A git repository in a temporary folder.

import Foundation
import Subprocess
import SystemPackage
import Testing

/// A repository of a test's own, removed with the value.
final class GitFolder: Sendable {
    /// The absolute path of the working tree.
    let path: String
    /// What holds the repository, and room for clones beside it.
    let outer: String

    /// An empty repository, or none: the folder alone.
    init(isRepository: Bool = true) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-git-\(UUID().uuidString)")
        outer = folder.path
        path = "\(outer)/repository"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if isRepository { try await git("init", "--quiet", "--initial-branch", "main") }
    }

    deinit { try? FileManager.default.removeItem(atPath: outer) }

    /// Writes a file, and the folders that lead to it.
    func write(_ text: String, to file: String) throws {
        let url = URL(filePath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Runs git to its end, which must be a good one, as an author that no configuration of this machine changes.
    @discardableResult
    func git(_ arguments: String..., in folder: String? = nil) async throws -> String {
        let result = try await run(
            .name("git"),
            arguments: Arguments(arguments),
            environment: .inherit.updating(Self.environment),
            workingDirectory: FilePath(folder ?? path),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        try #require(result.terminationStatus == .exited(0), "\(arguments): \(result.standardError)")
        return result.standardOutput
    }

    /// Commits everything.
    func commit(_ message: String = "change") async throws {
        try await git("add", "--all")
        try await git("commit", "--quiet", "--message", message)
    }

    /// Runs `samovar` in the repository or another folder.
    ///
    /// - Parameters:
    ///   - arguments: what stands behind `samovar`.
    ///   - folder: where it runs.
    ///   - input: what it reads from standard input.
    ///   - variables: further variables; nil removes one.
    /// - Returns: what it left behind.
    /// - Throws: where it cannot be run.
    func samovar(
        _ arguments: String...,
        in folder: String? = nil,
        input: String = "",
        variables: [Environment.Key: String?] = [:]
    ) async throws -> Program.Ending {
        try await samovar(arguments, in: folder, input: input, variables: variables)
    }

    /// The same with a list of arguments.
    func samovar(
        _ arguments: [String],
        in folder: String? = nil,
        input: String = "",
        variables: [Environment.Key: String?] = [:]
    ) async throws -> Program.Ending {
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: Arguments(arguments),
            environment: .inherit.updating(Self.environment).updating(variables),
            workingDirectory: FilePath(folder ?? path),
            input: .string(input),
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 20)
        )
        return Program.Ending(
            status: result.terminationStatus,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    private static let environment: [Environment.Key: String?] = [
        "GIT_AUTHOR_NAME": "A Tester", "GIT_AUTHOR_EMAIL": "tester@example.com",
        "GIT_COMMITTER_NAME": "A Tester", "GIT_COMMITTER_EMAIL": "tester@example.com",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always",
        "SAMOVAR_FINGERPRINT_KEY": "of tests", "NO_COLOR": nil, "CLICOLOR_FORCE": nil, "AWS_REGION": nil,
    ]
}
