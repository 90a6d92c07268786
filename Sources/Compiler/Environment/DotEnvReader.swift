// The lines of a file in `.env` format, by the grammar of python-dotenv 1.2.

internal import Diagnostics

/// Takes one assignment after the other from a text.
struct DotEnvReader {
    /// One assignment; `${…}` in its value is not replaced yet.
    struct Binding {
        let name: String
        let nameSpan: Span
        let value: String
        let valueSpan: Span
    }

    /// Why a line is none.
    private struct Fault: Error {
        let message: String
        let position: SourcePosition
    }

    /// Whether a line was reported.
    private(set) var hasFaults = false
    private let file: String
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var position = SourcePosition(line: 1, column: 1)

    init(_ text: String, file: String) {
        self.file = file
        scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { index = 1 }
    }

    /// The next assignment; nil at the end. Lines that are none are reported and skipped.
    mutating func next(into diagnostics: inout DiagnosticCollector) -> Binding? {
        while true {
            while let scalar = peek, scalar.properties.isWhitespace { advance() }
            guard let scalar = peek else { return nil }
            if scalar == "#" {
                skipLine()
                continue
            }
            do throws(Fault) { return try binding() } catch {
                hasFaults = true
                let place = Span(file: file, at: error.position)
                diagnostics.emit(Diagnostic(.environmentSyntax, error.message, at: place))
                skipLine()
            }
        }
    }

    private mutating func binding() throws(Fault) -> Binding {
        skipExport()
        let start = position
        let name = try name()
        let nameSpan = Span(file: file, start: start, end: position)
        skipBlanks()
        guard peek == "=" else {
            throw Fault(message: "'\(name)' has no value; write '\(name)=' for an empty one", position: start)
        }
        advance()
        let before = index
        skipBlanks()
        let valueStart = position
        let value: String
        switch peek {
        case nil, "\r"?, "\n"?: value = ""
        case "'"?, "\""?: value = try quoted()
        // Behind a blank it is a comment, directly behind the equals sign it is a value.
        case "#"? where index > before: value = ""
        default: value = plain()
        }
        let valueSpan = Span(file: file, start: valueStart, end: position)
        skipBlanks()
        if peek == "#" { while let scalar = peek, !scalar.isLineEnd { advance() } }
        if let scalar = peek, !scalar.isLineEnd {
            throw Fault(message: "nothing but a comment may follow the closing quote", position: position)
        }
        return Binding(name: name, nameSpan: nameSpan, value: value, valueSpan: valueSpan)
    }

    private mutating func skipExport() {
        let word = Array("export".unicodeScalars)
        guard scalars[index...].starts(with: word), let blank = peek(at: word.count), blank.isBlank else { return }
        for _ in word { advance() }
        skipBlanks()
    }

    private mutating func name() throws(Fault) -> String {
        var name = String.UnicodeScalarView()
        if peek == "'" {
            let start = position
            advance()
            while let scalar = peek, scalar != "'" {
                name.append(scalar)
                advance()
            }
            guard peek == "'", !name.isEmpty else {
                throw Fault(message: "the quotes of the name are not closed", position: start)
            }
            advance()
        } else {
            while let scalar = peek, scalar != "=", scalar != "#", !scalar.properties.isWhitespace {
                name.append(scalar)
                advance()
            }
        }
        guard !name.isEmpty else {
            throw Fault(message: "a name is expected here, as in 'NAME=value'", position: position)
        }
        return String(name)
    }

    /// Up to the end of the line or a comment, without the blanks before either.
    private mutating func plain() -> String {
        let start = index
        var afterBlank = false
        var rest = self
        while let scalar = rest.peek, !scalar.isLineEnd {
            if scalar == "#", afterBlank { break }
            afterBlank = scalar.properties.isWhitespace
            rest.advance()
            if !afterBlank { (index, position) = (rest.index, rest.position) }
        }
        var value = String.UnicodeScalarView()
        for scalar in scalars[start..<index] { value.append(scalar) }
        return String(value)
    }

    private mutating func quoted() throws(Fault) -> String {
        let start = position
        let quote = peek
        advance()
        var value = String.UnicodeScalarView()
        while let scalar = peek, scalar != quote {
            if scalar == "\\" {
                guard let next = peek(at: 1) else { break }
                if let meant = Self.escape(next, in: quote) {
                    value.append(meant)
                } else {
                    value.append(scalar)
                    value.append(next)
                }
                advance()
            } else {
                value.append(scalar)
            }
            advance()
        }
        guard peek == quote else { throw Fault(message: "the quotes are not closed", position: start) }
        advance()
        return String(value)
    }

    private static func escape(_ scalar: Unicode.Scalar, in quote: Unicode.Scalar?) -> Unicode.Scalar? {
        switch scalar {
        case "\\", "'": scalar
        case "\"" where quote == "\"": scalar
        case "a" where quote == "\"": "\u{7}"
        case "b" where quote == "\"": "\u{8}"
        case "f" where quote == "\"": "\u{C}"
        case "n" where quote == "\"": "\n"
        case "r" where quote == "\"": "\r"
        case "t" where quote == "\"": "\t"
        case "v" where quote == "\"": "\u{B}"
        default: nil
        }
    }

    // MARK: - Characters

    private var peek: Unicode.Scalar? { peek(at: 0) }

    private func peek(at offset: Int) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private mutating func advance() {
        guard let scalar = peek else { return }
        index += 1
        let isPair = scalar == "\r" && peek == "\n"
        if scalar.isLineEnd, !isPair {
            position = SourcePosition(line: position.line + 1, column: 1)
        } else {
            position.column += 1
        }
    }

    private mutating func skipBlanks() { while let scalar = peek, scalar.isBlank { advance() } }

    private mutating func skipLine() { while let scalar = peek, !scalar.isLineEnd { advance() } }
}

extension Unicode.Scalar {
    fileprivate var isLineEnd: Bool { self == "\n" || self == "\r" }
    fileprivate var isBlank: Bool { properties.isWhitespace && !isLineEnd }
}
