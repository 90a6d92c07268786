// `--parameter-overrides` in both of SAM CLI's spellings.

/// Why the argument of `--parameter-overrides` cannot be read.
package struct ParameterOverridesError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// Values for the parameters of a template, as they are given on the command line.
package enum ParameterOverrides {
    private static let filePrefix = "file://"

    /// Reads `ParameterKey=K,ParameterValue=V`, `K=V` and `file://PATH`, several in one argument parted by spaces, or one
    /// in each.
    ///
    /// A value with spaces stands in quotes (`K="a b"`, single ones too), within which a backslash takes the meaning
    /// from a quote or a backslash. Elsewhere quotes are characters like others: `K={"a":1}`.
    ///
    /// - Parameter arguments: the arguments of the option, in order.
    /// - Returns: the values and files in their order; of several values for one name the last counts.
    /// - Throws: `ParameterOverridesError` that names the part that is neither.
    package static func parse(_ arguments: [String]) throws(ParameterOverridesError) -> [ParameterOverride] {
        var overrides: [ParameterOverride] = []
        for argument in arguments {
            var rest = Substring(argument).drop(while: \.isWhitespace)
            while !rest.isEmpty {
                if rest.hasPrefix(filePrefix) {
                    overrides.append(.file(path: try path(&rest)))
                } else {
                    let (name, value) = try item(&rest)
                    overrides.append(.value(name: name, value: value))
                }
                rest = rest.drop(while: \.isWhitespace)
            }
        }
        return overrides
    }

    /// Takes `file://PATH` from the beginning of `rest`.
    private static func path(_ rest: inout Substring) throws(ParameterOverridesError) -> String {
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        guard word.count > filePrefix.count else {
            throw ParameterOverridesError(description: "'\(word)' names no file; write 'file://parameters.yaml'")
        }
        return String(word.dropFirst(filePrefix.count))
    }

    /// Takes one assignment from the beginning of `rest`.
    private static func item(_ rest: inout Substring) throws(ParameterOverridesError) -> (String, String) {
        let whole = rest
        // The shell may have left quotes around all of it: `"K=a b"`.
        if let quote = rest.first, quote == "\"" || quote == "'" {
            var inner = try Substring(quoted(&rest))
            let name = try self.name(&inner, of: whole)
            return (name, String(inner))
        }
        let name = try self.name(&rest, of: whole)
        if let quote = rest.first, quote == "\"" || quote == "'" { return (name, try quoted(&rest)) }
        let value = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(value.count)
        return (name, String(value))
    }

    private static func name(_ rest: inout Substring, of whole: Substring) throws(ParameterOverridesError) -> String {
        let word = whole.prefix { !$0.isWhitespace }
        let isLong = rest.hasPrefix("ParameterKey=")
        if isLong { rest = rest.dropFirst("ParameterKey=".count) }
        let name = rest.prefix { $0 != "=" && $0 != "," && !$0.isWhitespace }
        let separator = isLong ? ",ParameterValue=" : "="
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty, rest.hasPrefix(separator) else {
            throw ParameterOverridesError(
                description: isLong
                    ? "'\(word)' is not of the form 'ParameterKey=NAME,ParameterValue=VALUE'"
                    : "'\(word)' is not of the form 'NAME=VALUE'; a value with spaces needs quotes: 'NAME=\"a b\"'"
            )
        }
        rest = rest.dropFirst(separator.count)
        return String(name)
    }

    /// Takes a text in quotes, and nothing may follow it but white space.
    private static func quoted(_ rest: inout Substring) throws(ParameterOverridesError) -> String {
        let whole = rest
        guard let quote = rest.popFirst() else { return "" }
        var text = ""
        while let character = rest.popFirst() {
            if character == quote {
                guard rest.first?.isWhitespace ?? true else { break }
                return text
            }
            if character == "\\", let next = rest.first, next == quote || next == "\\" {
                text.append(next)
                rest.removeFirst()
            } else {
                text.append(character)
            }
        }
        throw ParameterOverridesError(description: "the quotes of '\(whole)' are not closed, or text follows them")
    }
}
