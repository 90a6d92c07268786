// The variables of `$context`, as access logs, templates and mappings name them.

internal import Manifest
internal import NIOCore

/// A variable of `$context`, found once and then written for each request.
///
/// (Developer guide, "Variables for data models, authorizers, mapping templates, and CloudWatch access logging" and
/// "Customize HTTP API access logs".)
struct ContextVariable: Sendable {
    /// The variables whose names are fixed.
    enum Name: String, CaseIterable, Sendable {
        case accountId, apiId, domainName, domainPrefix, extendedRequestId, httpMethod, path
        case sourceIp = "identity.sourceIp"
        case userAgent = "identity.userAgent"
        case integrationLatency, protocolName = "protocol"
        case requestId, requestTime, requestTimeEpoch, resourcePath, responseLatency, responseLength, routeKey
        case stage, status
        case basePathMatched = "customDomain.basePathMatched"
        case errorMessage = "error.message"
        case errorMessageString = "error.messageString"
        case errorResponseType = "error.responseType"
        case validationErrorString = "error.validationErrorString"
        /// Why the gateway answered in place of the handler; of this gateway's own.
        case detail
    }

    private enum Meaning: Sendable {
        case named(Name)
        /// What an authorizer has said: `principalId`, `claims.sub`, a key of its context.
        case authorizer(String)
    }

    private let meaning: Meaning

    init(_ name: Name) { meaning = .named(name) }

    /// - Parameter text: the name without `$context.`, such as `identity.sourceIp`.
    /// - Returns: nil for a variable that there is not.
    init?(_ text: String) {
        if let name = Name(rawValue: text) {
            meaning = .named(name)
        } else if text.hasPrefix("authorizer."), text.utf8.count > "authorizer.".utf8.count {
            meaning = .authorizer(String(text.dropFirst("authorizer.".count)))
        } else {
            return nil
        }
    }

    /// Writes the value as it is, unescaped.
    ///
    /// - Returns: whether there is one.
    func write(_ exchange: Exchange, to writer: ByteWriter) -> Bool {
        switch meaning {
        case .named(let name): return Self.write(name, exchange, writer)
        case .authorizer(let property):
            guard let value = exchange.authorizer?.properties[property] else { return false }
            writer.write(text: value)
            return true
        }
    }

    private static func write(_ name: Name, _ exchange: Exchange, _ writer: ByteWriter) -> Bool {
        switch name {
        case .accountId: writer.write(text: EventTemplate.accountID)
        case .apiId: writer.write(text: exchange.api.id)
        case .domainName: return write(exchange, .host, writer)
        case .domainPrefix: return write(exchange, .host, writer)
        case .extendedRequestId: exchange.requestID.withExtendedID { writer.write($0) }
        case .httpMethod: exchange.head.fields.withBytes { writer.write(exchange.head.method(in: $0)) }
        case .path: exchange.head.fields.withBytes { writer.write(exchange.head.path(in: $0)) }
        case .sourceIp: writer.write(exchange.remoteAddress)
        case .userAgent: return write(exchange, .userAgent, writer)
        case .integrationLatency: return write(exchange.integrationStart, exchange.integrationEnd, writer)
        case .protocolName: writer.write("HTTP/1.1")
        case .requestId:
            switch exchange.api.kind {
            case .rest: exchange.requestID.withUUID { writer.write($0) }
            case .http: exchange.requestID.withExtendedID { writer.write($0) }
            }
        case .requestTime: writer.write(exchange.loop.clock.eventDate)
        case .requestTimeEpoch: writer.write(decimal: exchange.startTime.milliseconds)
        case .resourcePath: return write(exchange.route?.key.pathText, writer)
        case .responseLatency: return write(exchange.start, .now(), writer)
        case .responseLength: writer.write(decimal: exchange.responseBytes)
        case .routeKey: return write(exchange.route?.name, writer)
        case .basePathMatched: return write(exchange.basePath, writer)
        case .stage: writer.write(text: exchange.api.stage)
        case .status: writer.write(decimal: exchange.status)
        case .errorMessage: return write(exchange.error?.message, writer)
        case .errorMessageString:
            guard let error = exchange.error else { return false }
            if let message = error.message { writer.write(jsonString: message) } else { writer.write("null") }
        case .errorResponseType: return write(exchange.error?.type.rawValue, writer)
        case .validationErrorString: return write(exchange.error?.validationError, writer)
        case .detail:
            guard let detail = exchange.detail else { return false }
            writer.write(detail)
        }
        return true
    }

    private static func write(_ text: String?, _ writer: ByteWriter) -> Bool {
        guard let text else { return false }
        writer.write(text: text)
        return true
    }

    private static func write(_ exchange: Exchange, _ field: FieldName, _ writer: ByteWriter) -> Bool {
        exchange.head.fields.withValue(of: field) { value in
            guard let value else { return false }
            writer.write(value)
            return true
        }
    }

    private static func write(_ start: NIODeadline?, _ end: NIODeadline?, _ writer: ByteWriter) -> Bool {
        guard let start, let end else { return false }
        writer.write(decimal: Int((end - start).nanoseconds / 1_000_000))
        return true
    }
}
