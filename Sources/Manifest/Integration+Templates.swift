// What of an integration the proxy can serve, and which mapping templates are fixed text.

extension Integration {
    /// What it needs in an API of a kind that the proxy does not have, in the words of templates; nil for one that is
    /// served.
    package func unserved(in kind: APIKind) -> String? {
        switch (self.kind, kind) {
        case (.mock, .rest), (.http, .rest), (.httpProxy, .rest), (.httpProxy, .http): break
        case (.aws, .rest) where function != nil: break
        default: return self.kind.rawValue
        }
        return hasFixedTemplates ? nil : "\(self.kind.rawValue) with mapping templates"
    }

    /// Whether all that it needs beyond the proxy is the Velocity Template Language: such a template is a bad one to the
    /// proxy, and what API Gateway answers for those is 500.
    package func hasBadTemplates(in kind: APIKind) -> Bool {
        !hasFixedTemplates && unserved(in: kind) != self.kind.rawValue
    }

    /// Whether every body that it maps is fixed text.
    package var hasFixedTemplates: Bool {
        let templates = Array(templates.values) + responses.values.flatMap(\.templates.values)
        return templates.allSatisfy { Self.isFixed($0) }
    }

    /// Whether a template has neither references, such as `$input.body`, nor directives, such as `#set`, of the Velocity
    /// Template Language: what it says is then always the same (Velocity user guide, "References" and "Directives").
    package static func isFixed(_ template: String) -> Bool {
        let text = Array(template.utf8)
        func letter(_ index: Int) -> Bool { text.indices.contains(index) && text[index] | 0x20 &- 97 < 26 }
        func opens(_ index: Int) -> Bool { text.indices.contains(index) && text[index] == UInt8(ascii: "{") }
        for (index, byte) in text.enumerated() {
            let next = index + 1
            switch byte {
            case UInt8(ascii: "$"):
                let quiet = text.indices.contains(next) && text[next] == UInt8(ascii: "!") ? next + 1 : next
                if letter(quiet) || (text.indices.contains(quiet) && text[quiet] == UInt8(ascii: "_")) { return false }
                if opens(quiet), letter(quiet + 1) { return false }
            case UInt8(ascii: "#"):
                guard text.indices.contains(next) else { continue }
                // `##` and `#*` are comments, `#[[` is text that is not looked at; `#fff` is a colour.
                if "#*[".utf8.contains(text[next]) { return false }
                let start = opens(next) || text[next] == UInt8(ascii: "@") ? next + 1 : next
                let word = String(decoding: text[start...].prefix { $0 | 0x20 &- 97 < 26 }, as: UTF8.self)
                if directives.contains(word) { return false }
            default: break
            }
        }
        return true
    }

    private static let directives: Set<String> = [
        "set", "if", "elseif", "else", "end", "foreach", "include", "parse", "stop", "break", "evaluate", "define",
        "macro",
    ]
}
