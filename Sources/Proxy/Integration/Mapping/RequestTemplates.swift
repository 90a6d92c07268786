// The bodies that a REST API sends to integrations in place of the client's.

internal import Manifest

/// The request templates of an integration.
struct RequestTemplates: Sendable {
    /// What becomes of the content of a request.
    enum Choice {
        /// A template's text takes its place.
        case text([UInt8])
        /// It goes on as it is.
        case passThrough
        /// There is no template for it, and nothing else may pass.
        case refused
    }

    /// The texts by media type in lower case.
    private let texts: [(type: [UInt8], text: [UInt8])]
    private let standard: [UInt8]?
    private let passesUnmatched: Bool

    /// - Throws: `MappingFailure` for templates with variables, and for a rule that there is not.
    init(_ integration: RouteIntegration) throws(MappingFailure) {
        guard integration.hasFixedTemplates else { throw MappingFailure("template_language_not_supported") }
        texts = integration.templates.sortedByCodePoint.filter { $0.key != "$default" }
            .map { (Array($0.key.lowercased().utf8), Array($0.value.utf8)) }
        standard = integration.templates["$default"].map { Array($0.utf8) }
        switch integration.passthrough?.uppercased() {
        case nil, "WHEN_NO_MATCH": passesUnmatched = true
        case "WHEN_NO_TEMPLATES": passesUnmatched = integration.templates.isEmpty
        case "NEVER": passesUnmatched = false
        default: throw MappingFailure("passthrough_not_supported")
        }
    }

    /// Whether the client's own content may go on.
    var mayPassThrough: Bool { passesUnmatched && standard == nil }

    /// What becomes of the content of a request, by its `Content-Type`; none counts as `application/json`.
    func choice(_ exchange: Exchange) -> Choice {
        exchange.head.fields.withValue(of: .contentType) { value in
            let end = value?.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? value?.count ?? 0
            let type = value?.slice(0, end).trimmed
            let match = texts.first { candidate in
                candidate.type.withUnsafeBytes {
                    type?.equalsIgnoringCase($0) ?? $0.equalsIgnoringCase("application/json")
                }
            }
            if let text = match?.text ?? standard { return .text(text) }
            return passesUnmatched ? .passThrough : .refused
        }
    }
}

extension GatewayError {
    /// No template takes the content's media type, and it may not pass without one (REST).
    static func unsupportedMediaType() -> GatewayError {
        GatewayError(
            type: .unsupportedMediaType,
            status: 415,
            message: "Unsupported Media Type",
            spelling: .spaced,
            errorType: "BadRequestException",
            detail: "request_template_missing"
        )
    }

    /// A client's value cannot stand where it is mapped to.
    static func unmappableValue() -> GatewayError {
        GatewayError(
            type: .badRequestParameters,
            status: 400,
            message: "Bad Request",
            errorType: "BadRequestException",
            detail: "mapped_value_malformed"
        )
    }
}
