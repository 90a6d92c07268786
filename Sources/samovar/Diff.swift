// `samovar diff`: which requests will go elsewhere, break, or become public.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Manifest
internal import Review

/// Compares two manifests, or what templates compile to.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two manifests or templates by what changes for requests and for trust.",
        discussion: """
            Each side is a manifest, a template, - for standard input, or REV:PATH in git; :PATH is the index. With one \
            file, or none, it is compared with the revision of --base, or else with HEAD.
            """
    )

    @Argument(
        help: "The manifest or template before; the only one, or the usual, is compared with a revision.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var old: String?

    @Argument(help: "The manifest or template after.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var new: String?

    @Option(
        help: ArgumentHelp(
            "Compare with the last commit that this revision and HEAD have in common, as a pull request does.",
            valueName: "revision"
        ),
        completion: .shellCommand("git for-each-ref --format='%(refname:short)'")
    )
    var base: String?

    @Option(help: "How changes are printed: \(DiffFormat.list).")
    var format = DiffFormat.text

    @Option(
        name: .shortAndLong,
        help: "The file to write; standard output without it.",
        completion: .file()
    )
    var output: String?

    @Option(help: "When text is coloured: auto, on a terminal, always or never.")
    var color = ColorChoice.auto

    @Option(
        help: """
            Exit with 2 for changes that are breaking, risky or worse, that weaken security, or any; may be repeated.
            """
    )
    var failOn: [FailureLevel] = []

    @Option(
        help: "A list of accepted changes, in YAML or JSON, which do not count for --fail-on.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var allow: String?

    @Flag(help: "List every rule, as text or JSON, and compare nothing.")
    var rules = false

    @OptionGroup var arguments: CompilationArguments

    func validate() throws {
        if rules, old != nil || base != nil { throw ValidationError("--rules compares nothing; leave out the files") }
        if rules, format != .text, format != .json { throw ValidationError("--rules is printed as text or json") }
        if base != nil, new != nil { throw ValidationError("--base takes the place of OLD; name one file") }
        if old == CompilationArguments.standardInput, new == CompilationArguments.standardInput {
            throw ValidationError("standard input can be one side only")
        }
    }

    func run() throws {
        do {
            if rules { return try write(format == .json ? RuleList.json : RuleList.text) }
            let accepted = try allow.map { try AcceptanceFile($0) }
            var (report, before, after) = try report()
            accepted?.apply(to: &report)
            let isColored = color.isColored(output == nil)
            let width = output == nil ? TerminalWidth.standardOutput : nil
            try write(format.text(of: report, from: before, to: after, isColored: isColored, width: width))
            let failures = report.changes.filter { change in failOn.contains { $0.isReached(by: change) } }
            // What was not looked at may be what must not be.
            if !failures.isEmpty || report.isUnfinished && !failOn.isEmpty { throw ExitCode(2) }
        } catch let error as CommandError { throw Console.failure(error.message.visible) }
    }

    private func write(_ text: String) throws {
        if let output { try OutputFile.write(text, to: output) } else { try Console.write(text) }
    }

    private func report() throws -> (ChangeReport, before: Manifest, after: Manifest) {
        let sides: DiffSides
        if let old, let new {
            sides = try DiffSides(old, new)
        } else {
            sides = try DiffSides(old, since: base, usual: arguments.usualTemplate)
        }
        let (before, after) = (try ReviewSide(sides.old, arguments), try ReviewSide(sides.new, arguments))
        let warnings = after.newWarnings(since: before)
        if warnings > 0 {
            Console.say(
                "note: '\(sides.new.name.visible)' has \(warnings) \(warnings == 1 ? "warning" : "warnings") that "
                    + "'\(sides.old.name.visible)' has not; 'samovar check' shows them\n"
            )
        }
        let (old, new) = ManifestRevision.spelledApart(before.revision, after.revision)
        var report = ManifestDiff.compare(old, new)
        report.remarks += sides.remarks
        let located = report.locating(old: before.sourceMap, new: after.sourceMap)
        return (located, old.manifest, new.manifest)
    }
}
