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
        help: "The template, - for standard input; without it template.yaml, template.yml or template.json.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var template: String?

    @OptionGroup var arguments: CompilationArguments

    @Flag(help: "Mend the files where that is certain, and say what was done.")
    var fix = false

    @Flag(help: "With --fix: print the difference in place of writing it, and exit with 1 where there is one.")
    var dryRun = false

    @Option(
        help: """
            How diagnostics are printed: text, on standard error, or on standard output json, a line for each, sarif, \
            a log for code scanners, or github, workflow commands for GitHub Actions.
            """
    )
    var format = DiagnosticFormat.text

    func validate() throws {
        if dryRun, !fix { throw ValidationError("--dry-run shows what --fix would do; it needs --fix") }
        if fix, !dryRun, template == CompilationArguments.standardInput {
            throw ValidationError("standard input cannot be mended; --dry-run shows what would be")
        }
    }

    func run() throws {
        let options = try arguments.options(template: template)
        guard fix else { return try report(Compiler.compile(options)) }
        let mending = Mending(options)
        if dryRun {
            try Console.write(mending.files.map(\.difference).joined())
            Console.show(mending.compilation, as: format)
            if !mending.files.isEmpty || mending.compilation.manifest == nil { throw ExitCode(1) }
        } else {
            try MendedFiles.write(mending.files)
            try report(mending.compilation)
        }
    }

    private func report(_ compilation: Compilation) throws {
        switch format {
        case .text: Console.show(compilation, as: .text)
        default: try Console.write(Console.text(of: compilation.diagnostics, as: format))
        }
        if compilation.manifest == nil { throw ExitCode(1) }
    }
}
