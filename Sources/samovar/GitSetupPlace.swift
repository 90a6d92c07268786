// Where git-setup writes: the configuration and the attributes of a repository, or of a user.

internal import Glibc
internal import SystemPackage

/// One file of configuration and one of attributes.
struct GitSetupPlace {
    /// The option of `git config` that chooses the file: `--local`, `--global`.
    let scope: String
    /// What the file of configuration is called in messages.
    let configurationName: String
    /// What the file of attributes is called in messages.
    let attributesName: String
    /// The path of the file of attributes.
    private let attributesPath: String
    /// The top of the working tree; nil for all of a user's repositories.
    private let top: String?

    /// The repository of the current folder.
    ///
    /// - Throws: `CommandError` where there is none, or it has no working tree.
    static func repository(isShared: Bool) throws(CommandError) -> Self {
        let ending = try GitCommand(["rev-parse", "--show-toplevel"])
        guard ending.status == 0 else {
            throw CommandError("\(ending.complaint); go into a repository, or set up all of them with --global")
        }
        let top = ending.lines.joined(separator: "\n")
        let folder = try GitCommand.line(["rev-parse", "--git-path", "info/attributes"])
        return Self(
            scope: "--local",
            configurationName: "the repository's configuration",
            attributesName: isShared ? ".gitattributes" : ".git/info/attributes",
            attributesPath: isShared ? "\(top)/.gitattributes" : folder,
            top: top
        )
    }

    /// All repositories of the user.
    ///
    /// - Throws: `CommandError` where there is no home.
    static func user() throws(CommandError) -> Self {
        let named = try GitCommand(["config", "--global", "--type=path", "--get", "core.attributesFile"])
        let path: String
        if named.status == 0 {
            path = named.lines.joined(separator: "\n")
        } else if let folder = HostEnvironment.variable("XDG_CONFIG_HOME") {
            path = "\(folder)/git/attributes"
        } else if let home = HostEnvironment.variable("HOME") {
            path = "\(home)/.config/git/attributes"
        } else {
            throw CommandError("HOME is not set; where git keeps the settings of a user is unknown")
        }
        return Self(
            scope: "--global",
            configurationName: "your configuration of git",
            attributesName: path,
            attributesPath: path,
            top: nil
        )
    }

    /// A path of the command line, relative to the top of the working tree.
    ///
    /// - Throws: `CommandError` where it leads out of it.
    func path(of file: String) throws(CommandError) -> String {
        // git's own prefix, not our reading of links: a path is what git calls it.
        let prefix = try GitCommand.line(["rev-parse", "--show-prefix"])
        let top = FilePath(top ?? "/").lexicallyNormalized()
        var path = FilePath(file)
        if path.isRelative { path = top.appending(prefix).pushing(path) }
        path = path.lexicallyNormalized()
        guard path.removePrefix(top), !path.isEmpty else {
            throw CommandError("'\(file)' is not in this repository, '\(top)'")
        }
        return path.string
    }

    /// What a key is set to here, every line of it.
    func values(of key: String) throws(CommandError) -> [String] {
        let ending = try GitCommand(["config", scope, "--null", "--get-all", key])
        // 1: there is none.
        guard ending.status == 0 || ending.status == 1 else { throw CommandError(ending.complaint) }
        return ending.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Sets a key, in the place of our own older settings.
    func set(_ setting: GitDriverSettings.Setting) throws(CommandError) {
        _ = try GitCommand.line(["config", scope, "--replace-all", setting.key, setting.value])
    }

    /// Removes a key; git removes the heading of a section that is empty then.
    func unset(_ setting: GitDriverSettings.Setting) throws(CommandError) {
        _ = try GitCommand.line(["config", scope, "--unset-all", setting.key])
    }

    /// The file of attributes; one that does not exist is empty.
    func attributes() throws(CommandError) -> MarkedBlock { try Self.read(attributesPath) }

    private static func read(_ path: String) throws(CommandError) -> MarkedBlock {
        do throws(Errno) {
            let bytes = try InputFile.read(path)
            // What is no text would not come back as it was.
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Errno.illegalByteSequence
            }
            return MarkedBlock(text)
        } catch {
            guard error == .noSuchFileOrDirectory else { throw CommandError("cannot read '\(path)': \(error)") }
            return MarkedBlock("")
        }
    }

    /// Writes the file of attributes; one in which nothing is left is removed.
    func write(_ attributes: MarkedBlock) throws(CommandError) {
        do throws(Errno) {
            if attributes.text.isEmpty {
                guard unlink(attributesPath) == 0 else { throw Errno(rawValue: errno) }
                return
            }
            makeFolder()
            var replacement = try FileReplacement(of: attributesPath, with: Array(attributes.text.utf8))
            try replacement.commit()
        } catch { throw CommandError("cannot write '\(attributesPath)': \(error)") }
    }

    /// Makes the folders of the attributes where they are missing; what cannot be made is said when the file is written.
    private func makeFolder() {
        let folder = FilePath(attributesPath).removingLastComponent()
        mkdir(folder.removingLastComponent().string, 0o777)
        mkdir(folder.string, 0o777)
    }

    /// What is to be said of the lines that a team shares when one of its members takes back their own; nil for nothing.
    func noteOnSharedAttributes() throws(CommandError) -> String? {
        guard let top, attributesPath != "\(top)/.gitattributes" else { return nil }
        guard try Self.read("\(top)/.gitattributes").lines != nil else { return nil }
        return "left alone: the lines of .gitattributes, which others share; --undo --shared removes them"
    }
}
