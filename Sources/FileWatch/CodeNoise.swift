// What stands among code and is none: the traces of version control, tools, interpreters and editors.

/// Which names are not part of the code.
enum CodeNoise {
    /// - Parameters:
    ///   - name: the name of a file or a folder.
    ///   - isDirectory: whether it is a folder.
    ///   - folder: the path of the folder that it stands in.
    /// - Returns: whether it is no part of the code.
    static func contains(_ name: String, isDirectory: Bool, in folder: String) -> Bool {
        // Beside the modules, package managers and bundlers keep lists and caches there; pnpm keeps the modules themselves.
        if name.hasPrefix("."), name != ".pnpm", folder.hasSuffix("/node_modules") { return true }
        if isDirectory { return directories.contains(name) }
        return files.contains(name) || suffixes.contains { name.hasSuffix($0) }
            || prefixes.contains { name.hasPrefix($0) }
            || (name.hasPrefix("#") && name.hasSuffix("#"))
    }

    private static let directories: Set<String> = [
        // Version control.
        ".git", ".hg", ".svn", ".bzr", ".jj", "CVS",
        // Caches and outputs of tools.
        ".aws-sam", "cdk.out", ".cache", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".nyc_output", ".gradle",
        ".terraform", "__pycache__",
        // Python environments of tests and editors: no function has its modules there.
        ".venv", ".tox", ".nox",
        // Editors.
        ".idea", ".vscode", ".vs",
    ]
    // vim tries whether it may write with a file of this name.
    private static let files: Set<String> = ["4913", ".DS_Store"]
    private static let prefixes = [".#", ".goutputstream-"]
    private static let suffixes = [
        ".pyc", ".pyo", ".swp", ".swo", ".swx", ".kate-swp", "~", "___jb_tmp___", "___jb_old___",
    ]
}
