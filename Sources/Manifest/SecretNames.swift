// Which names of variables read like those of secrets.

/// The rule by which values from env.json stay out of manifests.
package enum SecretNames {
    /// Sequences of words, one of which makes a name that of a secret. Plurals such as `TOKENS` are missing on purpose:
    /// `MAX_TOKENS` counts.
    package static let words: [[String]] = [
        ["SECRET"], ["SECRETS"],
        ["PASSWORD"], ["PASSWORDS"], ["PASSWD"], ["PWD"], ["PASSPHRASE"],
        ["TOKEN"],
        ["CREDENTIAL"], ["CREDENTIALS"],
        ["APIKEY"], ["API", "KEY"],
        ["PRIVATE", "KEY"], ["ACCESS", "KEY"], ["ENCRYPTION", "KEY"], ["SIGNING", "KEY"], ["MASTER", "KEY"],
    ]

    /// Whether a name has one of `words` among its own, which underscores, hyphens, dots and capitals after small
    /// letters part: `DB_PASSWORD`, `stripe-api-key` and `githubToken` do, `TOKENIZER` does not.
    package static func contains(_ name: String) -> Bool {
        // Most names are of ASCII, and none of the words.
        if name.utf8.allSatisfy({ $0 < 0x80 }), !mayContain(name.utf8) { return false }
        let own = split(name)
        return words.contains { sequence in
            own.indices.contains { start in own[start...].starts(with: sequence) }
        }
    }

    /// Whether a name of ASCII has the first letters of one of `words` in it, wherever.
    private static func mayContain(_ name: String.UTF8View) -> Bool {
        var before: UInt8 = 0
        for byte in name {
            let letter = byte & 0x5F
            if beginnings.contains(UInt16(before) << 8 | UInt16(letter)) { return true }
            before = letter
        }
        return false
    }

    /// The first two letters of the first word of each of `words`.
    private static let beginnings = Set(
        words.compactMap { $0.first?.utf8.prefix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) } }
    )

    private static func split(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var afterSmall = false
        for character in name {
            let isSeparator = character == "_" || character == "-" || character == "."
            if isSeparator || (afterSmall && character.isUppercase) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if !isSeparator { word += character.uppercased() }
            afterSmall = character.isLowercase
        }
        return word.isEmpty ? words : words + [word]
    }
}
