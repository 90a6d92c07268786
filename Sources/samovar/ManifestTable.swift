// A manifest as lines that stay the same while others change: what git compares in log and show.

internal import Compiler
internal import Crypto
internal import Diagnostics
internal import JSON
internal import Manifest
internal import Review

/// The table of a manifest: a line for each route, and for each other value a line that names it.
///
/// Nothing is aligned, since one long name would change all lines, and nothing is left out.
enum ManifestTable {
    /// The table of a manifest or a template.
    ///
    /// - Parameters:
    ///   - file: where git has put the text.
    ///   - bytes: the text.
    /// - Returns: the table; nil for what is neither, or has mistakes.
    static func text(of file: String, _ bytes: [UInt8]) -> String? {
        let path = originalPath(of: file)
        guard let side = try? GitSide(bytes, path: path, name: path) else { return nil }
        let manifest = side.revision.manifest
        guard manifest != Manifest() else { return nil }
        // Two files with equal tables are equal to git: where there is more in a text than in its table, that shows.
        let isWhole = !side.isTemplate && Array(manifest.text.utf8) == bytes
        return text(manifest) + (isWhole ? "" : "text of the file: \(checksum(bytes))\n")
    }

    /// The table of a manifest.
    static func text(_ manifest: Manifest) -> String {
        var lines: [String] = []
        for (section, members) in manifest.json.object?.members ?? [] {
            for (id, value) in members.object?.members ?? [] {
                lines.append("\(headings[section] ?? section) \(id.visible):")
                for (name, member) in value.object?.members ?? [] { add(member, named: name, to: &lines) }
            }
        }
        return lines.map { "\($0)\n" }.joined()
    }

    private static let headings = [
        "apis": "api", "functions": "function", "apiKeys": "key", "usagePlans": "plan",
    ]

    private static func add(_ value: JSONValue, named name: String, to lines: inout [String]) {
        switch (name, value) {
        case ("routes", .object(let routes)):
            for (key, route) in routes.members { lines.append("  \(key.visible) | \(cells(route))") }
        case ("authorizers", .object(let authorizers)):
            for (id, authorizer) in authorizers.members {
                lines.append("  authorizer \(id.visible) | \(cells(authorizer))")
            }
        default: addLeaves(of: value, named: name.visible, to: &lines)
        }
    }

    private static func addLeaves(of value: JSONValue, named path: String, to lines: inout [String]) {
        guard case .object(let object) = value, !object.isEmpty, object["secret"] == nil else {
            lines.append("  \(path): \(word(value))")
            return
        }
        for (name, member) in object.members { addLeaves(of: member, named: "\(path)/\(name.visible)", to: &lines) }
    }

    /// The members of an object on one line.
    private static func cells(_ value: JSONValue) -> String {
        (value.object?.members ?? []).map { "\($0.key.visible) \(word($0.value))" }.joined(separator: " | ")
    }

    /// A value: a string that reads like nothing else is shown without quotation marks.
    private static func word(_ value: JSONValue) -> String {
        if case .string(let text) = value, isPlain(text) { return text }
        if case .array(let elements) = value {
            return "[" + elements.map(word).joined(separator: ", ") + "]"
        }
        return value.compactText.visible
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, !["true", "false", "null"].contains(text) else { return false }
        let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || first == UInt8(ascii: "-")
        return !isNumber && text.visible == text && !text.contains { " ,|[]{}\"".contains($0) }
    }

    /// Where the file stands in the working tree, so that what it includes is found: git converts copies in a folder of
    /// their own, which have only the name.
    private static func originalPath(of file: String) -> String {
        let isCopy = file.hasPrefix("/")
        guard isCopy, let name = file.split(separator: "/").last else { return file }
        let isLiteral = !name.contains { "*?[\\".contains($0) }
        guard isLiteral else { return file }
        let files = try? GitCommand(["ls-files", "-z", "--full-name", "--", ":(top,glob)**/\(name)"])
        let paths = files?.output.split(separator: 0) ?? []
        // With several it could be any of them.
        return paths.count == 1 ? String(decoding: paths[0], as: UTF8.self) : file
    }

    /// Half of SHA-256 (FIPS 180-4): whoever writes templates must not find two that have the same.
    private static func checksum(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).prefix(16).hexadecimal }
}
