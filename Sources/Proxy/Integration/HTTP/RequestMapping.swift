// What a REST API puts into requests to integrations, and where it takes it from.

internal import Manifest

/// The parameter mapping of an integration request: `integration.request.header.X` by `method.request.querystring.y`
/// (developer guide, "Data mapping reference").
struct RequestMapping: Sendable {
    /// A field or a parameter of the query.
    struct Target: Sendable {
        let name: [UInt8]
        let known: FieldName
        let source: MappingSource
    }

    private(set) var fields: [Target] = []
    private(set) var queries: [Target] = []
    /// The parameters of the URL by name.
    private(set) var paths: [String: MappingSource] = [:]
    /// Whether a field of each name makes the gateway fail (recorded behaviour).
    private let isForbidden: @Sendable (Target) -> Bool

    /// - Throws: `MappingFailure` for an expression that this version does not have.
    init(_ parameters: [String: String], kind: RouteIntegration.Kind, key: RouteKey) throws(MappingFailure) {
        for (target, expression) in parameters.sortedByCodePoint {
            guard let source = MappingSource(rest: expression, key: key) else {
                throw MappingFailure("request_mapping_not_supported")
            }
            if let name = target.suffix(after: "integration.request.header.") {
                guard name.utf8.allSatisfy(\.isTokenCharacter) else {
                    throw MappingFailure("request_mapping_not_supported")
                }
                let field = Target(name, source)
                if !Self.isDropped(field, kind) { fields.append(field) }
            } else if let name = target.suffix(after: "integration.request.querystring.") {
                queries.append(Target(name, source))
            } else if let name = target.suffix(after: "integration.request.path.") {
                paths[name] = source
            } else {
                throw MappingFailure("request_mapping_not_supported")
            }
        }
        isForbidden = { Self.isForbidden($0, kind) }
    }

    /// Whether it looks at the request's content.
    var readsBody: Bool {
        (fields + queries).contains { $0.source.readsRequestBody } || paths.values.contains(where: \.readsRequestBody)
    }

    /// The fields that a request gets.
    ///
    /// - Throws: the gateway's error for a field that may not be mapped, and for a value that no field can have.
    func values(_ exchange: Exchange) throws(GatewayError) -> [(target: Target, value: [UInt8])] {
        var values: [(target: Target, value: [UInt8])] = []
        for field in fields {
            guard let value = field.source.value(exchange) else { continue }
            guard !isForbidden(field) else {
                throw .badConfiguration(.rest, detail: "mapped_header_forbidden")
            }
            guard value.allSatisfy(\.isFieldValueCharacter) else { throw .unmappableValue() }
            values.append((field, value))
        }
        return values
    }

    /// Fields that never reach an integration, whoever sets them.
    private static func isDropped(_ field: Target, _ kind: RouteIntegration.Kind) -> Bool {
        switch field.known {
        // A function is asked by the Invoke API, where these are errors.
        case .expect, .proxyAuthenticate, .te: kind != .aws
        case .via: kind != .aws
        case .keepAlive, .proxyConnection, .trailer, .upgrade: true
        case .connection: kind != .aws
        case .other: kind == .aws && field.isNamed("referer")
        default: false
        }
    }

    private static func isForbidden(_ field: Target, _ kind: RouteIntegration.Kind) -> Bool {
        switch field.known {
        case .contentLength, .transferEncoding, .xAmznTraceId: true
        case .authorization, .connection, .expect, .proxyAuthenticate, .te: kind == .aws
        default: field.isNamed("x-amzn-apigateway-api-id")
        }
    }
}

extension RequestMapping.Target {
    init(_ name: String, _ source: MappingSource) {
        self.name = Array(name.utf8)
        known = self.name.withUnsafeBytes { FieldName($0) }
        self.source = source
    }

    func isNamed(_ text: StaticString) -> Bool { name.withUnsafeBytes { $0.equalsIgnoringCase(text) } }

    func isNamed(_ text: UnsafeRawBufferPointer) -> Bool { name.withUnsafeBytes { $0.equalsIgnoringCase(text) } }
}
