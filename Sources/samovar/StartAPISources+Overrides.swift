// The two spellings of `--parameter-overrides`.

extension StartAPISources {
    /// Reads `Name=value` and `ParameterKey=Name,ParameterValue=value`, several to a word where blanks part them.
    ///
    /// - Throws: `StartAPIError` that quotes what is neither.
    static func overrides(_ words: [String]) throws -> [String: String] {
        var values: [String: String] = [:]
        for word in words {
            for text in pieces(of: word) {
                let (name, value) = try override(text)
                values[name] = value
            }
        }
        return values
    }

    private static func override(_ text: String) throws -> (name: String, value: String) {
        let long = (key: "ParameterKey=", value: ",ParameterValue=")
        if text.hasPrefix(long.key), let middle = text.firstRange(of: long.value) {
            let name = text[..<middle.lowerBound].dropFirst(long.key.count)
            if !name.isEmpty { return (String(name), String(text[middle.upperBound...])) }
        } else if let equals = text.firstIndex(of: "="), equals != text.startIndex, !text.hasPrefix("ParameterKey=") {
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
        throw StartAPIError(
            "parameter override '\(text)' is neither 'Name=value' nor 'ParameterKey=Name,ParameterValue=value'"
        )
    }

    /// Splits at blanks outside of quotes, as a shell does; quotes are dropped.
    private static func pieces(of word: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var quote: Character?
        for character in word {
            if let open = quote {
                if character == open { quote = nil } else { piece.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character.isWhitespace {
                if !piece.isEmpty { pieces.append(piece) }
                piece = ""
            } else {
                piece.append(character)
            }
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}
