// `samovar routes`: what is served, for people, for programs and for reviews.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import JSON
internal import Manifest
internal import Review

/// Lists the routes of a template or of a manifest.
struct Routes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the routes of a template or a manifest.",
        discussion: """
            Diagnostics go to standard error. Where there are errors, the routes that could be read in spite of them \
            are listed all the same, and the exit status is 1.
            """
    )

    @Argument(
        help:
            "A template or a manifest, - for standard input; without it template.yaml, template.yml or template.json.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: String?

    @OptionGroup var arguments: CompilationArguments

    @Option(help: "How routes are printed: text, json, markdown, csv, openapi or html.")
    var format = RouteFormat.text

    @Option(help: ArgumentHelp("Only the routes of one API.", valueName: "name"))
    var api: String?

    @Option(help: "How diagnostics are printed, on standard error: text, json, sarif or github.")
    var diagnostics = DiagnosticFormat.text

    func run() throws {
        let (manifest, name, isWhole) = try manifest()
        if let api {
            guard manifest.apis[api] != nil else {
                let names = manifest.apis.sortedByCodePoint.map { "'\($0.key)'" }.joined(separator: ", ")
                throw Console.failure("there is no API '\(api)'\(names.isEmpty ? "" : "; there are \(names)")")
            }
        }
        let text: String
        do { text = try format.render(manifest, name: name, api: api) } catch {
            throw Console.failure("\(error)".visible)
        }
        if text.isEmpty { Console.say("there are no routes\n") }
        try Console.write(text)
        if !isWhole { throw ExitCode(1) }
    }

    /// The manifest, what it comes from, and whether it is what a compilation would write.
    private func manifest() throws -> (Manifest, name: String, isWhole: Bool) {
        let options = try arguments.options(template: file)
        let found: ManifestFile
        do { found = try ManifestFile(options) } catch { throw Console.failure(error.message.visible) }
        switch found {
        case .manifest(let manifest, _): return (manifest, options.template, true)
        case .template(let compilation):
            Console.show(compilation, as: diagnostics)
            guard let manifest = compilation.partial else { throw ExitCode(1) }
            return (manifest, options.template, compilation.manifest != nil)
        }
    }
}
