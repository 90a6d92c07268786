// One side of a comparison as a person names it: a file, standard input, or a file of a revision.

internal import Compiler
internal import Glibc

/// Where one side of a comparison comes from.
struct ReviewSource {
    /// What reports call it: `template.yaml`, `HEAD~1:template.yaml`.
    var name: String
    /// The path in `tree`.
    var path: String
    /// Where the file is, and what it names.
    var tree: any FileTree = LocalFiles()
    /// What stands in front of the paths of `tree` in messages: `HEAD~1:`.
    var prefix = ""
    /// What the file holds, where that is not what `tree` has.
    var contents: [UInt8]?
    /// Whether there is nothing on this side: every route of the other is new, or gone.
    var isEmpty = false

    /// The file that stands for nothing, as git has it.
    static let nothing = "/dev/null"

    /// A file of the machine.
    init(file: String) {
        name = file
        path = file
        isEmpty = file == Self.nothing
    }

    /// A file of a tree.
    init(path: String, in tree: any FileTree, called revision: String) {
        name = "\(revision):\(path)"
        self.path = path
        self.tree = tree
        prefix = "\(revision):"
    }

    /// What an argument means: `-`, a file that exists, or `REV:path`, with git's own rules: the path starts at the root
    /// of the repository unless it begins with `./` or `../`, and without a revision it is that of the index.
    ///
    /// - Throws: `CommandError` that says what there is not.
    init(argument: String) throws(CommandError) {
        if argument == CompilationArguments.standardInput {
            self.init(file: CompilationArguments.standardInputName)
            do { contents = try InputFile.readStandardInput() } catch {
                throw CommandError("cannot read standard input: \(error)")
            }
            return
        }
        var status = stat()
        guard stat(argument, &status) != 0 else {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw CommandError("'\(argument)' is a folder; name the template or the manifest in it")
            }
            self.init(file: argument)
            return
        }
        guard let colon = Self.colon(in: argument) else { throw Self.missing(argument) }
        try self.init(
            revision: String(argument[..<colon]),
            path: String(argument[argument.index(after: colon)...]),
            argument
        )
    }

    private init(revision: String, path: String, _ argument: String) throws(CommandError) {
        let repository: GitRepository
        do throws(CommandError) { repository = try GitRepository() } catch {
            throw CommandError("there is no file '\(argument)', and no revision of git: \(error.message)")
        }
        if revision.isEmpty, path.hasPrefix("/") || path.prefix(2).wholeMatch(of: #/[0-3]:/#) != nil {
            throw CommandError("'\(argument)' is not supported; ':PATH' is a file of the index")
        }
        let isRelative = path.hasPrefix("./") || path.hasPrefix("../")
        guard let full = GitRepository.normalized(isRelative ? repository.prefix + path : path), !full.isEmpty else {
            throw CommandError("'\(argument)' names no file of the repository")
        }
        let tree = revision.isEmpty ? try repository.indexTree() : try repository.tree(of: revision)
        self.init(path: full, in: tree, called: revision)
        switch tree.look(at: full) {
        case .file: return
        case .folder: throw CommandError("'\(argument)' is a folder; name the template or the manifest in it")
        case .unreadable(let reason): throw CommandError("cannot read '\(argument)': \(reason)")
        case .missing:
            let place = revision.isEmpty ? "the index" : "'\(revision)'"
            var hint = ""
            if !isRelative, case .file = tree.look(at: repository.prefix + path) {
                hint = "; did you mean '\(revision):./\(path)'?"
            }
            throw CommandError("there is no file '\(full)' in \(place)\(hint)")
        }
    }

    /// The colon that ends the name of a revision; braces, as in `HEAD^{/fix: it}`, may hold others.
    private static func colon(in argument: String) -> String.Index? {
        var depth = 0
        for index in argument.indices {
            switch argument[index] {
            case "{": depth += 1
            case "}": depth -= 1
            case ":" where depth <= 0: return index
            default: break
            }
        }
        return nil
    }

    private static func missing(_ argument: String) -> CommandError {
        guard let repository = try? GitRepository() else { return CommandError("there is no file '\(argument)'") }
        if let range = argument.firstRange(of: "..") {
            let (old, new) = (argument[..<range.lowerBound], argument[range.upperBound...].drop { $0 == "." })
            if !old.isEmpty, !new.isEmpty, (try? repository.tree(of: String(old))) != nil,
                (try? repository.tree(of: String(new))) != nil
            {
                return CommandError(
                    "'\(argument)' is a range of git; name a file in both revisions: '\(old):template.yaml' "
                        + "'\(new):template.yaml'"
                )
            }
        }
        guard (try? repository.tree(of: argument)) != nil else {
            return CommandError("there is no file '\(argument)'")
        }
        return CommandError(
            "'\(argument)' is a revision of git; name the file in it, too: '\(argument):template.yaml', or compare a "
                + "file with it: '--base \(argument)'"
        )
    }
}
