// The programs as they were built, and running one of them.

import Foundation
import Subprocess
import SystemPackage

/// A program of the product.
enum Program {
    /// What a program left behind.
    struct Ending: Sendable {
        let status: TerminationStatus
        let output: String
        let errors: String
    }

    /// The path of a program: it stands where the executable of the tests stands.
    static func path(_ name: String) throws -> FilePath {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return FilePath(own).removingLastComponent().appending(name)
    }

    /// Runs `samovar` to its end.
    static func samovar(_ arguments: [String], in folder: String) async throws -> Ending {
        let result = try await run(
            .path(path("samovar")),
            arguments: Arguments(arguments),
            workingDirectory: FilePath(folder),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return Ending(
            status: result.terminationStatus,
            output: result.standardOutput,
            errors: result.standardError
        )
    }
}
