// Dynamic references: values that other services keep, named in the text of a template.

internal import Diagnostics

/// A text's `{{resolve:service:…}}`: a value that CloudFormation fetches when it deploys.
struct DynamicReference {
    /// The reference as it stands, braces included.
    let text: String
    /// `ssm`, `ssm-secure` or `secretsmanager`.
    let service: String

    /// The first one in a text that is to a secret, else the first; nil where there is none.
    init?(in text: String) {
        // Nearly no text has one, and looking for a brace is quick.
        guard text.utf8.contains(UInt8(ascii: "{")) else { return nil }
        var found: DynamicReference?
        var count = 0
        var rest = text[...]
        while let start = rest.firstRange(of: "{{resolve:"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            let reference = DynamicReference(
                text: String(rest[start.lowerBound..<end.upperBound]),
                service: String(rest[start.upperBound..<end.lowerBound].prefix { $0 != ":" })
            )
            if found == nil || reference.isSecret { found = reference }
            if reference.isSecret { break }
            count += 1
            if count > 100 {
                // Nobody's template has so many in one text: what is not looked at may be a secret.
                found = DynamicReference(text: reference.text, service: "")
                break
            }
            rest = rest[end.upperBound...]
        }
        guard let found else { return nil }
        self = found
    }

    private init(text: String, service: String) {
        self.text = text
        self.service = service
    }

    /// Whether its value must not be shown.
    var isSecret: Bool { service != "ssm" }

    /// Why it is not known.
    var reason: String { "'\(text)' is fetched when the stack is deployed" }
}

extension Value {
    /// A text with a dynamic reference in it; one that is no secret can be written down as it stands.
    ///
    /// Where a part of the text is a secret, so may be the name within the reference: nothing of it is shown.
    static func unknown(_ reference: DynamicReference, in text: String, at span: Span, secretSource: String?) -> Value {
        if let secretSource {
            let reason = "the dynamic reference that it has is fetched when the stack is deployed"
            return .unknown(reason, at: span, secretSource: secretSource)
        }
        var value = Value.unknown(reference.reason, at: span, secretSource: reference.isSecret ? reference.text : nil)
        if !reference.isSecret { value.reference = text }
        return value
    }
}
