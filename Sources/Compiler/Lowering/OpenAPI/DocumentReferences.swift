// `$ref` within an OpenAPI document: JSON pointers to other parts of it.

/// Finds the parts that references name (RFC 6901; OpenAPI specification 3.0, "Reference Object").
struct DocumentReferences {
    /// How many references may lead from one to the next.
    static let maximumLength = 16

    /// The whole document.
    let root: Value

    /// A value, or what it refers to; nil where it refers to nothing, or to itself.
    func target(of value: Value) -> Value? {
        var value = value
        for _ in 0..<Self.maximumLength {
            guard let reference = value["$ref"]?.text else { return value }
            guard let next = part(reference) else { return nil }
            value = next
        }
        return nil
    }

    /// The part that a pointer such as `#/components/schemas/Pet` names.
    private func part(_ reference: String) -> Value? {
        guard reference.hasPrefix("#/") else { return nil }
        var value = root
        for segment in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(segment).replacing("~1", with: "/").replacing("~0", with: "~")
            guard let member = value[name] else { return nil }
            value = member
        }
        return value
    }
}
