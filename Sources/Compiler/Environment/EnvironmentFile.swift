// The file of environment variables as data: which variables it sets, for which function, and where that stands.

package import Diagnostics
internal import JSON

/// A file of environment variables in one of SAM CLI's formats: an object of objects of values, or `.env`.
package struct EnvironmentFile: Hashable, Sendable {
    /// The variables for one function, or for all.
    package struct Section: Hashable, Sendable {
        /// A logical id, a `FunctionName`, or `Parameters`.
        package let key: String
        package let keySpan: Span
        package let variables: [Variable]
    }

    /// One variable.
    package struct Variable: Hashable, Sendable {
        package let name: String
        package let nameSpan: Span
        /// Numbers and booleans as they are written.
        package let value: String
        package let valueSpan: Span
        /// Whether the value was put together with that of a variable whose name reads like that of a secret.
        package var isSecret = false
    }

    /// The key of the section whose variables are for all functions.
    package static let sharedKey = "Parameters"
    /// The member of an API key's section that is the key.
    static let keyMember = "Value"

    /// The path, as it was given.
    package let file: String
    /// The sections in the order of the file.
    package let sections: [Section]

    /// Reads a file: strict JSON, but for the comma after the last member, which is a warning, or `.env`.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - file: the path, as it was given; spans carry it.
    ///   - host: the variables of the process, which a `.env` file may refer to.
    ///   - diagnostics: takes what is wrong.
    /// - Returns: what could be read; nil where the file is neither.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        host: [String: String] = [:],
        into diagnostics: inout DiagnosticCollector
    ) -> EnvironmentFile? {
        if DotEnvFile.recognizes(bytes, file: file) {
            return DotEnvFile.parse(bytes, file: file, host: host, into: &diagnostics)
        }
        let document = JSONDocument(
            bytes,
            file: file,
            code: .environmentSyntax,
            trailingComma: .environmentTrailingComma,
            into: &diagnostics
        )
        guard let document else { return nil }
        guard let root = document.value.object else {
            let message = "a file of environment variables is an object of objects, not \(document.value.kind)"
            diagnostics.emit(Diagnostic(.environmentShape, message, at: document.span(of: [])))
            return nil
        }
        var sections: [Section] = []
        for (key, value) in root.members {
            guard let members = value.object else {
                let message = "'\(key)' is \(value.kind), where an object of variables is expected"
                let note = Diagnostic.Note("variables of all functions stand in '\(sharedKey)': {'NAME': 'value'}")
                diagnostics.emit(Diagnostic(.environmentShape, message, at: document.keySpan(of: [key]), notes: [note]))
                continue
            }
            let variables = members.members.compactMap { name, value in
                variable(name, value, path: [key, name], in: document, into: &diagnostics)
            }
            sections.append(Section(key: key, keySpan: document.keySpan(of: [key]), variables: variables))
        }
        return EnvironmentFile(file: file, sections: sections)
    }

    private static func variable(
        _ name: String,
        _ value: JSONValue,
        path: [String],
        in document: JSONDocument,
        into diagnostics: inout DiagnosticCollector
    ) -> Variable? {
        let text: String
        switch value {
        case .string(let string): text = string
        case .boolean(let truth): text = truth ? "true" : "false"
        case .integer, .real: text = document.written(path) ?? value.compactText
        case .null, .array, .object:
            let hint = value == .null ? "; an empty value is '\"\"'" : "; write it as a text in quotes"
            let message = "the value of '\(name)' is \(value.kind), not a text, number or boolean\(hint)"
            diagnostics.emit(Diagnostic(.environmentValue, message, at: document.span(of: path)))
            return nil
        }
        return Variable(
            name: name,
            nameSpan: document.keySpan(of: path),
            value: text,
            valueSpan: document.span(of: path)
        )
    }
}
