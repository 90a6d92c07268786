// Which files `samovar start-api` compiles, and with which values.

internal import ArgumentParser
internal import Compiler
internal import Glibc

/// The options that name the template and what belongs to it.
struct StartAPISources: ParsableArguments {
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

    /// What the compiler needs to know.
    ///
    /// - Returns: the options; the region is the one that AWS's own tools would take.
    /// - Throws: `StartAPIError` where there is no template.
    func compilerOptions() throws -> CompilerOptions {
        var options = try arguments.options(template: try templatePath())
        if arguments.region == nil,
            let region = HostEnvironment.variable("AWS_REGION") ?? HostEnvironment.variable("AWS_DEFAULT_REGION")
        {
            options.region = region
        }
        return options
    }

    private func templatePath() throws -> String {
        if let path = template ?? HostEnvironment.variable("SAM_TEMPLATE_FILE") {
            guard access(path, F_OK) == 0 else { throw StartAPIError("template file '\(path)' does not exist") }
            return path
        }
        guard let path = Self.usualTemplates.first(where: { access($0, F_OK) == 0 }) else {
            throw StartAPIError(
                "there is no template.yaml, template.yml or template.json here; name one with --template"
            )
        }
        return path
    }
}
