// Where the files are that a compilation reads: on the disk, or in a revision of a repository.

internal import Foundation

/// What stands at a path of a tree.
package enum FileTreeEntry: Hashable, Sendable {
    case file([UInt8])
    case folder
    case missing
    /// One that cannot be read, and why: `permission denied`.
    case unreadable(String)
}

/// A tree of files that does not change while it is read.
package protocol FileTree: Sendable {
    /// What a file holds.
    ///
    /// - Parameters:
    ///   - path: the path as a template or a command line has it, relative or absolute.
    ///   - limit: how many bytes are read at most; one more says that there are more.
    /// - Returns: the bytes, or what stands there in place of a file.
    func read(_ path: String, limit: Int) -> FileTreeEntry

    /// Whether a folder, a file or nothing stands there; the bytes of a file are left out.
    func look(at path: String) -> FileTreeEntry
}

/// The files of the machine; relative paths start in the working folder.
package struct LocalFiles: FileTree {
    package init() {}

    package func look(at path: String) -> FileTreeEntry {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return .missing }
        return isFolder.boolValue ? .folder : .file([])
    }

    package func read(_ path: String, limit: Int) -> FileTreeEntry {
        let found = look(at: path)
        guard case .file = found else { return found }
        guard let handle = FileHandle(forReadingAtPath: path) else { return .unreadable("permission denied") }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: limit + 1) ?? Data() else { return .unreadable("reading failed") }
        return .file(Array(data))
    }
}
