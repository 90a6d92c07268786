// A host or a proxy while a test talks to it.

import Foundation
import Subprocess
import SystemPackage
import Testing

extension Program {
    /// A program that listens.
    struct Running: Sendable {
        /// Where it listens, on loopback.
        let port: Int
        let process: pid_t
    }

    /// Runs `samovar-host` or `samovar-proxy` while `body` runs, and ends it then.
    ///
    /// - Parameters:
    ///   - name: the program.
    ///   - arguments: its arguments.
    ///   - folder: where it runs, and where it is copied to: the build folder may be where only root can go.
    ///   - wrapper: a command that runs it, such as `setpriv`; empty for none.
    ///   - body: what to do once it listens.
    /// - Throws: what `body` throws, and `MissingLine` where the program ends before it listens.
    static func serve(
        _ name: String,
        _ arguments: [String],
        in folder: String,
        under wrapper: [String] = [],
        _ body: @escaping @Sendable (Running) async throws -> Void
    ) async throws {
        let copy = "\(folder)/\(name)"
        try FileManager.default.copyItem(atPath: path(name).string, toPath: copy)
        _ = try await observe(.name("env"), wrapper + [copy] + arguments, in: folder) { process, log in
            let line = try await log.line(containing: "Listening on http://")
            let port = try #require(line.firstMatch(of: #/:(\d+)$/#)?.1)
            try await body(Running(port: #require(Int(port)), process: process))
        }
    }

    /// Runs a program while `body` runs, with its process and its log, and ends it then.
    ///
    /// - Returns: how it ended.
    static func observe(
        _ executable: Executable,
        _ arguments: [String],
        in folder: String,
        _ body: @escaping @Sendable (pid_t, LineLog) async throws -> Void
    ) async throws -> TerminationStatus {
        let log = LineLog()
        return try await Subprocess.run(
            executable,
            arguments: Arguments(arguments),
            workingDirectory: FilePath(folder),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in execution.standardError.strings() { await log.append(line) }
                    await log.finish()
                }
                group.addTask {
                    let result = await Result { try await body(execution.processIdentifier.value, log) }
                    // Already gone where the test ended it.
                    try? execution.send(signal: .terminate)
                    try result.get()
                }
                try await group.waitForAll()
            }
        }.terminationStatus
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
