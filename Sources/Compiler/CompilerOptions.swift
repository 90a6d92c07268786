// What the compiler is asked to do, and what it answers.

package import Diagnostics
package import Manifest

/// What to compile, and with which values.
package struct CompilerOptions: Sendable {
    /// The path of the template.
    package var template: String
    /// The path of `env.json`; nil for none.
    package var environmentFile: String?
    /// Values of the template's parameters, before their defaults.
    package var parameterOverrides: [String: String]
    /// Further such values, and files of them, in the order of the command line; the last one counts.
    package var parameterArguments: [ParameterOverride] = []
    /// The path of a file that says where functions are reached; nil for none.
    package var endpointsFile: String?
    /// The value of `AWS::Region`.
    package var region: String
    /// Where the caller's own options come from, so that what is wrong there is said with the rest; nil for nowhere.
    package var configuration: ToolConfiguration.Source?
    /// The variables of the process, which a `.env` file may refer to.
    package var host: [String: String] = [:]
    /// How severe warnings are.
    package var severityRules = SeverityRules()
    /// Whether to say where the parts of the manifest stand.
    package var mapsSources = false
    /// Texts that stand in the place of files, by the paths that the files would be read from.
    package var contents: [String: [UInt8]] = [:]
    /// Where the template is, and what it names. The files that only the caller names, of the environment, of endpoints
    /// and of parameters, are on this machine.
    package var files: any FileTree = LocalFiles()

    package init(
        template: String,
        environmentFile: String? = nil,
        parameterOverrides: [String: String] = [:],
        endpointsFile: String? = nil,
        region: String = "us-east-1"
    ) {
        self.template = template
        self.environmentFile = environmentFile
        self.parameterOverrides = parameterOverrides
        self.endpointsFile = endpointsFile
        self.region = region
    }
}

/// What came of it.
package struct Compilation: Sendable {
    /// The manifest; nil when there were errors.
    package let manifest: Manifest?
    /// As much of it as could be made in spite of errors; nil where the template could not be read at all.
    package let partial: Manifest?
    /// The values that the manifest only names.
    package let secrets: Secrets
    /// Everything that there is to say, sorted.
    package let diagnostics: [Diagnostic]
    /// The texts of the files that were read, by path: renderers show lines of them.
    package let sources: [String: String]
    /// Where the parts of the manifest stand; empty unless it is asked for.
    package let sourceMap: SourceMap
    /// Every file that was read or looked for, in the order of reading: `--watch` watches them.
    package let inputs: [String]
}
