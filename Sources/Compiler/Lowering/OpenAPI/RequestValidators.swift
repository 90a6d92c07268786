// The request validators that a document declares.

internal import Diagnostics

/// `x-amazon-apigateway-request-validators`, and the one that operations have that name none.
struct RequestValidators {
    /// What a validator checks.
    struct Scope {
        var checksBody = false
        var checksParameters = false
    }

    private var scopes: [String: Scope] = [:]
    private var standard: String?

    init(_ document: Properties, into diagnostics: inout DiagnosticCollector) {
        standard = document["x-amazon-apigateway-request-validator"]?
            .text(unknown: .settingUnknown, into: &diagnostics)
        let validators = document["x-amazon-apigateway-request-validators"]?
            .properties(unknown: .settingUnknown, into: &diagnostics)
        for validator in validators?.all ?? [] {
            guard let settings = validator.properties(unknown: .settingUnknown, into: &diagnostics) else { continue }
            var scope = Scope()
            scope.checksBody = settings["validateRequestBody"]?.boolean(into: &diagnostics) ?? false
            scope.checksParameters = settings["validateRequestParameters"]?.boolean(into: &diagnostics) ?? false
            scopes[validator.name] = scope
        }
    }

    /// What is checked of the requests of an operation; nil for nothing.
    func scope(of operation: Properties, into diagnostics: inout DiagnosticCollector) -> Scope? {
        let property = operation["x-amazon-apigateway-request-validator"]
        let name = property?.text(unknown: .settingUnknown, into: &diagnostics) ?? standard
        guard let name else { return nil }
        if let scope = scopes[name] { return scope }
        if let property { diagnostics.emit(.validatorUnknown(name, property, known: scopes.keys.sorted())) }
        return nil
    }
}

extension DiagnosticCode {
    static let validatorUnknown = DiagnosticCode(
        "validator-unknown",
        .error,
        """
        An operation names a request validator that the document does not declare under \
        `x-amazon-apigateway-request-validators`.
        """
    )
}

extension Diagnostic {
    fileprivate static func validatorUnknown(_ name: String, _ property: Property, known: [String]) -> Diagnostic {
        Diagnostic(
            .validatorUnknown,
            "\(property.words) names no validator of the document: '\(name)'\(didYouMean(name, among: known))",
            at: property.span
        )
    }
}
