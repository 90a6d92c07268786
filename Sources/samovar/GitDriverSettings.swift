// The lines of git's configuration that make samovar its driver for manifests and templates.

internal import Glibc

/// The settings of `diff.samovar`, and whether those that stand there are ours.
struct GitDriverSettings {
    /// The shell function in which our commands stand, by which they are known again.
    private static let functionName = "samovar_git_setup"
    /// What names the hunks: a heading of the table, a section or resource of a template, a key of a manifest.
    private static let headings = #"^([a-zA-Z]+ [^ ]+:| {0,2}[A-Za-z0-9]+:| +"[^"]+": \{)$"#

    /// A key and its value.
    struct Setting: Equatable {
        let key: String
        let value: String

        /// Whether git-setup wrote it, perhaps with another path.
        func isOurs(_ value: String) -> Bool {
            value == self.value || value.hasPrefix("\(GitDriverSettings.functionName)() {")
        }
    }

    /// The settings in the order in which they are written.
    let all: [Setting]

    /// The settings that call a program.
    ///
    /// git stops where a driver fails, and a program may move or go: then the one on PATH is taken, and without one the
    /// lines are compared as they are.
    init(program: String) {
        let quoted = "'" + program.replacing("'", with: #"'\''"#) + "'"
        func command(_ body: String) -> String {
            let find = #"s=\#(quoted); [ -x "$s" ] || s=samovar"#
            return "\(Self.functionName)() { \(find); \(body); }; \(Self.functionName)"
        }
        all = [
            Setting(
                key: "diff.samovar.command",
                value: command(#""$s" git-driver diff -- "$@" || diff -u -- "$2" "$5"; :"#)
            ),
            Setting(
                key: "diff.samovar.textconv",
                value: command(#""$s" git-driver table -- "$1" || cat -- "$1""#)
            ),
            Setting(key: "diff.samovar.xfuncname", value: Self.headings),
        ]
    }

    /// The path by which this program was called, made absolute; symbolic links stay, since what they lead to may be
    /// the folder of one version.
    static var ownProgram: String {
        let called = CommandLine.arguments.first ?? Samovar.name
        if called.contains("/") {
            return called.hasPrefix("/") ? called : "\(InputFile.workingFolder)/\(called)"
        }
        let folders = (HostEnvironment.variable("PATH") ?? "").split(separator: ":")
        return folders.map { "\($0)/\(called)" }.first { $0.hasPrefix("/") && access($0, X_OK) == 0 } ?? called
    }
}
