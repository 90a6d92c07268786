// The program git, as the commands that work with a repository call it.

internal import Subprocess
internal import SystemPackage

/// Runs git in the current folder, without a shell.
enum GitProgram {
    /// What git is allowed to answer, in bytes.
    private static let maximumBytes = 64 << 20

    /// What git left behind.
    struct Ending {
        /// What it exited with; 128 where a signal ended it.
        let status: Int32
        let output: [UInt8]
        let errors: String

        /// The output without the line feed at its end.
        var line: String {
            let text = String(decoding: output, as: UTF8.self)
            return text.hasSuffix("\n") ? String(text.dropLast()) : text
        }
    }

    /// Runs git to its end.
    ///
    /// - Throws: `CommandError` where git cannot be started, or answers without end.
    static func run(_ arguments: [String]) async throws(CommandError) -> Ending {
        do {
            let result = try await Subprocess.run(
                .name("git"),
                arguments: Arguments(arguments),
                input: .none,
                output: .bytes(limit: maximumBytes),
                error: .string(limit: 1 << 20)
            )
            var status: Int32 = 128
            if case .exited(let code) = result.terminationStatus { status = code }
            return Ending(status: status, output: result.standardOutput, errors: result.standardError)
        } catch { throw CommandError("cannot run git: \(error)") }
    }

    /// Runs git where it is to succeed.
    ///
    /// - Returns: its output without the line feed at the end.
    /// - Throws: `CommandError` with git's own words where it does not.
    static func line(_ arguments: [String]) async throws(CommandError) -> String {
        let ending = try await run(arguments)
        guard ending.status == 0 else { throw CommandError(ending.reason) }
        return ending.line
    }
}

extension GitProgram.Ending {
    /// The first line of git's complaint, without its prefix.
    var reason: String {
        let line = errors.split(separator: "\n").first ?? "git exited with \(status)"
        for prefix in ["fatal: ", "error: "] where line.hasPrefix(prefix) {
            return String(line.dropFirst(prefix.count))
        }
        return String(line)
    }
}
