// Says in which folders files have changed, at any depth, and which single files, from the kernel's own notifications.

internal import Glibc

/// Why folders cannot be watched.
package struct DirectoryWatchError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// A recursive watch over folders, and a watch over single files (inotify(7)).
///
/// The owner waits until `descriptor` is readable, reads from it, and gives the bytes to `consume`. What version control,
/// editors and interpreters leave behind is not a change. Folders that symbolic links point at are not followed, except
/// for the roots themselves.
package struct DirectoryWatch: ~Copyable {
    private struct Node {
        let path: String
        /// The roots that it is a part of.
        var roots: Set<String> = []
        /// The roots that stand in it, by their names: they may be replaced as a whole.
        var entries: [String: Set<String>] = [:]
    }

    private static let mask = UInt32(
        IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK
    )

    /// Readable when there is something to consume. It belongs to whoever reads it.
    package let descriptor: Int32
    private let maximumFolders: Int
    private var nodes: [Int32: Node] = [:]
    private var rootStates: [String: RootState] = [:]
    /// Names of files in any of the folders that are no part of the code, nor are the files that take their places,
    /// named as `samovar compile` names them: `routes.json.123.new`.
    package var ignoredNames: Set<String> = []
    /// How many folders could not be watched, and why, since this was read last.
    private var problem: DirectoryWatchError?

    /// - Parameter maximumFolders: how many folders are watched. To walk a tree takes the caller's time, and a root may
    ///   be a link to the whole disk; unpacked code may have 250 MB (Lambda quotas) and rarely has a tenth of so many.
    /// - Throws: `DirectoryWatchError` where the kernel has no more watches for this user.
    package init(maximumFolders: Int = 20_000) throws(DirectoryWatchError) {
        self.maximumFolders = maximumFolders
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else {
            throw DirectoryWatchError("inotify is not to be had: \(String(cString: strerror(errno)))")
        }
    }

    /// Sets the folders and files to watch.
    package mutating func setRoots(_ roots: Set<String>) {
        for root in rootStates.keys where !roots.contains(root) { drop(root: root) }
        for root in roots where rootStates[root] == nil { add(root: root) }
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
            let roots = Set(rootStates.keys)
            for root in roots { renew(root: root) }
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
        var changed = node.entries[name].map { check(roots: $0) } ?? []
        let isDirectory = mask & IN_ISDIR != 0
        guard !node.roots.isEmpty, !isNoise(name, isDirectory: isDirectory, in: node.path) else { return changed }
        changed.formUnion(node.roots)
        guard isDirectory else { return changed }
        let path = node.path + "/" + name
        if mask & (IN_CREATE | IN_MOVED_TO) != 0 {
            for root in node.roots { add(directory: path, root: root) }
        } else if mask & IN_MOVED_FROM != 0 {
            drop { $0.path == path || $0.path.hasPrefix(path + "/") }
            // What stands there may be back already.
            for root in rootStates.keys where root == path || root.hasPrefix(path + "/") {
                renew(root: root)
                changed.insert(root)
            }
        }
        return changed
    }

    /// Looks for roots that have come, gone, or now are others: a build that replaces its output does that.
    ///
    /// - Returns: those roots.
    package mutating func checkRoots() -> Set<String> { check(roots: Set(rootStates.keys)) }

    private mutating func check(roots: Set<String>) -> Set<String> {
        var changed: Set<String> = []
        for root in roots {
            guard let known = rootStates[root] else { continue }
            let state = RootState(path: root)
            guard state != known else { continue }
            changed.insert(root)
            if case (.file, .file) = (known, state) {
                addEntry(root: root)
                rootStates[root] = state
            } else {
                renew(root: root)
                changed.formUnion(check(roots: Set(rootStates.keys.filter { $0.hasPrefix(root + "/") })))
            }
        }
        return changed
    }

    private mutating func renew(root: String) {
        drop(root: root)
        add(root: root)
    }

    private mutating func add(root: String) {
        // What happens from here on is noticed.
        addEntry(root: root)
        let state = RootState(path: root)
        rootStates[root] = state
        if case .folder = state { add(directory: root, root: root) }
    }

    /// Watches the folder that a root stands in. Where that cannot be, `checkRoots` notices what happens to the root.
    private mutating func addEntry(root: String) {
        guard let slash = root.lastIndex(of: "/"), slash < root.index(before: root.endIndex) else { return }
        let folder = slash == root.startIndex ? "/" : String(root[..<slash])
        let watch = inotify_add_watch(descriptor, folder, Self.mask)
        guard watch >= 0 else { return }
        nodes[watch, default: Node(path: folder)].entries[String(root[root.index(after: slash)...]), default: []]
            .insert(root)
    }

    private mutating func add(directory: String, root: String) {
        guard nodes.count < maximumFolders else {
            problem = DirectoryWatchError(
                "there are more than \(maximumFolders) folders; changes in '\(directory)' and others are not noticed"
            )
            return
        }
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
        var node = nodes[watch] ?? Node(path: directory)
        let isKnown = !node.roots.insert(root).inserted
        nodes[watch] = node
        if isKnown && node.path == directory { return }
        for name in Self.subdirectories(of: directory) where !isNoise(name, isDirectory: true, in: directory) {
            add(directory: directory + "/" + name, root: root)
        }
    }

    private mutating func drop(root: String) {
        rootStates[root] = nil
        let name = String(root[(root.lastIndex(of: "/").map(root.index(after:)) ?? root.startIndex)...])
        for (watch, node) in nodes {
            if node.roots.contains(root) { nodes[watch]?.roots.remove(root) }
            guard let roots = node.entries[name], roots.contains(root) else { continue }
            nodes[watch]?.entries[name] = roots.count > 1 ? roots.subtracting([root]) : nil
        }
        drop { $0.roots.isEmpty && $0.entries.isEmpty }
    }

    private mutating func drop(where isGone: (Node) -> Bool) {
        for (watch, node) in nodes where isGone(node) {
            nodes[watch] = nil
            inotify_rm_watch(descriptor, watch)
        }
    }

    private func isNoise(_ name: String, isDirectory: Bool, in path: String) -> Bool {
        !isDirectory && isIgnored(name) || CodeNoise.contains(name, isDirectory: isDirectory, in: path)
    }

    private func isIgnored(_ name: String) -> Bool {
        if ignoredNames.contains(name) { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.last == "new" else { return false }
        return ignoredNames.contains(parts.dropLast(2).joined(separator: "."))
    }

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
