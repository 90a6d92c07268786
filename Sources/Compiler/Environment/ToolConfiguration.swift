// samconfig.toml, and the same in YAML: what options are when the command line does not say.

package import Diagnostics

/// The options that a file of SAM CLI's configuration gives to a command.
package struct ToolConfiguration: Hashable, Sendable {
    /// The names of files that are looked for, in order.
    package static let usualNames = ["samconfig.toml", "samconfig.yaml", "samconfig.yml"]
    /// The table that counts unless `--config-env` names another.
    package static let usualEnvironment = "default"
    /// The table below an environment that counts for every command, less than the command's own.
    private static let sharedCommand = "global"
    private static let section = "parameters"

    /// What an option can be.
    package enum Kind: String, Hashable, Sendable {
        case text = "a text"
        case integer = "an integer"
        case flag = "true or false"
        case any = "anything"
    }

    /// Which file to read, and for which command.
    package struct Source: Hashable, Sendable {
        package let file: String
        /// The table that counts, of which `default` need not be there.
        package let environment: String
        /// The command's name in files: `local_start_api`.
        package let command: String
        /// The names of its options with underscores; others are warnings.
        package let options: [String: Kind]

        package init(file: String, environment: String, command: String, options: [String: Kind]) {
            self.file = file
            self.environment = environment
            self.command = command
            self.options = options
        }
    }

    /// The options by their names with underscores, each of its kind.
    package private(set) var values: [String: SettingValue] = [:]

    package init() {}

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the file; TOML or YAML by the end of its name.
    ///   - source: what to look for in it.
    ///   - diagnostics: takes what is wrong.
    package init(_ bytes: [UInt8], _ source: Source, into diagnostics: inout DiagnosticCollector) {
        let (file, environment) = (source.file, source.environment)
        guard let root = Self.root(bytes, file: file, into: &diagnostics) else { return }
        guard let members = root.table else {
            diagnostics.emit(.configurationShape("the file", root))
            return
        }
        guard !members.isEmpty, Self.checkVersion(root, into: &diagnostics) else { return }
        guard let tables = root[environment] else {
            if environment != Self.usualEnvironment {
                diagnostics.emit(.configurationEnvironment(environment, root, file: file))
            }
            return
        }
        guard tables.table != nil else {
            diagnostics.emit(.configurationShape("'\(environment)'", tables))
            return
        }
        for name in [Self.sharedCommand, source.command] {
            let path = "\(environment).\(name)"
            guard let table = Self.table(name, of: tables, path, into: &diagnostics),
                let options = Self.table(Self.section, of: table, "\(path).\(Self.section)", into: &diagnostics)
            else { continue }
            for option in options.table ?? [] {
                guard let kind = source.options[option.key] else {
                    let known = source.options.keys.sorted()
                    Self.report(option, isShared: name == Self.sharedCommand, known: known, into: &diagnostics)
                    continue
                }
                if Self.isValue(option.value, of: kind) {
                    values[option.key] = option.value
                } else {
                    diagnostics.emit(.configurationValue(option.key, kind.rawValue, option.value))
                }
            }
        }
    }

    private static func root(
        _ bytes: [UInt8],
        file: String,
        into diagnostics: inout DiagnosticCollector
    ) -> SettingValue? {
        if file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
            return YAMLParser.parse(bytes, file: file, into: &diagnostics).map(SettingValue.init)
        }
        guard file.hasSuffix(".toml") else {
            diagnostics.emit(.configurationName(file))
            return nil
        }
        return TOMLParser.parse(bytes, file: file, code: .configurationSyntax, into: &diagnostics)
    }

    /// SAM CLI refuses a file without a version, which has to be a number with a point.
    private static func checkVersion(_ root: SettingValue, into diagnostics: inout DiagnosticCollector) -> Bool {
        if let version = root["version"], case .number(let text) = version.content, text.contains(".") { return true }
        diagnostics.emit(.configurationVersion(root))
        return false
    }

    private static func table(
        _ name: String,
        of table: SettingValue,
        _ path: String,
        into diagnostics: inout DiagnosticCollector
    ) -> SettingValue? {
        guard let value = table[name] else { return nil }
        guard value.table == nil else { return value }
        diagnostics.emit(.configurationShape("'\(path)'", value))
        return nil
    }

    /// What all commands share has options of other commands too; there only what is nearly right is worth a word.
    private static func report(
        _ option: SettingValue.Entry,
        isShared: Bool,
        known: [String],
        into diagnostics: inout DiagnosticCollector
    ) {
        let underscored = option.key.replacing("-", with: "_")
        let closest = known.contains(underscored) ? underscored : closestName(to: option.key, among: known)
        if isShared, closest == nil || otherOptions.contains(option.key) { return }
        diagnostics.emit(.configurationKey(option, closest: closest))
    }

    /// Options of other commands of SAM CLI whose names are near to those of this one.
    private static let otherOptions = ["hook_package_id", "resolve_s3", "s3_prefix", "tags", "use_json"]

    // MARK: - Values

    /// The text of an option; nil where it is not given.
    package func text(_ name: String) -> String? {
        switch values[name]?.content {
        case .text(let text)?, .number(let text)?, .moment(let text)?: text
        case .null?, .boolean?, .list?, .table?, nil: nil
        }
    }

    /// The number of an option; nil where it is not given.
    package func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    /// Whether an option is set.
    package func flag(_ name: String) -> Bool { values[name].flatMap(Self.truth) ?? false }

    /// Whether a value can be that of an option of this kind.
    private static func isValue(_ value: SettingValue, of kind: Kind) -> Bool {
        switch (value.content, kind) {
        case (.null, _), (_, .any): true
        case (.text, .text), (.number, .text), (.moment, .text): true
        case (.number(let text), .integer), (.text(let text), .integer): Int(text) != nil
        case (_, .flag): truth(value) != nil
        default: false
        }
    }

    /// What SAM CLI takes for true and false.
    private static func truth(_ value: SettingValue) -> Bool? {
        switch value.content {
        case .boolean(let truth): truth
        case .number(let text), .text(let text):
            switch text.lowercased() {
            case "1", "true", "t", "yes", "y", "on": true
            case "0", "false", "f", "no", "n", "off", "": false
            default: nil
            }
        case .null, .moment, .list, .table: nil
        }
    }
}
