// Where `samovar start-api` speaks to people.

internal import SystemPackage

/// Standard error.
enum StartAPIConsole {
    /// Writes one line, whole, so that it does not mix with those of the programs that are running.
    static func say(_ line: String) { show("\(line)\n") }

    /// Writes a text as it is.
    static func show(_ text: String) {
        // Nobody is left to be told where standard error itself is gone.
        _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
    }
}
