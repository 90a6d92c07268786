// Files of environment variables in `.env` format, as python-dotenv and so SAM CLI read them.

internal import Diagnostics

/// A file of lines `NAME=value`, whose variables are for all functions.
struct DotEnvFile {
    /// How many characters all values together may have once they are put together from each other.
    private static let maximumLength = 5_000_000

    /// Whether a file is in this format: its name says so, or its first line does. What begins as JSON is JSON.
    static func recognizes(_ bytes: [UInt8], file: String) -> Bool {
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return false }
        let name = file.split(separator: "/").last ?? ""
        if name.hasSuffix(".json") { return false }
        return name.hasPrefix(".env") || name.hasSuffix(".env") || JSONScan.environmentFormat(bytes) != nil
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - file: the name that spans carry.
    ///   - host: the variables of the process, which `${NAME}` may name.
    ///   - diagnostics: takes what is wrong.
    /// - Returns: the variables in the order of the file; nil where it cannot be read.
    static func parse(
        _ bytes: [UInt8],
        file: String,
        host: [String: String],
        into diagnostics: inout DiagnosticCollector
    ) -> EnvironmentFile? {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            let message = "the file is binary or in UTF-16; save it as UTF-8"
            diagnostics.emit(Diagnostic(.environmentSyntax, message, at: Span(startOf: file)))
            return nil
        }
        var reader = DotEnvReader(text, file: file)
        var bindings: [DotEnvReader.Binding] = []
        while let binding = reader.next(into: &diagnostics) { bindings.append(binding) }
        if bindings.isEmpty, !reader.hasFaults {
            let message = "the file sets no variable; a line of it is 'NAME=value'"
            diagnostics.emit(Diagnostic(.environmentSyntax, message, at: Span(startOf: file)))
            return nil
        }
        let variables = values(of: bindings, host: host, into: &diagnostics)
        let section = EnvironmentFile.Section(
            key: EnvironmentFile.sharedKey,
            keySpan: Span(startOf: file),
            variables: variables
        )
        return EnvironmentFile(file: file, sections: [section])
    }

    /// The variables with `${NAME}` replaced, by those above in the file, then by those of the process.
    private static func values(
        of bindings: [DotEnvReader.Binding],
        host: [String: String],
        into diagnostics: inout DiagnosticCollector
    ) -> [EnvironmentFile.Variable] {
        var known: [String: EnvironmentFile.Variable] = [:]
        var order: [String] = []
        var length = 0
        for binding in bindings {
            var value = ""
            var isSecret = false
            for part in DotEnvReference.parts(of: binding.value) {
                switch part {
                case .text(let text): value += text
                case .reference(let name, let standIn):
                    if known[name]?.isSecret == true || SecretNames.contains(name) { isSecret = true }
                    if let found = known[name]?.value ?? host[name] ?? standIn {
                        value += found
                    } else {
                        diagnostics.emit(.unsetReference(name, at: binding.valueSpan))
                    }
                }
                guard length + value.utf8.count <= maximumLength else {
                    diagnostics.emit(.valuesTooLong(binding.name, at: binding.valueSpan))
                    return order.compactMap { known[$0] }
                }
            }
            length += value.utf8.count
            if let first = known[binding.name] {
                diagnostics.emit(.variableTwice(binding.name, at: binding.nameSpan, first: first.nameSpan))
            } else {
                order.append(binding.name)
            }
            known[binding.name] = EnvironmentFile.Variable(
                name: binding.name,
                nameSpan: binding.nameSpan,
                value: value,
                valueSpan: binding.valueSpan,
                isSecret: isSecret
            )
        }
        return order.compactMap { known[$0] }
    }
}

/// `${NAME}` and `${NAME:-default}` within a value.
enum DotEnvReference {
    enum Part: Hashable {
        case text(String)
        case reference(name: String, standIn: String?)
    }

    static func parts(of value: String) -> [Part] {
        var parts: [Part] = []
        var rest = Substring(value)
        while let start = rest.firstRange(of: "${") {
            // What has no end is no reference, and neither is anything behind it.
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            let inner = rest[start.upperBound..<end]
            let pieces = inner.firstRange(of: ":").map { (inner[..<$0.lowerBound], inner[$0.lowerBound...]) }
            if let pieces, !pieces.1.hasPrefix(":-") {
                parts.append(.text(String(rest[..<start.upperBound])))
                rest = rest[start.upperBound...]
                continue
            }
            parts.append(.text(String(rest[..<start.lowerBound])))
            let standIn = pieces.map { String($0.1.dropFirst(2)) }
            parts.append(.reference(name: String(pieces?.0 ?? inner), standIn: standIn))
            rest = rest[rest.index(after: end)...]
        }
        return parts + [.text(String(rest))]
    }
}

extension DiagnosticCode {
    static let environmentUnset = DiagnosticCode(
        "env-unset",
        .warning,
        """
        `${NAME}` stands for a variable that the file sets above, or else for one of the process that reads it. This \
        one is neither, so nothing stands in its place; SAM CLI does the same without a word. Set it, or give it a \
        value to fall back to: `${NAME:-value}`.
        """
    )
    static let environmentTwice = DiagnosticCode(
        "env-twice",
        .warning,
        "The last line wins, as it does for SAM CLI. Remove the others; the note shows the first."
    )
}

extension Diagnostic {
    fileprivate static func unsetReference(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(.environmentUnset, "'${\(name)}' is set nowhere, so nothing stands in its place", at: span)
    }

    fileprivate static func variableTwice(_ name: String, at span: Span, first: Span) -> Diagnostic {
        let note = Note("the first is here", at: first)
        return Diagnostic(.environmentTwice, "'\(name)' is set twice; the last one wins", at: span, notes: [note])
    }

    fileprivate static func valuesTooLong(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(.environmentValue, "with '\(name)' the values become longer than 5 MB", at: span)
    }
}
