// The commands of SAM CLI that have a counterpart here, as samconfig.toml knows them.

internal import Compiler

/// Whose table of a file of configuration counts.
enum SAMCommand: String {
    case startAPI = "local_start_api"
    case startLambda = "local_start_lambda"
    case invoke = "local_invoke"

    /// The command's options with underscores; those of kind `any` mean nothing here, but for the parameters.
    var options: [String: ToolConfiguration.Kind] {
        var options: [String: ToolConfiguration.Kind] = [
            "template_file": .text, "env_vars": .text, "parameter_overrides": .any, "region": .text, "log_file": .text,
            "debug": .flag, "debug_port": .any, "debugger_path": .text, "debug_args": .text,
            "layer_cache_basedir": .text,
        ]
        for name in Self.withoutEffect { options[name] = .any }
        switch self {
        case .startAPI:
            for name in ["warm_containers", "debug_function"] { options[name] = .text }
            options["host"] = .text
            options["port"] = .integer
            options["no_watch"] = .flag
            for name in ["proxy_config", "static_dir", "ssl_cert_file", "ssl_key_file"] { options[name] = .text }
            for name in ["disable_authorizer", "expose_without_authorizers"] { options[name] = .flag }
        case .startLambda:
            for name in ["warm_containers", "debug_function"] { options[name] = .text }
            options["host"] = .text
            options["port"] = .integer
            options["no_watch"] = .flag
        case .invoke:
            for name in ["event", "runtime", "tenant_id"] { options[name] = .text }
            for name in ["no_event", "mount_symlinks", "durable_execution_name"] { options[name] = .any }
        }
        return options
    }

    private static let withoutEffect = [
        "add_host", "beta_features", "container_dns", "container_env_vars", "container_host",
        "container_host_interface", "docker_network",
        "docker_volume_basedir", "force_image_build", "hook_name", "invoke_image", "language_extensions",
        "no_memory_limit", "profile", "save_params", "shutdown", "skip_prepare_infra",
        "skip_pull_image", "terraform_plan_file",
    ]
}
