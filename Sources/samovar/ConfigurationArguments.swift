// `--config-file` and `--config-env`: options from SAM CLI's samconfig.toml.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import SystemPackage

/// Where options come from that are not on the command line.
struct ConfigurationArguments: ParsableArguments {
    /// Larger files are refused by the compiler.
    private static let maximumBytes = 5 << 20

    @Option(help: "The environment of samconfig.toml that counts; default unless given.")
    var configEnv: String?

    @Option(
        help: "A file of options, in place of samconfig.toml, .yaml or .yml beside the template.",
        completion: .file(extensions: ["toml", "yaml", "yml"])
    )
    var configFile: String?

    @Flag(help: "Read no samconfig.toml.")
    var noConfig = false

    func validate() throws {
        if noConfig, configFile != nil { throw ValidationError("--no-config and --config-file exclude each other") }
    }

    /// The file, if there is one.
    ///
    /// - Parameters:
    ///   - template: the template, where it is on the command line or in the environment: the file is looked for beside
    ///     it, and a relative path of `--config-file` starts there. Without one that is the current folder.
    ///   - command: whose table counts.
    ///   - files: where the file is.
    /// - Returns: what to read; nil for nothing.
    func source(
        beside template: String?,
        for command: SAMCommand = .startAPI,
        in files: any FileTree = LocalFiles()
    ) -> ToolConfiguration.Source? {
        if noConfig { return nil }
        let folder = template.map { FilePath($0).removingLastComponent() } ?? ""
        let file: String
        if let configFile {
            file = folder.appending(configFile).lexicallyResolving(configFile)
        } else {
            let paths = ToolConfiguration.usualNames.map { folder.appending($0).string }
            guard let path = paths.first(where: { files.look(at: $0) != .missing }) else { return nil }
            file = path
        }
        return ToolConfiguration.Source(
            file: file,
            environment: configEnv ?? ToolConfiguration.usualEnvironment,
            command: command.rawValue,
            options: command.options
        )
    }

    /// What a file gives; what is wrong in it is said when the template is compiled.
    static func read(
        _ source: ToolConfiguration.Source?,
        in files: any FileTree = LocalFiles()
    ) -> ToolConfiguration {
        guard let source, case .file(let bytes) = files.read(source.file, limit: maximumBytes) else {
            return ToolConfiguration()
        }
        var unsaid = DiagnosticCollector()
        return ToolConfiguration(bytes, source, into: &unsaid)
    }
}

extension FilePath {
    /// The path itself, or another where that is absolute.
    fileprivate func lexicallyResolving(_ other: String) -> String { other.hasPrefix("/") ? other : string }
}
