// The four kinds of texts in TOML.

internal import Diagnostics

extension TOMLReader {
    /// A text in one pair of quotes, on one line.
    mutating func quotedText() throws(TOMLFault) -> String {
        let quote = peek
        advance()
        var text = ""
        while let scalar = peek, scalar != quote {
            guard scalar != "\n", scalar != "\r" else { throw fault("the quotes are not closed on this line") }
            if scalar == "\\", quote == "\"" {
                try escape(into: &text)
            } else {
                try take(scalar, into: &text)
            }
        }
        guard peek == quote else { throw fault("the quotes are not closed") }
        advance()
        return text
    }

    /// A text in three pairs of quotes, on any number of lines.
    mutating func longText() throws(TOMLFault) -> String {
        guard let quote = peek else { return "" }
        let start = position
        advance(by: 3)
        if peek == "\n" {
            advance()
        } else if peek == "\r", peek(at: 1) == "\n" {
            advance(by: 2)
        }
        var text = ""
        while let scalar = peek {
            if scalar == quote, peek(at: 1) == quote, peek(at: 2) == quote {
                // Up to two quotes may stand before the three that end it.
                var count = 3
                while count < 5, peek(at: count) == quote { count += 1 }
                for _ in 3..<count { text.unicodeScalars.append(quote) }
                advance(by: count)
                return text
            }
            if scalar == "\\", quote == "\"" {
                try escape(into: &text, isLong: true)
            } else if scalar == "\n" || (scalar == "\r" && peek(at: 1) == "\n") {
                text.unicodeScalars.append(scalar)
                advance()
            } else {
                try take(scalar, into: &text)
            }
        }
        throw TOMLFault(message: "the quotes are not closed", position: start)
    }

    private mutating func take(_ scalar: Unicode.Scalar, into text: inout String) throws(TOMLFault) {
        guard !scalar.isTOMLControl else { throw fault("a control character cannot stand in a text; escape it") }
        text.unicodeScalars.append(scalar)
        advance()
    }

    private mutating func escape(into text: inout String, isLong: Bool = false) throws(TOMLFault) {
        let plain: [Unicode.Scalar: Unicode.Scalar] = [
            "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
        ]
        guard let scalar = peek(at: 1) else { throw fault("the quotes are not closed") }
        if let meant = plain[scalar] {
            text.unicodeScalars.append(meant)
            return advance(by: 2)
        }
        switch scalar {
        case "u": try escapeNumber(digits: 4, into: &text)
        case "U": try escapeNumber(digits: 8, into: &text)
        case " ", "\t", "\r", "\n":
            guard isLong else { fallthrough }
            try skipBrokenLine()
        default: throw fault("there is no escape '\\\(scalar)'; a backslash is written '\\\\'")
        }
    }

    private mutating func escapeNumber(digits: Int, into text: inout String) throws(TOMLFault) {
        var number: UInt32 = 0
        for offset in 2..<(2 + digits) {
            guard let scalar = peek(at: offset), scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                throw fault("this escape has \(digits) hexadecimal digits")
            }
            number = number << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(number) else { throw fault("there is no character of this number") }
        text.unicodeScalars.append(scalar)
        advance(by: 2 + digits)
    }

    /// A backslash at the end of a line takes away all white space up to the next character.
    private mutating func skipBrokenLine() throws(TOMLFault) {
        let start = self
        advance()
        skipBlanks()
        guard peek == "\n" || (peek == "\r" && peek(at: 1) == "\n") else {
            throw start.fault("behind a backslash at the end of a line nothing may follow")
        }
        while let scalar = peek, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
            guard scalar != "\r" || peek(at: 1) == "\n" else {
                throw fault("a carriage return stands here without a line feed")
            }
            advance()
        }
    }
}
