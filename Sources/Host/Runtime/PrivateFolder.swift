// The host's private folder, told from those that killed hosts have left.

internal import Glibc

/// A folder that belongs to this host for as long as it runs: the host holds a lock on it, which ends with its process.
struct PrivateFolder: Sendable {
    private static let prefix = "samovar-host."
    /// A folder without a lock is another host's that is just starting, unless it is older than so many seconds.
    private static let graceSeconds = 60

    let path: String
    private let descriptor: Int32

    /// Makes the folder.
    ///
    /// - Parameter parent: where.
    /// - Throws: `ProcessStartError` that says why it could not be made.
    init(in parent: String) throws(ProcessStartError) {
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ProcessStartError("no temporary directory in '\(parent)': \(errorText(errno))")
        }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    /// Removes the folder with all that it holds. Blocks.
    func remove() {
        Folder.remove(path)
        close(descriptor)
    }

    /// Removes the folders of hosts that were killed. Blocks.
    static func removeStale(in parent: String) {
        let now = time(nil)
        for name in Folder.names(in: parent) where name.hasPrefix(prefix) {
            let descriptor = open("\(parent)/\(name)", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                status.st_mtim.tv_sec + graceSeconds < now, flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            Folder.remove("\(parent)/\(name)")
        }
    }
}
