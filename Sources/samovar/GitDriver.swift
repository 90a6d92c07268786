// `samovar git-driver`: what git runs where git-setup has been; people never type it.

internal import ArgumentParser
internal import Diagnostics
internal import Glibc
internal import Review

/// The two programs of git's diff driver (gitattributes(5)), which never fail: git would stop.
struct GitDriver: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What git runs after git-setup.",
        shouldDisplay: false,
        subcommands: [Difference.self, Table.self]
    )

    /// The external diff program.
    struct Difference: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "diff", shouldDisplay: false)

        @Argument(parsing: .postTerminator)
        var words: [String] = []

        func run() throws {
            guard let change = GitFileChange(words) else {
                // With a path alone git says that it is not merged.
                return try Console.write("* Unmerged path \((words.first ?? "").visible)\n")
            }
            let isColored = GitDriver.isColored
            try Console.write(change.heading(isColored: isColored))
            switch GitComparison.compare(change) {
            case .report(let report, let isTemplate):
                let renderer = ChangeTextRenderer(isColored: isColored, width: TerminalWidth.standardOutput)
                try Console.write(renderer.render(report))
                if isTemplate, let text = change.textSummary() { try Console.write(text) }
            case .lines(let reason):
                if let reason { try Console.write("shown line by line: \(reason.visible)\n") }
                try Console.write(change.plainDifference(isColored: isColored))
            }
        }
    }

    /// The conversion to a text (`textconv`).
    struct Table: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "table", shouldDisplay: false)

        @Argument(parsing: .postTerminator)
        var files: [String] = []

        func run() throws {
            for file in files {
                let bytes = try InputFile.read(file)
                // `git blame` converts, too, and editors count on its lines being those of the file.
                guard !GitAncestor.isBlame, let text = ManifestTable.text(of: file, bytes) else {
                    try Console.write(bytes)
                    continue
                }
                try Console.write(text)
            }
        }
    }

    /// Whether git would colour what it shows: standard output is a pipe to the pager then.
    private static var isColored: Bool {
        if HostEnvironment.variable("NO_COLOR") != nil { return false }
        let isShown = isatty(STDOUT_FILENO) == 1 || HostEnvironment.variable("GIT_PAGER_IN_USE") != nil
        let answer = try? GitCommand.line(["config", "--get-colorbool", "color.diff", "\(isShown)"])
        return answer == "true"
    }
}
