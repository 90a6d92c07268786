// Files that appear whole or not at all.

internal import ArgumentParser
internal import Glibc
internal import Manifest
internal import SystemPackage

/// Writes files by a temporary one in the same folder, which is renamed.
enum OutputFile {
    /// Writes a manifest and, before it, the sidecar of its secrets; a sidecar that is no longer needed is removed.
    ///
    /// - Throws: `ExitCode` after it has said why that fails.
    static func write(_ manifest: Manifest, _ secrets: Secrets, to path: String) throws {
        guard isReplaceable(path) else {
            if !secrets.isEmpty { Console.say("note: secret values are only written beside a file\n") }
            return try write(manifest.text, into: path)
        }
        let sidecar = Secrets.path(besideManifest: path)
        if !secrets.isEmpty { try replace(sidecar, with: secrets.text, mode: 0o600) }
        try replace(path, with: manifest.text, mode: nil)
        if secrets.isEmpty, unlink(sidecar) != 0, errno != ENOENT, errno != ENOTDIR {
            throw Console.failure("cannot remove '\(sidecar)', which is out of date: \(Errno(rawValue: errno))")
        }
    }

    /// Writes a text, to a device or a pipe as well.
    ///
    /// - Throws: `ExitCode` after it has said why that fails.
    static func write(_ text: String, to path: String) throws {
        if isReplaceable(path) { try replace(path, with: text, mode: nil) } else { try write(text, into: path) }
    }

    /// Whether there is nothing or a file; a device or a pipe, such as /dev/stdout, cannot be renamed over.
    private static func isReplaceable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }

    private static func write(_ text: String, into path: String) throws {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
            _ = try descriptor.closeAfter { try descriptor.writeAll(Array(text.utf8)) }
        } catch { throw Console.failure("cannot write '\(path)': \(error)") }
    }

    /// Puts a file in the place of the one that is there, if any.
    ///
    /// - Parameters:
    ///   - path: the file; a symbolic link keeps pointing where it points.
    ///   - text: what it holds afterwards.
    ///   - mode: its permissions; nil for those of the file that is there, or those that new files have.
    /// - Throws: `ExitCode` after it has said why that fails.
    private static func replace(_ path: String, with text: String, mode: mode_t?) throws {
        do throws(Errno) {
            var replacement = try FileReplacement(of: path, with: Array(text.utf8), mode: mode)
            try replacement.commit()
        } catch { throw Console.failure("cannot write '\(path)': \(error)") }
    }
}
