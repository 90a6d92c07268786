// Files of environment variables in `.env` format, as python-dotenv and so SAM CLI read them.

internal import Diagnostics
internal import Manifest

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

    /// The parts of a value, in order. What has no end, and a colon without its hyphen, make no reference.
    static func parts(of value: String) -> [Part] {
        let bytes = Array(value.utf8)
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        var parts: [Part] = []
        var textStart = 0
        var index = 0
        /// The first brace or colon behind `index`; looked for again only once it is passed, so that no text is read twice.
        var stop = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            let nameStart = index + 2
            stop = max(stop, nameStart)
            while stop < bytes.count, bytes[stop] != UInt8(ascii: "}"), bytes[stop] != UInt8(ascii: ":") { stop += 1 }
            var end = stop
            var standIn: String?
            if stop < bytes.count, bytes[stop] == UInt8(ascii: ":") {
                guard stop + 1 < bytes.count, bytes[stop + 1] == UInt8(ascii: "-") else {
                    index = nameStart
                    continue
                }
                while end < bytes.count, bytes[end] != UInt8(ascii: "}") { end += 1 }
                if end < bytes.count { standIn = text((stop + 2)..<end) }
            }
            guard end < bytes.count else { break }
            if textStart < index { parts.append(.text(text(textStart..<index))) }
            parts.append(.reference(name: text(nameStart..<stop), standIn: standIn))
            index = end + 1
            textStart = index
        }
        if textStart < bytes.count { parts.append(.text(text(textStart..<bytes.count))) }
        return parts
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
