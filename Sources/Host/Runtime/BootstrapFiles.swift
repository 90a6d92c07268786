// The bootstraps of the host as files in a private directory, for as long as the host runs.

internal import Glibc

/// A temporary directory with the runtime clients for Python, Node.js and Ruby.
///
/// They are part of the program itself, so that a program that is moved elsewhere finds them.
package struct BootstrapFiles: Sendable {
    private let folder: PrivateFolder
    /// An absolute path that only the host's user can read.
    let directory: String
    let python: String
    let node: String
    let ruby: String
    /// The code that stands in the manifest.
    let inlineCode: InlineCodeFiles

    /// Writes the files.
    ///
    /// - Throws: `ProcessStartError` that says what could not be written.
    init(temporaryDirectory: String) throws(ProcessStartError) {
        folder = try PrivateFolder(in: temporaryDirectory)
        directory = folder.path
        inlineCode = InlineCodeFiles(directory: directory + "/inline")
        python = directory + "/bootstrap.py"
        node = directory + "/bootstrap.mjs"
        ruby = directory + "/bootstrap.rb"
        do throws(ProcessStartError) {
            try Self.write(PackageResources.bootstrap_py, to: python)
            try Self.write(PackageResources.bootstrap_mjs, to: node)
            try Self.write(PackageResources.bootstrap_rb, to: ruby)
        } catch {
            remove()
            throw error
        }
    }

    /// Removes the directory with all that the host has put into it.
    func remove() {
        folder.remove()
    }

    /// Writes a new file that only the host's user can read.
    ///
    /// - Throws: `ProcessStartError` that says why it could not be written.
    static func write(_ content: some Sequence<UInt8>, to path: String) throws(ProcessStartError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ProcessStartError("cannot write '\(path)': \(errorText(errno))") }
        defer { close(descriptor) }
        var rest = Array(content)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw ProcessStartError("cannot write '\(path)': \(errorText(errno))") }
            rest = rest.dropFirst(count)
        }
    }
}
