// What can be wrong with samconfig.toml.

package import Diagnostics

/// The codes that reading the configuration of SAM CLI raises.
package enum ConfigurationCodes {
    package static let all: [DiagnosticCode] = [
        .configurationEnvironment, .configurationKey, .configurationShape, .configurationSyntax, .configurationValue,
        .configurationVersion,
    ]
}

extension DiagnosticCode {
    static let configurationSyntax = DiagnosticCode(
        "config-syntax",
        .error,
        """
        The file is not TOML at this place. Texts stand in quotes, a table is opened by its name in brackets, and \
        every key stands once.
        """
    )
    static let configurationVersion = DiagnosticCode(
        "config-version",
        .error,
        "SAM CLI refuses a file without `version`, which is a number with a point: `version = 0.1`."
    )
    static let configurationShape = DiagnosticCode(
        "config-shape",
        .error,
        """
        Options stand in a table of an environment and a command, `[default.local_start_api.parameters]`, or for every \
        command in `[default.global.parameters]`.
        """
    )
    static let configurationEnvironment = DiagnosticCode(
        "config-environment",
        .warning,
        """
        The environments of `samconfig.toml` are its tables: `[dev.local_start_api.parameters]` belongs to \
        `--config-env dev`. Without the table no option is set.
        """
    )
    static let configurationKey = DiagnosticCode(
        "config-key",
        .warning,
        """
        There is no option of this name, so it has no effect. Options have the names of the command line, with \
        underscores in place of hyphens: `env_vars`, `template_file`, `parameter_overrides`.
        """
    )
    static let configurationValue = DiagnosticCode(
        "config-value",
        .error,
        "The value is none that the option can have: a port is a number, a flag is `true` or `false`."
    )
}

extension Diagnostic {
    static func configurationName(_ file: String) -> Diagnostic {
        let message = "a file of configuration has a name that ends with .toml, .yaml or .yml"
        return Diagnostic(.configurationSyntax, message, at: Span(startOf: file))
    }

    static func configurationShape(_ subject: String, _ value: SettingValue) -> Diagnostic {
        Diagnostic(.configurationShape, "\(subject) is a table, found \(value.kind)", at: value.span)
    }

    static func configurationVersion(_ root: SettingValue) -> Diagnostic {
        let version = root.table?.first { $0.key == "version" }
        return Diagnostic(
            .configurationVersion,
            "the file needs a 'version' with a point, such as 'version = 0.1'",
            at: version?.value.span ?? Span(startOf: root.span.file)
        )
    }

    static func configurationEnvironment(_ name: String, _ root: SettingValue, file: String) -> Diagnostic {
        let names = root.table?.filter { $0.value.table != nil }.map(\.key) ?? []
        return Diagnostic(
            .configurationEnvironment,
            "there is no environment '\(name)', so no option is set\(didYouMean(name, among: names))",
            at: Span(startOf: file)
        )
    }

    static func configurationKey(_ option: SettingValue.Entry, closest: String?) -> Diagnostic {
        Diagnostic(
            .configurationKey,
            "there is no option '\(option.key)'" + (closest.map { "; did you mean '\($0)'?" } ?? ""),
            at: option.keySpan,
            fixIts: closest.map { [FixIt("write '\($0)'", at: option.keySpan, replacement: $0)] } ?? []
        )
    }

    static func configurationValue(_ name: String, _ expected: String, _ value: SettingValue) -> Diagnostic {
        Diagnostic(.configurationValue, "'\(name)' is \(expected), found \(value.kind)", at: value.span)
    }
}
