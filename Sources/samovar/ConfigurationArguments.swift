// `--config-file` and `--config-env`: options from SAM CLI's samconfig.toml.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Glibc
internal import SystemPackage

/// Where options come from that are not on the command line.
struct ConfigurationArguments: ParsableArguments {
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
    /// - Parameter template: the template, where it is on the command line or in the environment: the file is looked
    ///   for beside it, and a relative path of `--config-file` starts there. Without one that is the current folder.
    /// - Returns: what to read; nil for nothing.
    func source(beside template: String?) -> ToolConfiguration.Source? {
        if noConfig { return nil }
        let folder = template.map { FilePath($0).removingLastComponent() } ?? ""
        let file: String
        if let configFile {
            file = folder.appending(configFile).lexicallyResolving(configFile)
        } else {
            let paths = ToolConfiguration.usualNames.map { folder.appending($0).string }
            guard let path = paths.first(where: { access($0, F_OK) == 0 }) else { return nil }
            file = path
        }
        return ToolConfiguration.Source(
            file: file,
            environment: configEnv ?? ToolConfiguration.usualEnvironment,
            command: "local_start_api",
            options: Self.options
        )
    }

    /// What a file gives; what is wrong in it is said when the template is compiled.
    static func read(_ source: ToolConfiguration.Source?) -> ToolConfiguration {
        guard let source, let bytes = try? InputFile.read(source.file) else { return ToolConfiguration() }
        var unsaid = DiagnosticCollector()
        return ToolConfiguration(bytes, source, into: &unsaid)
    }

    /// The options of `sam local start-api`; those of kind `any` mean nothing here, but for the parameters.
    private static let options: [String: ToolConfiguration.Kind] = {
        var options: [String: ToolConfiguration.Kind] = [
            "template_file": .text, "env_vars": .text, "parameter_overrides": .any, "region": .text, "host": .text,
            "port": .integer, "proxy_config": .text, "static_dir": .text, "ssl_cert_file": .text, "ssl_key_file": .text,
            "log_file": .text,
            "disable_authorizer": .flag, "expose_without_authorizers": .flag, "no_watch": .flag, "debug": .flag,
        ]
        let others = [
            "add_host", "beta_features", "container_dns", "container_env_vars", "container_host",
            "container_host_interface", "debug_args", "debug_function", "debug_port", "debugger_path", "docker_network",
            "docker_volume_basedir", "force_image_build", "hook_name", "invoke_image", "language_extensions",
            "layer_cache_basedir", "no_memory_limit", "profile", "save_params", "shutdown", "skip_prepare_infra",
            "skip_pull_image", "terraform_plan_file", "warm_containers",
        ]
        for name in others { options[name] = .any }
        return options
    }()
}

extension FilePath {
    /// The path itself, or another where that is absolute.
    fileprivate func lexicallyResolving(_ other: String) -> String { other.hasPrefix("/") ? other : string }
}
