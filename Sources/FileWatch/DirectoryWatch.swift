// Says in which folders files have changed, at any depth, from the kernel's own notifications.

internal import Glibc

/// Why folders cannot be watched.
package struct DirectoryWatchError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// A recursive watch over folders (inotify(7)).
///
/// The owner waits until `descriptor` is readable, reads from it, and gives the bytes to `consume`. What version control,
/// editors and interpreters leave behind is not a change. Folders that symbolic links point at are not followed, except
/// for the roots themselves.
package struct DirectoryWatch: ~Copyable {
    private struct Node {
        let path: String
        var roots: Set<String>
    }

    private static let mask = UInt32(
        IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK
    )

    /// Readable when there is something to consume. It belongs to whoever reads it.
    package let descriptor: Int32
    private var nodes: [Int32: Node] = [:]
    private var rootFingerprints: [String: DirectoryIdentity?] = [:]
    /// Names of files in any of the folders that are no part of the code.
    package var ignoredNames: Set<String> = []
    /// How many folders could not be watched, and why, since this was read last.
    private var problem: DirectoryWatchError?

    /// - Throws: `DirectoryWatchError` where the kernel has no more watches for this user.
    package init() throws(DirectoryWatchError) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else {
            throw DirectoryWatchError("inotify is not to be had: \(String(cString: strerror(errno)))")
        }
    }

    /// Sets the folders to watch.
    package mutating func setRoots(_ roots: Set<String>) {
        for root in rootFingerprints.keys where !roots.contains(root) { drop(root: root) }
        for root in roots where rootFingerprints[root] == nil { add(root: root) }
    }

    /// The reason why some folder is not watched, once.
    package mutating func takeProblem() -> DirectoryWatchError? {
        defer { problem = nil }
        return problem
    }

    /// Takes what was read from the descriptor.
    ///
    /// - Returns: the roots in which something has changed.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Set<String> {
        let header = MemoryLayout<inotify_event>.size
        var changed: Set<String> = []
        var offset = 0
        while offset + header <= bytes.count {
            let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let end = min(bytes.count, offset + header + Int(event.len))
            let name = String(decoding: bytes[(offset + header)..<end].prefix { $0 != 0 }, as: UTF8.self)
            offset = end
            changed.formUnion(consume(mask: Int32(truncatingIfNeeded: event.mask), watch: event.wd, name: name))
        }
        return changed
    }

    private mutating func consume(mask: Int32, watch: Int32, name: String) -> Set<String> {
        if mask & IN_Q_OVERFLOW != 0 {
            // What has been lost nobody knows.
            let roots = Set(rootFingerprints.keys)
            for root in roots {
                drop(root: root)
                add(root: root)
            }
            return roots
        }
        guard let node = nodes[watch] else { return [] }
        if mask & IN_IGNORED != 0 {
            nodes[watch] = nil
            return []
        }
        if name.isEmpty {
            let isGone = mask & (IN_DELETE_SELF | IN_MOVE_SELF) != 0
            return isGone ? node.roots.filter { $0 == node.path } : []
        }
        let isDirectory = mask & IN_ISDIR != 0
        guard !isNoise(name, isDirectory: isDirectory, in: node.path) else { return [] }
        if isDirectory {
            let path = node.path + "/" + name
            if mask & (IN_CREATE | IN_MOVED_TO) != 0 {
                for root in node.roots { add(directory: path, root: root) }
            } else if mask & IN_MOVED_FROM != 0 {
                drop { $0.path == path || $0.path.hasPrefix(path + "/") }
            }
        }
        return node.roots
    }

    /// Looks for roots that have come, gone, or now are other folders: a build that replaces its output does that.
    ///
    /// - Returns: those roots.
    package mutating func checkRoots() -> Set<String> {
        var changed: Set<String> = []
        for (root, known) in rootFingerprints where DirectoryIdentity(path: root) != known {
            drop(root: root)
            add(root: root)
            changed.insert(root)
        }
        return changed
    }

    private mutating func add(root: String) {
        rootFingerprints.updateValue(DirectoryIdentity(path: root), forKey: root)
        add(directory: root, root: root)
    }

    private mutating func add(directory: String, root: String) {
        let watch = inotify_add_watch(descriptor, directory, Self.mask)
        guard watch >= 0 else {
            // A folder that is gone again is none to watch.
            if errno == ENOSPC {
                problem = DirectoryWatchError("no more folders can be watched: raise fs.inotify.max_user_watches")
            } else if errno != ENOENT && errno != ENOTDIR {
                problem = DirectoryWatchError("'\(directory)' cannot be watched: \(String(cString: strerror(errno)))")
            }
            return
        }
        var node = nodes[watch] ?? Node(path: directory, roots: [])
        let isKnown = !node.roots.insert(root).inserted
        nodes[watch] = node
        if isKnown && node.path == directory { return }
        for name in Self.subdirectories(of: directory) where !isNoise(name, isDirectory: true, in: directory) {
            add(directory: directory + "/" + name, root: root)
        }
    }

    private mutating func drop(root: String) {
        rootFingerprints[root] = nil
        for (watch, node) in nodes where node.roots.contains(root) {
            nodes[watch]?.roots.remove(root)
        }
        drop { $0.roots.isEmpty }
    }

    private mutating func drop(where isGone: (Node) -> Bool) {
        for (watch, node) in nodes where isGone(node) {
            nodes[watch] = nil
            inotify_rm_watch(descriptor, watch)
        }
    }

    private func isNoise(_ name: String, isDirectory: Bool, in path: String) -> Bool {
        if isDirectory {
            return Self.noisyDirectories.contains(name) || (name == ".cache" && path.hasSuffix("/node_modules"))
        }
        return ignoredNames.contains(name) || Self.noisySuffixes.contains { name.hasSuffix($0) }
            || name.hasPrefix(".#") || (name.hasPrefix("#") && name.hasSuffix("#")) || name == "4913"
            || name == ".DS_Store"
    }

    private static let noisyDirectories: Set<String> = [
        ".git", ".hg", ".svn", ".aws-sam", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".idea",
        ".vscode",
    ]
    private static let noisySuffixes = [".pyc", ".pyo", ".swp", ".swo", ".swx", "~"]

    private static func subdirectories(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let kind = Int32(entry.pointee.d_type)
            let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix(capacity).prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            if kind == DT_UNKNOWN {
                var status = stat()
                guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            } else if kind != DT_DIR {
                continue
            }
            names.append(name)
        }
        return names
    }
}

/// Which folder a path leads to.
private struct DirectoryIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
