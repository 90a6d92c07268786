// `samovar git-setup`: git shows what changes in manifests and templates, and not only which lines.

internal import ArgumentParser
internal import Diagnostics
internal import SystemPackage

/// Makes samovar git's diff driver for manifests and templates, or undoes that.
struct GitSetup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let git diff, log and show say what changes for requests.",
        discussion: """
            Writes the diff driver 'samovar' to git's configuration, and which files it is for to git's attributes: \
            routes.json, template.yaml, template.yml and template.json in every folder, and FILES. Running it again \
            changes nothing.
            """
    )

    @Argument(
        help: "Further manifests and templates, by their paths.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var files: [String] = []

    @Flag(help: "Take back what was set up, and nothing else.")
    var undo = false

    @Flag(help: "Write the attributes to .gitattributes, which is committed, in place of .git/info/attributes.")
    var shared = false

    @Flag(help: "Set up all repositories of this user.")
    var global = false

    func validate() throws {
        if global, shared { throw ValidationError("--global and --shared exclude each other") }
        if global, !files.isEmpty { throw ValidationError("--global is for all repositories; paths belong to one") }
        if undo, !files.isEmpty { throw ValidationError("--undo takes everything back; leave out the files") }
    }

    func run() throws {
        do {
            let place = try place()
            var said = undo ? try takeBack(place) : try setUp(place)
            if said.isEmpty { said = [undo ? "there is nothing to take back" : "all is set up already"] }
            try Console.write(said.map { "\($0.visible)\n" }.joined() + (undo ? "" : Self.advice))
        } catch let error as CommandError { throw Console.failure(error.message.visible) }
    }

    private static let advice = """

        git diff            says what changes for requests
        git log -p, show    compare tables with a line for each route; with --ext-diff they say what git diff says
        git diff --no-ext-diff --no-textconv   compares the lines of the files, for patches
        samovar git-setup --undo   takes this back

        """

    /// Where the settings and the attributes stand.
    private func place() throws(CommandError) -> GitSetupPlace {
        if global { return try GitSetupPlace.user() }
        return try GitSetupPlace.repository(isShared: shared)
    }

    private func setUp(_ place: GitSetupPlace) throws(CommandError) -> [String] {
        let settings = GitDriverSettings(program: GitDriverSettings.ownProgram).all
        var missing: [GitDriverSettings.Setting] = []
        // Everything is looked at before anything is written.
        for setting in settings {
            let values = try place.values(of: setting.key)
            if let own = values.first(where: { !setting.isOurs($0) }) {
                throw CommandError(
                    "\(setting.key) is already '\(own)', which git-setup did not write; nothing was changed. "
                        + "Remove it with 'git config \(place.scope) --unset-all \(setting.key)' if it is not needed"
                )
            }
            if values != [setting.value] { missing.append(setting) }
        }
        var patterns = GitAttributePattern.usual
        for file in files { patterns.append(GitAttributePattern.matching(try place.path(of: file))) }
        var attributes = try place.attributes()
        let old = attributes
        let lines = attributes.lines ?? []
        attributes.put(lines + patterns.map { "\($0) diff=samovar" }.filter { !lines.contains($0) })

        var said: [String] = []
        if attributes != old {
            try place.write(attributes)
            said.append("wrote to \(place.attributesName):")
            said += (attributes.lines ?? []).filter { !lines.contains($0) }.map { "  \($0)" }
        }
        for setting in missing { try place.set(setting) }
        if !missing.isEmpty {
            said.append("set in \(place.configurationName):")
            said += missing.map { "  \($0.key)" }
        }
        return said
    }

    private func takeBack(_ place: GitSetupPlace) throws(CommandError) -> [String] {
        var said: [String] = []
        for setting in GitDriverSettings(program: GitDriverSettings.ownProgram).all {
            let values = try place.values(of: setting.key)
            guard !values.isEmpty else { continue }
            guard values.allSatisfy(setting.isOurs) else {
                said.append("left alone: \(setting.key) in \(place.configurationName), which git-setup did not write")
                continue
            }
            try place.unset(setting)
            said.append("removed \(setting.key) from \(place.configurationName)")
        }
        var attributes = try place.attributes()
        if attributes.lines != nil {
            attributes.takeOut()
            try place.write(attributes)
            said.append("removed the lines of git-setup from \(place.attributesName)")
        }
        if let note = try place.noteOnSharedAttributes() { said.append(note) }
        return said
    }
}
