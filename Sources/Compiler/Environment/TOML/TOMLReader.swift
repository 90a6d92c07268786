// The characters of a TOML text, keys and assignments, arrays and tables in braces.

internal import Diagnostics

/// A place in a text that moves forward.
struct TOMLReader {
    let file: String
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private(set) var position = SourcePosition(line: 1, column: 1)

    init(_ text: String, file: String) {
        self.file = file
        scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { index = 1 }
    }

    // MARK: - Characters

    /// The next character; nil at the end.
    var peek: Unicode.Scalar? { peek(at: 0) }

    func peek(at offset: Int) -> Unicode.Scalar? {
        scalars.indices.contains(index + offset) ? scalars[index + offset] : nil
    }

    mutating func advance() {
        guard let scalar = peek else { return }
        index += 1
        if scalar == "\n" {
            position = SourcePosition(line: position.line + 1, column: 1)
        } else {
            position.column += 1
        }
    }

    mutating func advance(by count: Int) { for _ in 0..<count { advance() } }

    func hasPrefix(_ text: String) -> Bool {
        scalars[index...].starts(with: text.unicodeScalars)
    }

    /// The characters up to one that ends a value without quotes.
    func word() -> String {
        var word = String.UnicodeScalarView()
        for scalar in scalars[index...] {
            guard !" \t\r\n,]}#=".unicodeScalars.contains(scalar) else { break }
            word.append(scalar)
        }
        return String(word)
    }

    func fault(_ message: String) -> TOMLFault { TOMLFault(message: message, position: position) }

    func span(from start: SourcePosition) -> Span { Span(file: file, start: start, end: position) }

    mutating func expect(_ scalar: Unicode.Scalar, _ message: String) throws(TOMLFault) {
        skipBlanks()
        guard peek == scalar else { throw fault(message) }
        advance()
    }

    // MARK: - Space and comments

    mutating func skipBlanks() { while peek == " " || peek == "\t" { advance() } }

    /// Skips blanks, ends of lines and comments; whether anything follows.
    mutating func skipToStatement() throws(TOMLFault) -> Bool {
        try skipSpace()
        return peek != nil
    }

    /// Skips blanks, ends of lines and comments.
    mutating func skipSpace() throws(TOMLFault) {
        while true {
            skipBlanks()
            if peek == "#" { try skipComment() }
            guard try skipNewline() else { return }
        }
    }

    /// After a statement nothing but a comment may follow on its line.
    mutating func endOfLine() throws(TOMLFault) {
        skipBlanks()
        if peek == "#" { try skipComment() }
        guard peek != nil else { return }
        guard try skipNewline() else { throw fault("the end of the line is expected here") }
    }

    private mutating func skipNewline() throws(TOMLFault) -> Bool {
        if peek == "\r" {
            guard peek(at: 1) == "\n" else { throw fault("a carriage return stands here without a line feed") }
            advance()
        }
        guard peek == "\n" else { return false }
        advance()
        return true
    }

    private mutating func skipComment() throws(TOMLFault) {
        while let scalar = peek, scalar != "\n", !(scalar == "\r" && peek(at: 1) == "\n") {
            guard !scalar.isTOMLControl else { throw fault("a control character cannot stand in a comment") }
            advance()
        }
    }

    // MARK: - Keys

    /// A key with its dots.
    mutating func key() throws(TOMLFault) -> [TOMLKey] {
        var keys: [TOMLKey] = []
        while true {
            skipBlanks()
            keys.append(try simpleKey())
            guard keys.count <= TOMLParser.maximumDepth else { throw fault("the key has too many parts") }
            skipBlanks()
            guard peek == "." else { return keys }
            advance()
        }
    }

    private mutating func simpleKey() throws(TOMLFault) -> TOMLKey {
        let start = position
        if peek == "\"" || peek == "'" {
            guard !hasPrefix("\"\"\""), !hasPrefix("'''") else { throw fault("a key stands on one line") }
            let name = try quotedText()
            return TOMLKey(name: name, span: span(from: start))
        }
        var name = ""
        while let scalar = peek, scalar.isBareKey {
            name.unicodeScalars.append(scalar)
            advance()
        }
        guard !name.isEmpty else {
            throw fault("a key is expected here: letters, digits, '-' and '_', or a text in quotes")
        }
        return TOMLKey(name: name, span: span(from: start))
    }

    /// `key = value`, set in a table.
    mutating func assignment(into owner: TOMLTable, depth: Int = 0) throws(TOMLFault) {
        let keys = try key()
        var table = owner
        for key in keys.dropLast() { table = try table.descendDotted(key, from: owner, self) }
        guard let last = keys.last else { return }
        try table.checkIsNew(last, self)
        try expect("=", "'=' is expected behind the key '\(last.name)'")
        skipBlanks()
        table.set(last, .value(try value(depth: depth)))
    }

    // MARK: - Values

    mutating func value(depth: Int) throws(TOMLFault) -> SettingValue {
        guard depth < TOMLParser.maximumDepth else {
            throw fault("nested deeper than \(TOMLParser.maximumDepth) levels")
        }
        let start = position
        switch peek {
        case "\""?, "'"?:
            let text = try hasPrefix("\"\"\"") || hasPrefix("'''") ? longText() : quotedText()
            return SettingValue(.text(text), at: span(from: start))
        case "["?: return try array(depth: depth)
        case "{"?: return try inlineTable(depth: depth)
        default: return try plainValue()
        }
    }

    private mutating func array(depth: Int) throws(TOMLFault) -> SettingValue {
        let start = position
        advance()
        var elements: [SettingValue] = []
        while true {
            try skipSpace()
            if peek == "]" { break }
            elements.append(try value(depth: depth + 1))
            try skipSpace()
            if peek == "," {
                advance()
            } else if peek != "]" {
                throw fault("',' or ']' is expected here")
            }
        }
        advance()
        return SettingValue(.list(elements), at: span(from: start))
    }

    private mutating func inlineTable(depth: Int) throws(TOMLFault) -> SettingValue {
        let start = position
        advance()
        let table = TOMLTable.inline(at: span(from: start))
        skipBlanks()
        if peek != "}" {
            while true {
                try assignment(into: table, depth: depth + 1)
                skipBlanks()
                if peek == "}" { break }
                try expect(",", "',' or '}' is expected here; a table in braces stands on one line")
            }
        }
        advance()
        return SettingValue(table.value.content, at: span(from: start))
    }
}

extension Unicode.Scalar {
    fileprivate var isBareKey: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }

    /// A control character that TOML allows nowhere; a tab is none.
    var isTOMLControl: Bool { (value < 0x20 && value != 0x09) || value == 0x7F }
}
