// `samovar check`: what is wrong with a template, and nothing else.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics

/// Compiles without writing anything.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for mistakes in a template and the files that belong to it.",
        discussion: "Exits with 1 when there are errors; warnings alone do not count."
    )

    @Argument(
        help: "The template; without it template.yaml, template.yml or template.json.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var template: String?

    @OptionGroup var arguments: CompilationArguments

    @Option(help: "How diagnostics are printed: text, on standard error, or json, a line for each on standard output.")
    var format = OutputFormat.text

    func run() throws {
        let compilation = Compiler.compile(try arguments.options(template: template))
        switch format {
        case .text: Console.show(compilation, as: .text)
        case .json: try Console.write(DiagnosticJSONRenderer.render(compilation.diagnostics))
        }
        if compilation.manifest == nil { throw ExitCode(1) }
    }
}
