// A file that takes the place of another in one step.

internal import Glibc
internal import SystemPackage

/// The new text of a file, written beside it and not yet in its place.
struct FileReplacement: ~Copyable {
    private let target: String
    private let fresh: String
    private var isDone = false

    /// Writes the text to a temporary file in the same folder.
    ///
    /// - Parameters:
    ///   - path: the file; a symbolic link keeps pointing where it points.
    ///   - bytes: what it is to hold.
    ///   - mode: its permissions; nil for those of the file that is there, or those that new files have.
    /// - Throws: `Errno` that says why that fails.
    init(of path: String, with bytes: [UInt8], mode: mode_t? = nil) throws(Errno) {
        target = Self.resolved(path)
        fresh = "\(target).\(getpid()).new"
        var status = stat()
        let exists = stat(target, &status) == 0
        // Left behind by one that was killed. What others put there, such as a link, is not followed.
        unlink(fresh)
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(fresh),
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: FilePermissions(rawValue: mode ?? 0o666)
            )
            try descriptor.closeAfter {
                if let mode = mode ?? (exists ? status.st_mode & 0o777 : nil) { _ = fchmod(descriptor.rawValue, mode) }
                try descriptor.writeAll(bytes)
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        } catch {
            unlink(fresh)
            throw error as? Errno ?? .ioError
        }
    }

    deinit { if !isDone { unlink(fresh) } }

    /// Puts it in its place.
    ///
    /// - Throws: `Errno` that says why that fails; the old file is then still there.
    mutating func commit() throws(Errno) {
        guard rename(fresh, target) == 0 else { throw Errno(rawValue: errno) }
        isDone = true
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
