// Places where SAM takes no function, since it reads the text of the template before functions are evaluated.

internal import Diagnostics

extension Lowering {
    /// Reports a function where SAM wants the value itself; what is unknown or a secret is reported elsewhere.
    ///
    /// `AWS::LanguageExtensions` evaluates what it can before SAM reads the template.
    ///
    /// - Parameters:
    ///   - property: what SAM reads.
    ///   - taken: the functions that it takes there.
    mutating func checkLiteral(_ property: Property, besides taken: [String] = []) {
        guard !template.hasLanguageExtensions, property.value.firstUnknown == nil,
            let function = property.value.function, !taken.contains(function)
        else { return }
        diagnostics.emit(.functionRefused(function, property))
    }
}

extension DiagnosticCode {
    static let functionRefused = DiagnosticCode(
        "function-refused",
        .error,
        """
        SAM makes routes, and who may call them, of what stands in the template, before functions are evaluated. At \
        this place it takes no function: it refuses the template, or leaves out the `Auth` of an event, which opens \
        its route. Write the value. Where it is not the same in every deployment, write one resource for each, with a \
        `Condition`.
        """
    )
}

extension Diagnostic {
    fileprivate static func functionRefused(_ function: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .functionRefused,
            """
            \(property.words) takes no '\(function)' in SAM: write the value, or one resource for each value, with a \
            'Condition'
            """,
            at: property.span
        )
    }
}
