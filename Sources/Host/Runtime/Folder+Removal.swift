// Removing what functions have left, whatever it is.

internal import Glibc

extension Folder {
    /// Removes a folder with all that it holds, and follows no link. Blocks.
    ///
    /// Folders in folders are moved up before they are emptied: a function may have nested them deeper than a path can say.
    static func remove(_ path: String) {
        let root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard root >= 0 else { return }
        defer {
            close(root)
            rmdir(path)
        }
        var moved = 0
        var folders = unlinkFiles(in: root)
        while let name = folders.popLast() {
            var folder = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if folder < 0 {
                fchmodat(root, name, 0o700, 0)
                folder = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                guard folder >= 0 else { continue }
            }
            fchmod(folder, 0o700)
            for inner in unlinkFiles(in: folder) {
                var hasChanged = false
                while true {
                    moved += 1
                    let name = "samovar-removed-\(moved)"
                    if renameat(folder, inner, root, name) == 0 {
                        folders.append(name)
                        break
                    }
                    // The function may have given a folder this name.
                    if errno == ENOTEMPTY || errno == EEXIST { continue }
                    guard !hasChanged else { break }
                    // A folder that may not be written is moved by nobody: the move changes its `..`.
                    fchmodat(folder, inner, 0o700, 0)
                    hasChanged = true
                }
            }
            close(folder)
            unlinkat(root, name, AT_REMOVEDIR)
        }
    }

    /// Removes what is no folder; returns the names of the folders.
    private static func unlinkFiles(in folder: Int32) -> [String] {
        let descriptor = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else { return [] }
        defer { closedir(stream) }
        var folders: [String] = []
        while let entry = readdir(stream) {
            let name = name(of: entry)
            guard name != ".", name != ".." else { continue }
            if unlinkat(folder, name, 0) != 0, errno == EISDIR { folders.append(name) }
        }
        return folders
    }
}
