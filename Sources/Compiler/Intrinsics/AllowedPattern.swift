// The patterns of parameters, matched only where that takes no time to speak of.

/// `AllowedPattern` of a parameter: a regular expression of Java, which decides on deployment.
enum AllowedPattern {
    /// The longest pattern that is tried.
    private static let maximumLength = 1000
    /// How many ways to match may be tried.
    private static let maximumWays = 1_000_000.0

    /// Whether a whole text matches; nil where Swift cannot read the pattern, or where trying could take long.
    static func matches(_ text: String, _ pattern: String) -> Bool? {
        guard pattern.utf8.count <= maximumLength, ways(text, pattern) <= maximumWays else { return nil }
        guard let expression = try? Regex(pattern) else { return nil }
        return (try? expression.wholeMatch(in: text)) != nil
    }

    /// How many ways to match there may be: each repetition multiplies them by the length of the text, and the
    /// repetition of a group may double them with each character.
    private static func ways(_ text: String, _ pattern: String) -> Double {
        let length = Double(text.utf8.count + 1)
        var ways = length
        var isEscaped = false
        var inClass = false
        var previous: Character = " "
        for character in pattern {
            defer { previous = character }
            if isEscaped {
                isEscaped = false
                // Not the end of a group.
                continue
            }
            switch character {
            case "\\": isEscaped = true
            case "[": inClass = true
            case "]": inClass = false
            case "*", "+", "{":
                if inClass { break }
                if previous == ")" {
                    for _ in 0..<min(text.utf8.count, 64) { ways *= 2 }
                } else {
                    ways *= length
                }
            default: break
            }
        }
        // The first repetition only moves along the text.
        return ways / length
    }
}
