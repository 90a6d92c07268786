// `samovar diff`: which requests will go elsewhere, break, or become public.

internal import ArgumentParser
internal import Compiler
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
        )
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

    @OptionGroup var arguments: CompilationArguments

    func validate() throws {
        if base != nil, new != nil { throw ValidationError("--base takes the place of OLD; name one file") }
        if old == CompilationArguments.standardInput, new == CompilationArguments.standardInput {
            throw ValidationError("standard input can be one side only")
        }
    }

    func run() throws {
        do {
            let report = try report()
            let text = format.text(of: report, isColored: color.isColored(output == nil))
            if let output { try OutputFile.write(text, to: output) } else { try Console.write(text) }
        } catch let error as CommandError { throw Console.failure(error.message) }
    }

    private func report() throws -> ChangeReport {
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
                "note: '\(sides.new.name)' has \(warnings) \(warnings == 1 ? "warning" : "warnings") that "
                    + "'\(sides.old.name)' has not; 'samovar check' shows them\n"
            )
        }
        // The key is read, and made, only where there is something to hide.
        var fingerprint: ValueFingerprint?
        var report = ManifestDiff.compare(before.revision, after.revision) { value in
            let known = fingerprint ?? ValueFingerprint()
            fingerprint = known
            return known(value)
        }
        report.remarks += sides.remarks
        return report
    }
}
