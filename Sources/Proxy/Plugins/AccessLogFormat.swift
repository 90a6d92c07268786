// What an access-log line is made of.

/// The format of access-log lines: JSON with all there is, or text with `$context` variables
/// (developer guide, "Variables for access logging").
struct AccessLogFormat: Sendable {
    /// A variable that there is not.
    struct Failure: Error, CustomStringConvertible {
        let variable: String
        var description: String {
            let known = ContextVariable.Name.allCases.map { "$context.\($0.rawValue)" }.joined(separator: ", ")
            return "unknown variable '\(variable)'; known are \(known)"
        }
    }

    private enum Part: Sendable {
        case text([UInt8])
        case variable(ContextVariable)
    }

    private let parts: [Part]

    /// Every variable as a member of one object.
    static let json: AccessLogFormat = {
        let members: [(name: String, variable: ContextVariable.Name, isNumber: Bool)] = [
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
            parts.append(.variable(ContextVariable(variable)))
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
            var name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" }
            while name.hasSuffix(".") { name = name.dropLast() }
            guard let variable = ContextVariable(String(name)) else { throw Failure(variable: "$context.\(name)") }
            parts.append(.variable(variable))
            rest = rest[name.endIndex...]
        }
        parts.append(.text(Array(rest.utf8)))
        self.parts = parts
    }

    /// Writes the line of an exchange, without its end. What has no value is `-`.
    ///
    /// Values come from clients: they are escaped as in JSON strings and cut short, so that none can end the line.
    func write(_ exchange: Exchange, to writer: ByteWriter) {
        // The response is on its way already, so its writer is free.
        let value = exchange.loop.writer
        for part in parts {
            switch part {
            case .text(let text): writer.write(text)
            case .variable(let variable):
                value.reset()
                if variable.write(exchange, to: value) {
                    writer.writeEscaped(value.bytes.slice(0, min(value.count, 1024)))
                } else {
                    writer.write("-")
                }
            }
        }
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
