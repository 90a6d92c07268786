// Which files the commands that run functions compile, and with which values.

internal import ArgumentParser
internal import Compiler
internal import Glibc

/// The options that name the template and what belongs to it.
struct TemplateSources: ParsableArguments {
    /// Where a template is looked for when none is named, in SAM CLI's order.
    static let usualTemplates = [".aws-sam/build/template.yaml"] + CompilationArguments.usualTemplates

    @Option(
        name: [.customShort("t"), .customLong("template"), .customLong("template-file")],
        help: ArgumentHelp(
            "The template.",
            discussion: "Without it: $SAM_TEMPLATE_FILE, or the first of \(usualTemplates.joined(separator: ", ")).",
            valueName: "template"
        ),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var template: String?

    @OptionGroup var arguments: CompilationArguments

    /// What counts where the command line does not say, and where that comes from.
    ///
    /// - Parameter command: whose table of a file of configuration counts.
    /// - Returns: the options of the file, none where there is no file.
    func settings(of command: SAMCommand) -> (ToolConfiguration, source: ToolConfiguration.Source?) {
        let source = arguments.configuration.source(beside: namedTemplate, for: command)
        return (ConfigurationArguments.read(source), source)
    }

    /// What the compiler needs to know.
    ///
    /// - Parameters:
    ///   - settings: what counts where the command line does not say.
    ///   - source: where the settings come from.
    /// - Returns: the options; the region is the one that AWS's own tools would take.
    /// - Throws: `CommandError` where there is no template.
    func compilerOptions(
        _ settings: ToolConfiguration,
        from source: ToolConfiguration.Source?
    ) throws -> CompilerOptions {
        let path = try templatePath(settings)
        var options = try arguments.options(path: path, settings, from: source)
        if arguments.region == nil, settings.text("region") == nil, let region = HostEnvironment.region {
            options.region = region
        }
        return options
    }

    /// The template of the command line, or else of the environment.
    private var namedTemplate: String? { template ?? HostEnvironment.variable("SAM_TEMPLATE_FILE") }

    private func templatePath(_ settings: ToolConfiguration) throws -> String {
        if let path = namedTemplate ?? settings.text("template_file") {
            guard access(path, F_OK) == 0 else { throw CommandError("template file '\(path)' does not exist") }
            return path
        }
        guard let path = Self.usualTemplates.first(where: { access($0, F_OK) == 0 }) else {
            throw CommandError(
                "there is no template.yaml, template.yml or template.json here; name one with --template"
            )
        }
        // SAM CLI says it, too: who changes the sources wonders why nothing happens.
        if path == Self.usualTemplates[0], Self.usualTemplates.dropFirst().contains(where: { access($0, F_OK) == 0 }) {
            Console.say(
                "Note: '\(path)' is used, which 'sam build' has made; build again after changes, or name a "
                    + "template with --template\n"
            )
        }
        return path
    }
}
