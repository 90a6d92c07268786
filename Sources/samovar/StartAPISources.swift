// Which files `samovar start-api` compiles, and with which values.

internal import ArgumentParser
internal import Compiler
internal import Glibc

/// The options that name the template and what belongs to it.
struct StartAPISources: ParsableArguments {
    /// Where a template is looked for when none is named, in SAM CLI's order.
    static let usualTemplates = [".aws-sam/build/template.yaml", "template.yaml", "template.yml", "template.json"]

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

    @Option(
        name: [.customShort("n"), .long],
        help: "A JSON file of values for the environment of functions.",
        completion: .file(extensions: ["json"])
    )
    var envVars: String?

    @Option(
        parsing: .upToNextOption,
        help: "Values of parameters: 'Name=value …' or 'ParameterKey=Name,ParameterValue=value …'."
    )
    var parameterOverrides: [String] = []

    @Option(help: "The region that functions and AWS::Region see: $AWS_REGION, $AWS_DEFAULT_REGION or us-east-1.")
    var region: String?

    /// What the compiler needs to know.
    ///
    /// - Throws: `StartAPIError` where there is no template or an override is malformed.
    func compilerOptions() throws -> CompilerOptions {
        var options = CompilerOptions(template: try templatePath())
        options.environmentFile = envVars
        do throws(ParameterOverridesError) {
            options.parameterOverrides = try ParameterOverrides.parse(parameterOverrides)
        } catch { throw StartAPIError("--parameter-overrides: \(error.description)") }
        let region = region ?? Self.variable("AWS_REGION") ?? Self.variable("AWS_DEFAULT_REGION")
        if let region { options.region = region }
        return options
    }

    private func templatePath() throws -> String {
        if let path = template ?? Self.variable("SAM_TEMPLATE_FILE") {
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

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
