// The files of a revision, read from git's objects and never checked out.

internal import Compiler
internal import Synchronization

/// The tree of a revision. Paths start at the root of the repository; those that leave it lead to the machine's own
/// files, but a symbolic link in the tree never does: whoever wrote the revision is not who reads this machine's files.
final class GitTree: FileTree {
    /// How many symbolic links a path may lead through, as on Linux.
    private static let maximumLinks = 40
    private static let linkLeaves = "a symbolic link on the way leaves the repository"
    /// Larger folders are not read.
    private static let maximumFolderBytes = 64 << 20

    private struct Entry {
        let mode: Mode
        let id: String
    }

    private enum Mode {
        case file, folder, link, submodule
    }

    private enum Place {
        case file(String)
        case folder
        case missing
        case unreadable(String)
        case outside(String)
    }

    private let root: String
    private let objects: GitObjects
    /// The path of the working tree, with a slash at its end or empty; nil where there is none.
    private let top: String?
    /// The folders that were read, by their ids.
    private let folders = Mutex<[String: [[UInt8]: Entry]]>([:])

    /// - Parameters:
    ///   - root: the id of the tree.
    ///   - objects: where its objects are.
    ///   - top: the path of the working tree, with a slash at its end or empty; nil where there is none.
    init(root: String, objects: GitObjects, top: String?) {
        self.root = root
        self.objects = objects
        self.top = top
    }

    func look(at path: String) -> FileTreeEntry {
        switch place(of: path) {
        case .file: .file([])
        case .folder: .folder
        case .missing: .missing
        case .unreadable(let reason): .unreadable(reason)
        case .outside(let path): LocalFiles().look(at: path)
        }
    }

    func read(_ path: String, limit: Int) -> FileTreeEntry {
        switch place(of: path) {
        case .file(let id):
            guard let object = objects.object(id, limit: limit) else {
                return .unreadable("git has no object '\(id)'; 'git fsck' says what is missing")
            }
            return .file(object.bytes)
        case .folder: return .folder
        case .missing: return .missing
        case .unreadable(let reason): return .unreadable(reason)
        case .outside(let path): return LocalFiles().read(path, limit: limit)
        }
    }

    /// Goes from the root to a path, name by name, through symbolic links.
    private func place(of path: String) -> Place {
        if path.hasPrefix("/") { return .outside(path) }
        var parents: [String] = []
        var folder = root
        var names = Self.names(of: Array(path.utf8))
        var links = 0
        while let name = names.popLast() {
            if name == Array("..".utf8) {
                guard let parent = parents.popLast() else {
                    guard links == 0 else { return .unreadable(Self.linkLeaves) }
                    let rest = names.reversed().map { String(decoding: $0, as: UTF8.self) }
                    return top.map { .outside("\($0)../\(rest.joined(separator: "/"))") } ?? .missing
                }
                folder = parent
                continue
            }
            guard let entries = entries(of: folder) else {
                return .unreadable("git has no object '\(folder)'; 'git fsck' says what is missing")
            }
            guard let entry = entries[name] else { return .missing }
            switch entry.mode {
            case .folder:
                parents.append(folder)
                folder = entry.id
            case .file: return names.isEmpty ? .file(entry.id) : .missing
            case .submodule: return .unreadable("it is in a submodule, whose files are in another repository")
            case .link:
                links += 1
                guard links <= Self.maximumLinks else { return .unreadable("too many levels of symbolic links") }
                guard let target = objects.object(entry.id, limit: 4096)?.bytes else { return .missing }
                guard target.first != UInt8(ascii: "/") else { return .unreadable(Self.linkLeaves) }
                names += Self.names(of: target)
            }
        }
        return .folder
    }

    /// The names in a path, the last one first.
    private static func names(of path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }.reversed()
    }

    /// What stands in a folder; nil where git does not have it.
    private func entries(of folder: String) -> [[UInt8]: Entry]? {
        if let known = folders.withLock({ $0[folder] }) { return known }
        guard let object = objects.object(folder, limit: Self.maximumFolderBytes), object.kind == "tree" else {
            return nil
        }
        var entries: [[UInt8]: Entry] = [:]
        var rest = object.bytes[...]
        // An entry is a mode in octal digits, a blank, a name, a NUL, and as many bytes of an id as our own id has.
        while let blank = rest.firstIndex(of: UInt8(ascii: " ")), let end = rest[blank...].firstIndex(of: 0),
            end + root.utf8.count / 2 < rest.endIndex
        {
            let id = rest[(end + 1)...(end + root.utf8.count / 2)]
            let mode: Mode =
                switch String(decoding: rest[..<blank], as: UTF8.self) {
                case "40000": .folder
                case "120000": .link
                case "160000": .submodule
                default: .file
                }
            entries[Array(rest[(blank + 1)..<end])] = Entry(mode: mode, id: id.hexadecimal)
            rest = rest[id.endIndex...]
        }
        folders.withLock { $0[folder] = entries }
        return entries
    }
}
