// What a node may be read as.
//
// Every reading is nil for a node with a local tag such as `!Ref`, so that an intrinsic function is never taken for its
// argument; `untagged` is the argument.

extension YAMLNode {
    /// The node without its tag.
    package var untagged: YAMLNode { tag == nil ? self : YAMLNode(content, span: span) }

    /// The scalar of a node without a tag.
    package var scalar: Scalar? {
        guard tag == nil, case .scalar(let scalar) = content else { return nil }
        return scalar
    }

    /// The text of every scalar but null, as it is written: `012` and `1.0` keep their zeros, `yes` stays `yes`.
    package var string: String? {
        guard let scalar, !scalar.isNull else { return nil }
        return scalar.text
    }

    /// `true`, `yes`, `on`, `false`, `no`, `off`; see `Scalar.boolean`.
    package var boolean: Bool? { scalar?.boolean }

    /// A whole number; see `Scalar.integer`.
    package var integer: Int? { scalar?.integer }

    /// Whether nothing stands here: `~`, `null` or no text at all, unquoted.
    package var isNull: Bool { scalar?.isNull ?? false }

    /// The elements of a list.
    package var elements: [YAMLNode]? {
        guard tag == nil, case .sequence(let elements) = content else { return nil }
        return elements
    }

    /// The members of a mapping, in the order of the text.
    package var mapping: [Entry]? {
        guard tag == nil, case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// A member of a mapping.
    package func entry(_ key: String) -> Entry? { mapping?.first { $0.key == key } }

    /// The value of a member of a mapping.
    package subscript(key: String) -> YAMLNode? { entry(key)?.value }

    /// What the node is, for messages: "a mapping", "a list", "a text", "'!Ref'", …
    package var kind: String {
        if let tag { return "'\(tag)'" }
        switch content {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .scalar(let scalar):
            if scalar.isNull { return "nothing" }
            guard scalar.isPlain else { return "a text" }
            return scalar.boolean != nil ? "a boolean" : scalar.isNumber ? "a number" : "a text"
        }
    }
}

/// The types of plain scalars by YAML 1.1 (<https://yaml.org/type/>), which PyYAML and so SAM CLI and CloudFormation
/// follow, without the parts that people do not mean: `y`, `n`, and numbers to the base of 60 such as `12:30`.
extension YAMLNode.Scalar {
    /// Plain and empty, `~`, `null`, `Null` or `NULL`.
    package var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// Plain `true yes on false no off` in lower case, capitalised or in capitals. Quoted, only `true` and `false`,
    /// which CloudFormation converts too.
    package var boolean: Bool? {
        switch text {
        case "true": return true
        case "false": return false
        case "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return isPlain ? true : nil
        case "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return isPlain ? false : nil
        default: return nil
        }
    }

    /// Plain: decimal, octal with a leading zero (`017` is 15), `0x1F`, `0b101`, underscores between digits allowed.
    /// Quoted: decimal only, which CloudFormation converts too. Nil beyond 64 bits.
    package var integer: Int? {
        let isNegative = text.hasPrefix("-")
        var digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        var radix = 10
        if isPlain {
            if digits.hasPrefix("0x") {
                (radix, digits) = (16, digits.dropFirst(2))
            } else if digits.hasPrefix("0b") {
                (radix, digits) = (2, digits.dropFirst(2))
            } else if digits.count > 1, digits.hasPrefix("0") {
                (radix, digits) = (8, digits.dropFirst())
            }
        }
        let plain = isPlain ? digits.filter { $0 != "_" } : String(digits)
        guard plain.first != "+", plain.first != "-" else { return nil }
        return Int((isNegative ? "-" : "") + plain, radix: radix)
    }

    /// Plain and a whole number or one with a decimal point, an exponent, or one of `.inf` and `.nan`.
    package var isNumber: Bool {
        guard isPlain else { return false }
        if integer != nil { return true }
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(unsigned) { return true }
        guard let first = unsigned.utf8.first, first == UInt8(ascii: ".") || first &- UInt8(ascii: "0") < 10 else {
            return false
        }
        let allowed = unsigned.utf8.allSatisfy { byte in
            byte &- UInt8(ascii: "0") < 10 || "_.eE+-".utf8.contains(byte)
        }
        return allowed && Double(unsigned.filter { $0 != "_" }) != nil
    }
}
