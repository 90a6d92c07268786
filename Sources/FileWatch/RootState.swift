// What a watched path leads to, so that it is noticed when it leads elsewhere.

internal import Glibc

/// The identity of a folder, which stays the same whatever happens in it, or the state of a file.
enum RootState: Hashable {
    case folder(device: UInt64, inode: UInt64)
    case file(FileFingerprint)
    case absent

    /// - Parameter path: a path, whose symbolic links are followed.
    init(path: String) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            self = .folder(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        } else if let fingerprint = FileFingerprint(path: path) {
            self = .file(fingerprint)
        } else {
            self = .absent
        }
    }
}
