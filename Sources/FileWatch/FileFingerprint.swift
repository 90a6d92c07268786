// What tells one state of a file from another without reading it.

internal import Glibc

/// The identity and size of a file as `stat` sees it through symbolic links, so that a rename over it, a write into
/// it and a swapped link (as Kubernetes mounts a ConfigMap) all show as another fingerprint.
package struct FileFingerprint: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: Int64
    private let changed: Int64

    /// - Parameter path: a path; nil where there is no file or it cannot be seen.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }
}

/// Says when files have changed and have come to rest, from fingerprints taken at intervals.
///
/// A file that is written in place passes through states that nobody should read. A change is therefore reported once
/// two observations in a row agree.
package struct SettlingWatch: Sendable {
    private var reported: [FileFingerprint?]
    private var last: [FileFingerprint?]

    /// - Parameter state: the fingerprints of the files as their reader has last read them.
    package init(reported state: [FileFingerprint?]) {
        reported = state
        last = state
    }

    /// Takes the next observation.
    ///
    /// - Parameter state: the fingerprints now, in the same order.
    /// - Returns: whether the files differ from what was last reported, and have stopped changing.
    package mutating func observe(_ state: [FileFingerprint?]) -> Bool {
        defer { last = state }
        guard state == last, state != reported else { return false }
        reported = state
        return true
    }
}
