// Which two sides `samovar diff` compares, by its arguments and `--base`.

internal import Compiler
internal import Glibc

/// The two sides of a comparison.
struct DiffSides {
    let old: ReviewSource
    let new: ReviewSource
    /// What is to be said of them: a file that is new, gone or renamed.
    var remarks: [String] = []

    /// Where a manifest is looked for when no file is named and there is no template.
    private static let usualManifest = "routes.json"

    /// Two sides that are both named.
    ///
    /// - Throws: `CommandError` where there is no such file or revision.
    init(_ old: String, _ new: String) throws(CommandError) {
        self.old = try ReviewSource(argument: old)
        self.new = try ReviewSource(argument: new)
        if self.old.isEmpty, self.new.isEmpty { throw CommandError("there is nothing on either side") }
    }

    /// A file as it was, and as it is.
    ///
    /// - Parameters:
    ///   - file: the file as it is: on this machine, or `REV:path`; nil for the usual one.
    ///   - base: the revision whose last common commit with HEAD is the old side; nil for HEAD itself.
    ///   - usual: the template of `samconfig.toml`, or the usual one that is there.
    /// - Throws: `CommandError` where there is no repository, revision or file.
    init(_ file: String?, since base: String?, usual: String?) throws(CommandError) {
        let repository: GitRepository
        do throws(CommandError) { repository = try GitRepository() } catch {
            throw CommandError("without two files this compares with a revision of git: \(error.message)")
        }
        guard let file = file ?? usual ?? (access(Self.usualManifest, F_OK) == 0 ? Self.usualManifest : nil) else {
            throw CommandError(
                "there is no \(CompilationArguments.usualTemplates.joined(separator: ", no ")) and no "
                    + "\(Self.usualManifest) here; name the file"
            )
        }
        let revision = try base.map { base throws(CommandError) in try repository.mergeBase(with: base) } ?? "HEAD"
        let name = base.map { $0 == "HEAD" ? $0 : String(revision.prefix(12)) } ?? revision
        let tree = try repository.tree(of: revision)

        let isGone = access(file, F_OK) != 0 && (repository.path(ofLocal: file).map { tree.hasFile($0) } ?? false)
        var new = isGone ? ReviewSource(file: file) : try ReviewSource(argument: file)
        guard file != CompilationArguments.standardInput else {
            throw CommandError("standard input is in no revision; name the other side, too: 'HEAD:template.yaml' '-'")
        }
        guard !new.isEmpty else {
            throw CommandError("'\(file)' is in no revision; name both sides")
        }
        let local = new.prefix.isEmpty ? repository.path(ofLocal: file) : new.path
        guard let path = local else { throw CommandError("'\(file)' is outside of the repository") }
        var old = ReviewSource(path: path, in: tree, called: name)
        if isGone {
            new.isEmpty = true
            remarks.append("there is no '\(file)' any more: all of it is gone")
        } else if !tree.hasFile(path) {
            if let former = try repository.name(of: path, in: revision), tree.hasFile(former) {
                old = ReviewSource(path: former, in: tree, called: name)
                remarks.append("'\(path)' was '\(former)' in \(name)")
            } else {
                old.isEmpty = true
                remarks.append("there is no '\(path)' in \(name): all of it is new")
            }
        }
        (self.old, self.new) = (old, new)
    }
}

extension FileTree {
    /// Whether a file stands at a path.
    func hasFile(_ path: String) -> Bool {
        if case .file = look(at: path) { true } else { false }
    }
}
