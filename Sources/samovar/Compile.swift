// `samovar compile`: a template and env.json to a manifest.

internal import ArgumentParser
internal import Compiler
internal import FileWatch
internal import Manifest
internal import UnixSignals

/// Writes a manifest, says whether a written one is up to date, or keeps one up to date.
struct Compile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compile a template to a route manifest.",
        discussion: """
            Nothing is written when the files have errors. Values that must stay secret go to a file of their own \
            beside the output, which only its owner can read: routes.json has routes.secrets.json.
            """
    )

    @Argument(
        help: "The template, - for standard input; without it template.yaml, template.yml or template.json.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var template: String?

    @OptionGroup var arguments: CompilationArguments

    @Option(
        name: .shortAndLong,
        help: "The file to write; standard output without it.",
        completion: .file(extensions: ["json"])
    )
    var output: String?

    @Option(
        help: "A file to write where the parts of the manifest stand in the template.",
        completion: .file(extensions: ["json"])
    )
    var sourceMap: String?

    @Flag(help: "Write nothing; when the file of --output is out of date, print what changes and exit with 1.")
    var check = false

    @Flag(help: "Compile again whenever a file changes, until Ctrl-C.")
    var watch = false

    @Option(help: "How diagnostics are printed, on standard error: text, json, sarif or github.")
    var format = DiagnosticFormat.text

    func validate() throws {
        if check, output == nil { throw ValidationError("--check needs the file to compare with: --output FILE") }
        if watch, output == nil { throw ValidationError("--watch needs the file to write: --output FILE") }
        if watch, template == CompilationArguments.standardInput {
            throw ValidationError("standard input cannot be watched; name the template")
        }
        if check, sourceMap != nil { throw ValidationError("--check and --source-map exclude each other") }
        if check, watch { throw ValidationError("--check and --watch exclude each other") }
    }

    func run() async throws {
        var options = try arguments.options(template: template)
        options.mapsSources = sourceMap != nil
        if watch { return await follow(options) }
        let compilation = Compiler.compile(options)
        Console.show(compilation, as: format)
        guard let manifest = compilation.manifest else { throw ExitCode(1) }
        guard let output else {
            if !compilation.secrets.isEmpty {
                Console.say("note: secret values are only written beside a file: --output FILE\n")
            }
            try writeMap(manifest, compilation)
            return try Console.write(manifest.text)
        }
        if check {
            try check(manifest, output)
        } else {
            try write(manifest, compilation, to: output)
        }
    }

    private func write(_ manifest: Manifest, _ compilation: Compilation, to path: String) throws {
        try refuseInput(path, compilation)
        try OutputFile.write(manifest, compilation.secrets, to: path)
        try writeMap(manifest, compilation)
    }

    private func writeMap(_ manifest: Manifest, _ compilation: Compilation) throws {
        guard let sourceMap else { return }
        try refuseInput(sourceMap, compilation)
        try SourceMapFile.write(compilation.sourceMap, of: manifest, to: sourceMap)
    }

    private func refuseInput(_ path: String, _ compilation: Compilation) throws {
        if let file = FileFingerprint(path: path),
            let input = compilation.inputs.first(where: { FileFingerprint(path: $0) == file })
        {
            throw Console.failure("'\(path)' is not overwritten: it is the input '\(input)'")
        }
    }

    private func check(_ manifest: Manifest, _ path: String) throws {
        do {
            let isColored = ColorChoice.auto.isColored(true)
            guard let finding = try StaleManifest.finding(path, manifest, isColored: isColored) else { return }
            try Console.write(finding.difference)
            Console.say("\(finding.verdict)\n")
        } catch let error as CommandError { throw Console.failure(error.message) }
        throw ExitCode(1)
    }

    private func follow(_ options: CompilerOptions) async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var sources = CompilationWatch(options: options)
                build(&sources)
                while (try? await Task.sleep(for: .milliseconds(200))) != nil {
                    if sources.haveChanged() { build(&sources) }
                }
            }
            group.addTask { for await _ in signals { break } }
            await group.next()
            group.cancelAll()
        }
    }

    private func build(_ sources: inout CompilationWatch) {
        let compilation = sources.compile()
        Console.show(compilation, as: format)
        guard let output else { return }
        guard let manifest = compilation.manifest else {
            Console.say("'\(output)' stays as it was\n")
            return
        }
        // What cannot be written has been said; the next change may be luckier.
        guard (try? write(manifest, compilation, to: output)) != nil else { return }
        Console.say("wrote '\(output)'\n")
    }
}
