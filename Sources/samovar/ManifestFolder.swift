// The private folder through which a command hands the manifest to host and proxy.

internal import Glibc
internal import Manifest
internal import SystemPackage

/// A temporary folder that only its owner can read. The programs that are started have their own such files in it, so
/// that nothing of theirs is left either, however they end.
struct ManifestFolder: Sendable {
    let path: String

    /// The manifest; its secrets are beside it, where the host looks for them.
    var manifest: String { "\(path)/routes.json" }

    /// Makes the folder, under `$TMPDIR` or `/tmp`.
    ///
    /// - Throws: `CommandError` when that fails.
    init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/samovar-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandError("cannot make a temporary folder in '\(parent)': \(Errno(rawValue: errno))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Puts a manifest in the place of the one before, the secrets first: who reads the manifest finds its secrets.
    ///
    /// - Throws: `ExitCode` after it has said why a file cannot be written.
    func write(_ manifest: Manifest, _ secrets: Secrets) throws {
        try OutputFile.write(manifest, secrets, to: self.manifest)
    }

    /// Removes the folder and what is in it.
    func remove() { Self.remove(path) }

    private static func remove(_ path: String) {
        // Of a link, only the link goes.
        guard unlink(path) != 0, errno == EISDIR, let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}
