// Texts that Unicode takes for equal and that are other bytes, `é` in one code point or in two: each its own text.

internal import JSON
internal import Manifest

extension ManifestRevision {
    /// Both sides so that no text of one is equal to another text of either that has other bytes.
    ///
    /// `String` compares by canonical equivalence (UAX #15), paths, folders and issuers are compared by their bytes: a
    /// change from one spelling to the other would be none. Where there are two spellings of a text, whatever combines
    /// is written as `\u0301`, which a reader can see, too.
    ///
    /// - Returns: both as they are, where that does not happen.
    package static func spelledApart(_ old: Self, _ new: Self) -> (old: Self, new: Self) {
        guard !(old.isASCII && new.isASCII) else { return (old, new) }
        let values = (old.manifest.json, new.manifest.json)
        var spellings: [String: [UInt8]] = [:]
        guard values.0.hasOtherSpelling(than: &spellings) || values.1.hasOtherSpelling(than: &spellings) else {
            return (old, new)
        }
        return (old.spelled(values.0), new.spelled(values.1))
    }

    private func spelled(_ value: JSONValue) -> Self {
        // Where a rule of the format forbids the backslash, it forbids what would be written with it.
        guard let manifest = try? Manifest(JSONReader(value.spelledOut)) else { return self }
        return Self(name: name, manifest: manifest, secrets: secrets.spelledOut)
    }
}

extension JSONValue {
    /// Whether one of its texts is there with other bytes, too.
    fileprivate func hasOtherSpelling(than known: inout [String: [UInt8]]) -> Bool {
        switch self {
        case .null, .boolean, .integer, .real: false
        case .string(let text): text.hasOtherSpelling(than: &known)
        case .array(let elements): elements.contains { $0.hasOtherSpelling(than: &known) }
        case .object(let object):
            object.members.contains { name, value in
                name.hasOtherSpelling(than: &known) || value.hasOtherSpelling(than: &known)
            }
        }
    }

    fileprivate var spelledOut: JSONValue {
        switch self {
        case .null, .boolean, .integer, .real: self
        case .string(let text): .string(text.spelledOut)
        case .array(let elements): .array(elements.map(\.spelledOut))
        case .object(let object):
            .object(JSONObject(object.members.map { ($0.key.spelledOut, $0.value.spelledOut) }))
        }
    }
}

extension Secrets {
    fileprivate var spelledOut: Secrets {
        var secrets = Secrets()
        for (function, values) in functions {
            for (name, value) in values {
                secrets.functions[function.spelledOut, default: [:]][name.spelledOut] = value
            }
        }
        for (key, value) in apiKeys { secrets.apiKeys[key.spelledOut] = value }
        return secrets
    }
}

extension String {
    fileprivate func hasOtherSpelling(than known: inout [String: [UInt8]]) -> Bool {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return false }
        // The signs that are other spellings of ASCII: a question mark of Greek, its grave accent, the unit kelvin.
        if unicodeScalars.contains(where: { ["\u{37E}", "\u{1FEF}", "\u{212A}"].contains($0) }) { return true }
        if let other = known[self] { return !other.elementsEqual(utf8) }
        known[self] = Array(utf8)
        return false
    }

    /// Without what combines with the code point before it, or always becomes another: all that is left is spelled in
    /// one way. Backslashes are doubled, so that two texts never become one.
    fileprivate var spelledOut: String {
        guard unicodeScalars.contains(where: { $0 == "\\" || $0.isSpelledOtherwise }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar == "\\" {
                text += "\\\\"
            } else if scalar.isSpelledOtherwise {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether it can be part of a text that has another spelling in normal form C (UAX #15, "Quick Check").
    fileprivate var isSpelledOtherwise: Bool {
        guard value >= 0x300 else { return false }
        if properties.isFullCompositionExclusion || properties.canonicalCombiningClass != .notReordered { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        // Vowels and finals of Hangul, which combine with what stands before them.
        default: return (0x1161...0x1175).contains(value) || (0x11A8...0x11C2).contains(value)
        }
    }
}
