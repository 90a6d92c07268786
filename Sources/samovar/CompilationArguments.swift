// The arguments of every command that compiles a template.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Glibc
internal import SystemPackage

/// How diagnostics are printed.
enum DiagnosticFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, sarif, github
}

/// What to compile, and with which values.
struct CompilationArguments: ParsableArguments {
    /// The template that stands for standard input.
    static let standardInput = "-"
    /// What diagnostics call it.
    static let standardInputName = "<stdin>"

    /// Where a template is looked for when none is named.
    static let usualTemplates = ["template.yaml", "template.yml", "template.json"]

    @Option(
        name: [.customShort("n"), .long],
        help: "A file of values for the functions' environment, in JSON or .env format.",
        completion: .file(extensions: ["json", "env"])
    )
    var envVars: String?

    @Option(
        help: "A JSON file that says where functions are reached.",
        completion: .file(extensions: ["json"])
    )
    var endpoints: String?

    @Option(
        parsing: .upToNextOption,
        help: """
            Values of parameters: 'Name=value …', 'ParameterKey=Name,ParameterValue=value …' or 'file://FILE', in YAML, \
            JSON or TOML.
            """
    )
    var parameterOverrides: [String] = []

    @Option(help: "The value of AWS::Region; us-east-1 unless given.")
    var region: String?

    @Option(
        help: ArgumentHelp(
            "What becomes of the warnings of a code: error, warning or ignore.",
            valueName: "code=treatment"
        ),
        transform: TreatmentArgument.init
    )
    var treat: [TreatmentArgument] = []

    @Flag(help: "Treat warnings as errors, but for those that --treat names.")
    var strict = false

    @OptionGroup var configuration: ConfigurationArguments

    func validate() throws {
        do { _ = try ParameterOverrides.parse(parameterOverrides) } catch {
            throw ValidationError("--parameter-overrides: \(error)")
        }
    }

    /// What the compiler needs to know.
    ///
    /// - Parameter template: the path on the command line; without one, that of `samconfig.toml`, or one of
    ///   `usualTemplates` is taken.
    /// - Returns: the options.
    /// - Throws: `ValidationError` where no template is named and none is in the folder; `ExitCode` where standard input
    ///   cannot be read.
    func options(template: String?) throws -> CompilerOptions {
        let source = configuration.source(beside: template)
        let settings = ConfigurationArguments.read(source)
        let path =
            template ?? settings.text("template_file") ?? Self.usualTemplates.first { access($0, F_OK) == 0 }
        guard let path else {
            throw ValidationError(
                "there is no \(Self.usualTemplates.joined(separator: ", no ")) here; name the template"
            )
        }
        guard path == Self.standardInput else { return try options(path: path, settings, from: source) }
        var options = try options(path: Self.standardInputName, settings, from: source)
        do throws(Errno) { options.contents[options.template] = try InputFile.readStandardInput() } catch {
            throw Console.failure("cannot read standard input: \(error)")
        }
        return options
    }

    /// The template where none is named: that of `samconfig.toml`, or the first of the usual ones that is there.
    var usualTemplate: String? {
        ConfigurationArguments.read(configuration.source(beside: nil)).text("template_file")
            ?? Self.usualTemplates.first { access($0, F_OK) == 0 }
    }

    /// The same where the template is known.
    ///
    /// - Parameters:
    ///   - path: the template.
    ///   - settings: what counts where the command line does not say.
    ///   - source: where the settings come from.
    /// - Returns: the options.
    /// - Throws: `ParameterOverridesError`, which `validate` has ruled out.
    func options(
        path: String,
        _ settings: ToolConfiguration,
        from source: ToolConfiguration.Source?
    ) throws -> CompilerOptions {
        var options = CompilerOptions(template: path)
        options.configuration = source
        options.environmentFile = envVars ?? settings.text("env_vars")
        options.endpointsFile = endpoints
        options.parameterArguments = try ParameterOverrides.parse(parameterOverrides)
        if parameterOverrides.isEmpty, let value = settings.values["parameter_overrides"] {
            options.parameterArguments = [.setting(value)]
        }
        options.host = HostEnvironment.variables
        if let region = region ?? settings.text("region") { options.region = region }
        options.severityRules.isStrict = strict
        for rule in treat { options.severityRules.treatments[rule.code] = rule.treatment }
        return options
    }
}
