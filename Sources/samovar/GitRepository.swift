// The git repository of the working folder: its revisions as trees of files.

internal import Compiler
internal import Glibc

/// Finds revisions, and what became of files since.
struct GitRepository {
    /// The absolute path of the working tree with a slash at its end; nil in a bare repository.
    let top: String?
    /// The working folder as seen from the root: empty, or with a slash at its end.
    let prefix: String
    private let isShallow: Bool
    private let objects = GitObjects()

    /// The repository that the working folder is in, or that `GIT_DIR` names.
    ///
    /// - Throws: `CommandError` where there is none, or git refuses it.
    init() throws(CommandError) {
        let command = try GitCommand(["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"])
        let lines = command.lines
        guard command.status == 0, lines.count >= 3 else { throw CommandError(command.complaint) }
        isShallow = lines[1] == "true"
        prefix = lines[2]
        guard lines[0] == "true" else {
            top = nil
            return
        }
        let folder = try GitCommand(["rev-parse", "--show-toplevel"])
        guard folder.status == 0 else { throw CommandError(folder.complaint) }
        let path = folder.lines.joined(separator: "\n")
        top = path.hasSuffix("/") ? path : "\(path)/"
    }

    /// The files of a revision.
    ///
    /// - Throws: `CommandError` where there is no such revision.
    func tree(of revision: String) throws(CommandError) -> GitTree {
        GitTree(root: try id(of: revision, as: "tree"), objects: objects, top: top)
    }

    /// The files of the index, which the next commit will have.
    ///
    /// - Throws: `CommandError` where it cannot be, as amid a merge with conflicts.
    func indexTree() throws(CommandError) -> GitTree {
        // As every commit does it: the trees become objects, which git removes when nothing needs them.
        let command = try GitCommand(["write-tree"])
        guard command.status == 0, let id = command.lines.first else {
            throw CommandError("the index has no tree: \(command.complaint)")
        }
        return GitTree(root: id, objects: objects, top: top)
    }

    /// The last commit that a revision and HEAD have in common: what a pull request compares with.
    ///
    /// - Throws: `CommandError` where there is no such revision or no such commit.
    func mergeBase(with revision: String) throws(CommandError) -> String {
        let (theirs, ours) = (try id(of: revision, as: "commit"), try id(of: "HEAD", as: "commit"))
        let command = try GitCommand(["merge-base", theirs, ours])
        if command.status == 0, let base = command.lines.first { return base }
        // git ends with 1 and says nothing where there is none.
        guard command.status == 1 else { throw CommandError(command.complaint) }
        throw CommandError("'\(revision)' and HEAD have no commit in common\(hint(for: revision))")
    }

    /// What a file of the working tree, or of the index, was called in a revision.
    ///
    /// - Parameters:
    ///   - path: the path from the root.
    ///   - revision: the id of a commit, or HEAD.
    /// - Returns: its path then, where git takes it for renamed; nil where it does not.
    /// - Throws: `CommandError` where git is not there.
    func name(of path: String, in revision: String) throws(CommandError) -> String? {
        guard !revision.hasPrefix("-") else { return nil }
        let command = try GitCommand([
            "diff", "--no-ext-diff", "--no-textconv", "--no-relative", "--name-status", "--find-renames",
            "--diff-filter=R", "-z", revision, "--",
        ])
        guard command.status == 0 else { return nil }
        let fields = command.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        // "R087", the old name, the new name.
        for index in stride(from: 0, to: fields.count - 2, by: 3) where fields[index + 2] == path {
            return fields[index + 1]
        }
        return nil
    }

    /// A path on the machine as seen from the root.
    ///
    /// - Returns: nil for one outside of the working tree.
    func path(ofLocal path: String) -> String? {
        guard path.hasPrefix("/") else { return Self.normalized(prefix + path) }
        guard let top else { return nil }
        if path.hasPrefix(top) { return Self.normalized(String(path.dropFirst(top.count))) }
        // The same folder by another name, as through a symbolic link.
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        guard let real = realpath(path.startIndex == slash ? "/" : String(path[..<slash]), nil) else { return nil }
        defer { free(real) }
        let folder = String(cString: real) + "/"
        guard folder.hasPrefix(top) else { return nil }
        return Self.normalized(folder.dropFirst(top.count) + String(path[path.index(after: slash)...]))
    }

    private func id(of revision: String, as kind: String) throws(CommandError) -> String {
        // No name of a revision begins so, and git would take it for an option.
        guard !revision.hasPrefix("-"), !revision.isEmpty else { throw unknown(revision) }
        let command = try GitCommand(["rev-parse", "--verify", "--quiet", "\(revision)^{\(kind)}"])
        guard command.status == 0, let id = command.lines.first else { throw unknown(revision) }
        return id
    }

    private func unknown(_ revision: String) -> CommandError {
        if revision == "HEAD" {
            return CommandError(
                "the repository has no commit yet; 'samovar diff /dev/null FILE' shows all of a file as new"
            )
        }
        return CommandError("there is no revision '\(revision)' in this repository\(hint(for: revision))")
    }

    private func hint(for revision: String) -> String {
        guard isShallow else {
            return revision.hasPrefix("origin/") ? "; fetch it: 'git fetch origin \(revision.dropFirst(7))'" : ""
        }
        return "; the clone is shallow: 'git fetch --unshallow' fetches the rest, in GitHub's actions/checkout "
            + "'fetch-depth: 0' does, in GitLab 'GIT_DEPTH: 0'"
    }

    /// A path from the root without `.` and `..`.
    ///
    /// - Returns: nil for one that leaves the root.
    static func normalized(_ path: String) -> String? {
        var names: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name != ".." {
                names.append(name)
            } else if names.popLast() == nil {
                return nil
            }
        }
        return names.joined(separator: "/")
    }
}
