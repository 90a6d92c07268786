// Text from outside in a line of a log.

/// How values that others have chosen are spelled in log lines.
package enum LogText {
    /// A value as it stands after `key=`: in quotes where it has white space, quotes or control characters, so that it
    /// cannot end the line, pass for another value or reach a terminal.
    package static func value(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) || $0 == " " || $0 == "\"" }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "\"") { line, scalar in
            switch scalar {
            case "\"", "\\": line += "\\\(scalar)"
            case _ where isControl(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        } + "\""
    }

    /// Whether a scalar is a control character or ends a line.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }
}
