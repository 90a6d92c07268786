// Values of parameters from files: `--parameter-overrides file://parameters.yaml`.

internal import Diagnostics
internal import JSON

/// One thing that `--parameter-overrides`, or a file of settings, says about parameters.
package enum ParameterOverride: Hashable, Sendable {
    /// A value.
    case value(name: String, value: String)
    /// A file, relative to the current folder.
    case file(path: String)
    /// What a file of settings has in the place of the option's arguments.
    case setting(SettingValue)
}

/// Puts the values of parameters together, files of files included.
struct ParameterFiles {
    /// How deep files may name each other.
    private static let maximumDepth = 16
    /// How many files are read; two that name each other twice would be read without end.
    private static let maximumFiles = 256
    private static let includeKey = "$include"

    private(set) var values: [String: String] = [:]
    private var files: SourceFiles
    private var diagnostics: DiagnosticCollector
    private var open: [String] = []
    private var count = 0

    /// The values by name; of several for one name the last.
    static func resolve(
        _ overrides: [ParameterOverride],
        files: inout SourceFiles,
        into diagnostics: inout DiagnosticCollector
    ) -> [String: String] {
        guard !overrides.isEmpty else { return [:] }
        var reader = ParameterFiles(files: files, diagnostics: diagnostics)
        for override in overrides {
            switch override {
            case .value(let name, let value): reader.values[name] = value
            case .file(let path): reader.read(path, at: nil)
            case .setting(let value): reader.add(value)
            }
        }
        files = reader.files
        diagnostics = reader.diagnostics
        return reader.values
    }

    private init(files: SourceFiles, diagnostics: DiagnosticCollector) {
        self.files = files
        self.diagnostics = diagnostics
    }

    private mutating func fail(_ message: String, at span: Span?) {
        diagnostics.emit(Diagnostic(.parameterFile, message, at: span))
    }

    private mutating func read(_ path: String, at span: Span?) {
        let words = "the file of parameters '\(path)'"
        guard !open.contains(path) else { return fail("\(words) names itself", at: span) }
        count += 1
        guard open.count < Self.maximumDepth, count <= Self.maximumFiles else {
            return fail("\(words) is one too many: files of parameters name each other too often", at: span)
        }
        guard let bytes = files.read(path, at: span, into: &diagnostics) else { return }
        open.append(path)
        defer { open.removeLast() }
        switch path.split(separator: "/").last?.split(separator: ".").last {
        case "toml"?:
            if let root = TOMLParser.parse(bytes, file: path, code: .parameterFile, into: &diagnostics) { add(root) }
        case "json"?:
            do throws(JSONSyntaxError) { _ = try JSONParser.parse(bytes) } catch {
                let place = SourcePosition(line: error.line, column: error.column)
                return fail("this is no JSON: \(error.message)", at: Span(file: path, at: place))
            }
            fallthrough
        case "yaml"?, "yml"?:
            if let node = YAMLParser.parse(bytes, file: path, into: &diagnostics) { add(SettingValue(node)) }
        default: fail("\(words) is none that can be read; its name ends with .json, .yaml, .yml or .toml", at: span)
        }
    }

    private mutating func add(_ value: SettingValue) {
        switch value.content {
        case .null: break
        case .list(let elements): for element in elements { add(element) }
        case .table(let entries): add(entries)
        case .text(let text): add(text, at: value.span)
        case .boolean, .number, .moment:
            fail(
                "\(value.kind) stands where parameters are expected, as 'NAME=VALUE' or by their names",
                at: value.span
            )
        }
    }

    private mutating func add(_ text: String, at span: Span) {
        do throws(ParameterOverridesError) {
            for override in try ParameterOverrides.parse([text]) {
                switch override {
                case .value(let name, let value): values[name] = value
                case .setting: break
                case .file(let path):
                    // A relative path starts from the folder of the file that names it.
                    let folder = open.last.flatMap { file in file.lastIndex(of: "/").map { file[...$0] } } ?? ""
                    read(path.hasPrefix("/") ? path : folder + path, at: span)
                }
            }
        } catch { fail(error.description, at: span) }
    }

    private mutating func add(_ entries: [SettingValue.Entry]) {
        // The form of the AWS command line: a list of `{"ParameterKey": …, "ParameterValue": …}`.
        if entries.count == 2, let name = entries.first(where: { $0.key == "ParameterKey" })?.value,
            let value = entries.first(where: { $0.key == "ParameterValue" })?.value,
            let nameText = text(name, of: "ParameterKey"), let valueText = text(value, of: nameText)
        {
            values[nameText] = valueText
            return
        }
        for entry in entries {
            if entry.key == Self.includeKey {
                add(entry.value)
            } else if let text = text(entry.value, of: entry.key) {
                values[entry.key] = text
            }
        }
    }

    /// The text that a value is for CloudFormation; nil where it is none, which is reported.
    private mutating func text(_ value: SettingValue, of name: String) -> String? {
        switch value.content {
        case .text(let text), .number(let text), .moment(let text): return text
        case .null: return ""
        case .boolean(let truth):
            diagnostics.emit(.parameterBoolean(name, truth, at: value.span))
            return truth ? "true" : "false"
        case .list(let elements):
            let texts = elements.compactMap { element in text(element, of: name)?.trimmed }
            return texts.filter { !$0.isEmpty }.joined(separator: ",")
        case .table:
            fail(
                "the value of the parameter '\(name)' is a text, a number or a list of them, found a table",
                at: value.span
            )
            return nil
        }
    }
}

extension DiagnosticCode {
    static let parameterFile = DiagnosticCode(
        "parameter-file",
        .error,
        """
        `--parameter-overrides file://parameters.yaml` takes parameters from a file in YAML, JSON or TOML: a mapping \
        from names to values, a list of texts such as `NAME=VALUE`, or a list of further mappings. A list as a value \
        becomes a text with commas. `$include`, or a text `file://…` in a list, names further files, relative to the \
        file that names them.
        """
    )
    static let parameterBoolean = DiagnosticCode(
        "parameter-boolean",
        .warning,
        """
        Parameters are texts. A boolean in a file of parameters is taken as it is written, `true`, but SAM CLI passes \
        `True` to the deployment, where a condition that compares with `true` does not hold. Put it in quotes, and \
        every tool means the same.
        """
    )
}

extension Diagnostic {
    fileprivate static func parameterBoolean(_ name: String, _ truth: Bool, at span: Span) -> Diagnostic {
        let text = truth ? "true" : "false"
        return Diagnostic(
            .parameterBoolean,
            "the value of the parameter '\(name)' is a boolean, which SAM CLI passes as '\(truth ? "True" : "False")'",
            at: span,
            fixIts: [FixIt("write '\(text)' in quotes", at: span, replacement: "\"\(text)\"")]
        )
    }
}
