// What a REST API checks of a request by itself: parameters that must be there, and bodies.

internal import JSON
internal import Manifest
internal import NIOCore

/// The checks of one route (developer guide, "Request validation for REST APIs").
struct RequestValidator: Sendable {
    /// What has to be there; `source` is nil for a parameter that the route's path does not have.
    private let required: [(name: String, source: ParameterSource?)]
    /// The schemas by media type, in lower case.
    private let schemas: [(type: [UInt8], schema: JSONSchema)]

    /// - Throws: `JSONSchema.Failure` for a model that cannot be checked.
    init(_ validation: RequestValidation, key: RouteKey, models: [String: JSONValue]) throws(JSONSchema.Failure) {
        // In the order of the keys headers come first, then the path, then the query.
        required = Set(validation.requiredParameters).sorted {
            Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
        }
        .map { text in
            let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
            return (parts.count == 4 ? String(parts[3]) : text, ParameterSource(rest: text, key: key))
        }
        var schemas: [(type: [UInt8], schema: JSONSchema)] = []
        for (type, model) in validation.models.sortedByCodePoint {
            schemas.append((Array(type.lowercased().utf8), try JSONSchema(model: model, of: models)))
        }
        self.schemas = schemas
    }

    /// The error for parameters that are absent or blank; nil where all are there.
    func missingParameters(_ exchange: Exchange) -> GatewayError? {
        let missing = required.filter { parameter in
            guard let value = parameter.source?.value(exchange) else { return true }
            return value.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        }
        return missing.isEmpty ? nil : .missingParameters(missing.map(\.name))
    }

    /// The schema for the content of a request; nil where its media type has no model.
    func schema(_ exchange: Exchange) -> JSONSchema? {
        guard !schemas.isEmpty else { return nil }
        return exchange.head.fields.withValue(of: .contentType) { value in
            guard let value, !value.isEmpty else { return schema(of: Array("application/json".utf8)) }
            let end = value.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? value.count
            return schema(of: value.slice(0, end).trimmed.map(\.lowercased))
        }
    }

    private func schema(of type: [UInt8]) -> JSONSchema? { schemas.first { $0.type == type }?.schema }

    /// The error for content that its schema does not allow; nil for content that it does. No content is `{}`.
    func invalidContent(_ exchange: Exchange, _ schema: JSONSchema) -> GatewayError? {
        var value = JSONValue.object(JSONObject())
        if exchange.content.readableBytes > 0 {
            do throws(JSONSyntaxError) { value = try JSONParser.parse(exchange.content.readableBytesView) } catch {
                return .invalidContent(["instance is not JSON (\(error))"], detail: "content_not_json")
            }
        }
        let faults = schema.faults(of: value)
        return faults.isEmpty ? nil : .invalidContent(faults, detail: "content_invalid")
    }
}
