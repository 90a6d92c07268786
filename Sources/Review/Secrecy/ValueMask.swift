// The one way of values into a review: what may be secret is replaced by its fingerprint.

internal import JSON
internal import Manifest

/// Replaces what may be secret.
package struct ValueMask {
    private let fingerprint: (String) -> String
    private let known: KnownSecrets

    /// - Parameters:
    ///   - secrets: the values that are known to be secret.
    ///   - fingerprint: a short text for a value.
    init(_ secrets: [Secrets], fingerprint: @escaping (String) -> String) {
        self.fingerprint = fingerprint
        known = KnownSecrets(secrets)
    }

    /// Members that read like secrets and are none: they have one of two values.
    private static let openMembers: Set<String> = ["apiKeySource"]

    /// Members whose values say where fields and parameters come from.
    private static let mappings: Set<String> = ["parameters", "requestParameters", "responseParameters"]

    /// A value as it may be shown.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - path: the names that lead to it.
    /// - Returns: the value without what may be secret.
    func shown(_ value: JSONValue, at path: [String]) -> ChangeValue {
        let isNamed = path.last.map { !Self.openMembers.contains($0) && SecretMembers.contains($0) } ?? false
        guard case .string(let text) = value else { return .shown(masked(value, isSecret: isNamed, path: path)) }
        if isNamed && !isOpen(text, at: path) { return hidden(text) }
        let masked = masked(text)
        return masked.isWhole ? hidden(text) : .shown(.string(masked.text))
    }

    /// A value that is not shown.
    func hidden(_ text: String) -> ChangeValue { .hidden(source: nil, fingerprint: fingerprint(text)) }

    /// A value that only its manifest's sidecar has, if it has it.
    func hidden(source: String, _ text: String?) -> ChangeValue {
        .hidden(source: masked(source).text, fingerprint: text.map(fingerprint))
    }

    /// Whether a text is or holds what looks like a secret.
    func finds(in text: String, at path: [String]) -> Bool {
        guard let name = path.last else { return false }
        return (SecretMembers.contains(name) && !isOpen(text, at: path)) || masked(text).text != text
    }

    /// A text with a word in place of what looks like a secret.
    private static func covering(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return SecretScanner.replacing(SecretScanner.ranges(in: bytes), in: bytes) { _ in "(secret)" }
    }

    /// Lines of the text of a manifest without what may be secret in them.
    package static func covering(manifest lines: String) -> String {
        lines.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let member = line.firstMatch(of: #/"((?:[^"\\]|\\.)*)": "(.*)"/#) else {
                return covering(String(line))
            }
            // It says where a value comes from, and is none.
            if member.1 == "secret" { return String(line) }
            // That of an API key; no other member is called so.
            let isSecret = member.1 == "value" || SecretMembers.contains(member.1)
            guard isSecret, !MappingExpression.begins(member.2.utf8) else { return covering(String(line)) }
            return line[..<member.2.startIndex] + "(secret)" + line[member.2.endIndex...]
        }.joined(separator: "\n")
    }

    private func isOpen(_ text: String, at path: [String]) -> Bool {
        text.isEmpty || (path.dropLast().contains(where: Self.mappings.contains) && MappingExpression.begins(text.utf8))
    }

    // MARK: Within values

    /// Where a value itself stands in a document that describes values of that name: JSON Schema, IAM.
    private static let literals: Set<String> = ["const", "default", "enum", "example", "examples", "value", "values"]

    private func masked(_ value: JSONValue, isSecret: Bool, path: [String]) -> JSONValue {
        switch value {
        case .null, .boolean: value
        case .integer, .real: isSecret && path.count > 1 ? mark(value.compactText) : value
        case .string(let text):
            isSecret && !isOpen(text, at: path) ? mark(text) : .string(masked(text).text)
        case .array(let elements): .array(elements.map { masked($0, isSecret: isSecret, path: path) })
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { name, value in
                        let isLiteral = isSecret && Self.literals.contains(name.lowercased())
                        let isNamed = SecretMembers.contains(name) && !Self.openMembers.contains(name)
                        return (name, masked(value, isSecret: isLiteral || isNamed, path: path + [name]))
                    }
                )
            )
        }
    }

    private func mark(_ text: String) -> JSONValue { .string("(secret \(fingerprint(text)))") }

    private func masked(_ text: String) -> (text: String, isWhole: Bool) {
        let bytes = Array(text.utf8)
        let ranges = SecretScanner.joined(SecretScanner.ranges(in: bytes) + known.ranges(in: bytes))
        guard let first = ranges.first else { return (text, false) }
        return (SecretScanner.replacing(ranges, in: bytes) { "(secret \(fingerprint($0)))" }, first == bytes.indices)
    }
}

/// The values of sidecars, to be found wherever they stand.
struct KnownSecrets {
    /// As many bytes as find a value within a longer text; shorter values are found where they are all of the text.
    private static let leadingBytes = 6

    private var whole: Set<[UInt8]> = []
    private var byLeadingBytes: [UInt64: [[UInt8]]] = [:]

    init(_ secrets: [Secrets]) {
        for secrets in secrets {
            for values in secrets.functions.values { for value in values.values { add(value) } }
            for value in secrets.apiKeys.values { add(value) }
        }
    }

    private mutating func add(_ value: String) {
        let bytes = Array(value.utf8)
        guard !bytes.isEmpty, whole.insert(bytes).inserted, bytes.count >= Self.leadingBytes else { return }
        let key = bytes.prefix(Self.leadingBytes).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        byLeadingBytes[key, default: []].append(bytes)
    }

    /// Where they stand in a text.
    func ranges(in text: [UInt8]) -> [Range<Int>] {
        if whole.contains(text) { return [text.indices] }
        guard !byLeadingBytes.isEmpty, text.count >= Self.leadingBytes else { return [] }
        var ranges: [Range<Int>] = []
        var key: UInt64 = 0
        for (index, byte) in text.enumerated() {
            key = (key << 8 | UInt64(byte)) & 0xFFFF_FFFF_FFFF
            let start = index - Self.leadingBytes + 1
            guard start >= 0, let values = byLeadingBytes[key] else { continue }
            for value in values where text[start...].starts(with: value) { ranges.append(start..<start + value.count) }
        }
        return ranges
    }
}
