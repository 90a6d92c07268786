// JSON text from a value: the one canonical spelling that files have, and a compact one for lines.

extension JSONValue {
    /// Two spaces a level, members in their order, UTF-8 unescaped, a newline at the end.
    package var canonicalText: String {
        var text = ""
        JSONPrinter.write(self, indentation: 0, pretty: true, to: &text)
        text += "\n"
        return text
    }

    /// One line without spaces.
    package var compactText: String {
        var text = ""
        JSONPrinter.write(self, indentation: 0, pretty: false, to: &text)
        return text
    }
}

private enum JSONPrinter {
    static func write(_ value: JSONValue, indentation: Int, pretty: Bool, to text: inout String) {
        switch value {
        case .null: text += "null"
        case .boolean(let truth): text += truth ? "true" : "false"
        case .integer(let number): text += String(number)
        case .real(let number): text += number.isFinite ? String(number) : "null"
        case .string(let string): write(string, to: &text)
        case .array(let elements):
            write(elements, between: "[", and: "]", indentation: indentation, pretty: pretty, to: &text) {
                write($0, indentation: indentation + 1, pretty: pretty, to: &$1)
            }
        case .object(let object):
            write(object.members, between: "{", and: "}", indentation: indentation, pretty: pretty, to: &text) {
                write($0.key, to: &$1)
                $1 += pretty ? ": " : ":"
                write($0.value, indentation: indentation + 1, pretty: pretty, to: &$1)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        between open: String,
        and close: String,
        indentation: Int,
        pretty: Bool,
        to text: inout String,
        element: (Element, inout String) -> Void
    ) {
        text += open
        for (index, item) in elements.enumerated() {
            if index > 0 { text += "," }
            if pretty { text += "\n" + String(repeating: "  ", count: indentation + 1) }
            element(item, &text)
        }
        if pretty && !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indentation) }
        text += close
    }

    static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
