// What the kernel says of a file, asked in one place for every module.
// Where Foundation comes into a module, the members of `stat` belong to another one for the compiler.

internal import Glibc

/// The kind, the size and the time of a file.
package struct FileStatus: Sendable {
    /// The kinds of files that are told apart.
    package enum Kind: Sendable {
        case regular, folder, other
    }

    package let kind: Kind
    /// In bytes.
    package let size: Int
    /// When it was changed, in seconds and nanoseconds since 1970.
    package let modified: (seconds: Int, nanoseconds: Int)

    /// - Parameter path: a path, whose links are followed; nil where nothing is there.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// - Parameter descriptor: an open file; nil for what is none.
    package init?(descriptor: CInt) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .folder
        default: kind = .other
        }
        size = Int(status.st_size)
        modified = (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec))
    }
}
