// Fields that the parameter mapping of HTTP APIs may not touch.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Reports the mappings of fields that API Gateway reserves (developer guide, "Transform API requests and responses
    /// for HTTP APIs", reserved headers).
    mutating func checkReservedFields(_ integration: IntegrationDraft) {
        let mappings = [integration.parameters] + integration.responses.map(\.parameters)
        for mapping in mappings {
            for member in mapping?.value.members ?? [] {
                guard let marker = member.key.firstRange(of: ":header.") else { continue }
                let field = String(member.key[marker.upperBound...])
                if ReservedFields.contains(field.lowercased()) {
                    diagnostics.emit(.fieldReserved(field, integration, at: member.keySpan))
                }
            }
        }
    }
}

extension DiagnosticCode {
    static let fieldReserved = DiagnosticCode(
        "field-reserved",
        .error,
        """
        The parameter mapping of an HTTP API may not touch this field: API Gateway keeps `Authorization`, \
        `Content-Length`, `Via`, `access-control-*`, `x-amz-*` and others for itself, and refuses the integration.
        """
    )
}

extension Diagnostic {
    fileprivate static func fieldReserved(_ field: String, _ integration: IntegrationDraft, at span: Span) -> Diagnostic
    {
        Diagnostic(
            .fieldReserved,
            "the parameter mapping of \(integration.owner) may not touch '\(field)': API Gateway reserves it",
            at: span
        )
    }
}
