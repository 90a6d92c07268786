// What the tag of a node says about it.

/// A tag as libyaml resolves it.
struct YAMLTag {
    private static let standardPrefix = "tag:yaml.org,2002:"

    private let text: String?

    init(_ text: String?) { self.text = text }

    /// `!Ref` and the like; nil for none, for YAML's own tags, and for the `!` that makes a text of a plain value.
    var local: String? {
        guard let text, text.hasPrefix("!"), text != "!" else { return nil }
        return text
    }

    private var standard: Substring? {
        guard let text, text.hasPrefix(Self.standardPrefix) else { return nil }
        return text.dropFirst(Self.standardPrefix.count)
    }

    private var unknown: String { "the tag '\(standard.map { "!!\($0)" } ?? text ?? "")' is not known" }

    /// The scalar under this tag, and what is wrong with the pair.
    func apply(to scalar: YAMLNode.Scalar) -> (value: YAMLNode.Scalar, fault: String?) {
        guard let text, local == nil else { return (scalar, nil) }
        let quoted = YAMLNode.Scalar(text: scalar.text, isPlain: false)
        let plain = YAMLNode.Scalar(text: scalar.text, isPlain: true)
        let fits: Bool
        switch standard {
        case nil where text == "!": return (quoted, nil)
        case "str", "timestamp": return (quoted, nil)
        case "null": fits = plain.isNull
        case "bool": fits = plain.boolean != nil
        case "int": fits = plain.integer != nil
        case "float": fits = plain.isNumber
        case "map", "seq": return (scalar, "the tag '!!\(standard ?? "")' does not fit a text")
        default: return (scalar, unknown)
        }
        return (plain, fits ? nil : "'\(scalar.text)' is no value of the type '!!\(standard ?? "")'")
    }

    /// What is wrong with this tag on a list (`seq`) or a mapping (`map`).
    func fault(onCollection kind: String) -> String? {
        guard let text, local == nil, text != "!" else { return nil }
        switch standard {
        case Substring(kind): return nil
        case "map", "seq", "str", "null", "bool", "int", "float", "timestamp":
            return "the tag '!!\(standard ?? "")' does not fit a \(kind == "map" ? "mapping" : "list")"
        default: return unknown
        }
    }
}
