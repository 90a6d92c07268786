// What an access-log line is made of.

internal import Manifest
internal import NIOCore

/// The format of access-log lines: JSON with all there is, or text with `$context` variables
/// (developer guide, "Variables for access logging").
struct AccessLogFormat: Sendable {
    /// A variable that there is not.
    struct Failure: Error, CustomStringConvertible {
        let variable: String
        var description: String {
            let known = Variable.allCases.map { "$context.\($0.rawValue)" }.joined(separator: ", ")
            return "unknown variable '\(variable)'; known are \(known)"
        }
    }

    /// The variables that lines may have.
    enum Variable: String, CaseIterable, Sendable {
        case accountId, apiId, domainName, extendedRequestId, httpMethod, path
        case sourceIp = "identity.sourceIp"
        case userAgent = "identity.userAgent"
        case integrationLatency, protocolName = "protocol"
        case requestId, requestTime, requestTimeEpoch, resourcePath, responseLatency, responseLength, routeKey
        case stage, status
        /// Why the gateway answered in place of the handler; of this gateway's own.
        case detail
    }

    private enum Part: Sendable {
        case text([UInt8])
        case variable(Variable)
    }

    private let parts: [Part]

    /// Every variable as a member of one object.
    static let json: AccessLogFormat = {
        let members: [(name: String, variable: Variable, isNumber: Bool)] = [
            ("time", .requestTime, false), ("requestId", .requestId, false), ("ip", .sourceIp, false),
            ("method", .httpMethod, false), ("path", .path, false), ("api", .apiId, false),
            ("routeKey", .routeKey, false), ("status", .status, true), ("latencyMilliseconds", .responseLatency, true),
            ("integrationMilliseconds", .integrationLatency, false), ("bytes", .responseLength, true),
            ("userAgent", .userAgent, false), ("detail", .detail, false),
        ]
        var parts: [Part] = []
        var before = "{"
        for (name, variable, isNumber) in members {
            let quote = isNumber ? "" : "\""
            parts.append(.text(Array("\(before)\"\(name)\":\(quote)".utf8)))
            parts.append(.variable(variable))
            before = quote + ","
        }
        parts.append(.text(Array("\"}".utf8)))
        return AccessLogFormat(parts: parts)
    }()

    private init(parts: [Part]) { self.parts = parts }

    /// - Parameter text: the format, such as `$context.identity.sourceIp [$context.requestTime] $context.status`.
    /// - Throws: `Failure` for a variable that there is not.
    init(_ text: String) throws(Failure) {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.range(of: "$context.") {
            parts.append(.text(Array(rest[..<start.lowerBound].utf8)))
            rest = rest[start.upperBound...]
            var name = rest.prefix { $0.isLetter || $0 == "." }
            while name.hasSuffix(".") { name = name.dropLast() }
            guard let variable = Variable(rawValue: String(name)) else { throw Failure(variable: "$context.\(name)") }
            parts.append(.variable(variable))
            rest = rest[name.endIndex...]
        }
        parts.append(.text(Array(rest.utf8)))
        self.parts = parts
    }

    /// Writes the line of an exchange, without its end.
    ///
    /// Values come from clients: they are escaped as in JSON strings and cut short, so that none can end the line.
    func write(_ exchange: Exchange, to writer: ByteWriter) {
        exchange.head.fields.withBytes { memory in
            for part in parts {
                switch part {
                case .text(let text): writer.write(text)
                case .variable(let variable): write(variable, exchange, memory, writer)
                }
            }
        }
    }

    private func write(
        _ variable: Variable,
        _ exchange: Exchange,
        _ memory: UnsafeRawBufferPointer,
        _ writer: ByteWriter
    ) {
        switch variable {
        case .accountId: writer.write(text: EventTemplate.accountID)
        case .apiId: writer.write(text: exchange.api.id)
        case .domainName: write(exchange.head.fields.first(.host)?.value(in: memory), writer)
        case .extendedRequestId: exchange.requestID.withExtendedID { writer.write($0) }
        case .httpMethod: write(exchange.head.method(in: memory), writer)
        case .path: write(exchange.head.path(in: memory), writer)
        case .sourceIp: writer.write(exchange.remoteAddress)
        case .userAgent: write(exchange.head.fields.first(.userAgent)?.value(in: memory), writer)
        case .integrationLatency: writeMilliseconds(exchange.integrationStart, exchange.integrationEnd, writer)
        case .protocolName: writer.write("HTTP/1.1")
        case .requestId:
            switch exchange.api.kind {
            case .rest: exchange.requestID.withUUID { writer.write($0) }
            case .http: exchange.requestID.withExtendedID { writer.write($0) }
            }
        case .requestTime: writer.write(exchange.loop.clock.eventDate)
        case .requestTimeEpoch: writer.write(decimal: exchange.startTime.milliseconds)
        case .resourcePath: writer.write(text: exchange.route?.key.pathText ?? "-")
        case .responseLatency: writeMilliseconds(exchange.start, .now(), writer)
        case .responseLength: writer.write(decimal: exchange.responseBytes)
        case .routeKey: writer.write(text: exchange.route?.name ?? "-")
        case .stage: writer.write(text: exchange.api.stage)
        case .status: writer.write(decimal: exchange.status)
        case .detail: if let detail = exchange.detail { writer.write(detail) } else { writer.write("-") }
        }
    }

    private func writeMilliseconds(_ start: NIODeadline?, _ end: NIODeadline?, _ writer: ByteWriter) {
        guard let start, let end else {
            writer.write("-")
            return
        }
        writer.write(decimal: Int((end - start).nanoseconds / 1_000_000))
    }

    private func write(_ value: UnsafeRawBufferPointer?, _ writer: ByteWriter) {
        guard let value else {
            writer.write("-")
            return
        }
        writer.writeEscaped(value.slice(0, min(value.count, 1024)))
    }
}

extension Substring {
    /// Where `text` first stands; without Foundation.
    fileprivate func range(of text: String) -> Range<Index>? {
        var position = startIndex
        while position < endIndex {
            if self[position...].hasPrefix(text) { return position..<index(position, offsetBy: text.count) }
            position = index(after: position)
        }
        return nil
    }
}
