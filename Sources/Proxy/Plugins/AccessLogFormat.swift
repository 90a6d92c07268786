// What an access-log line is made of.

/// The format of access-log lines: JSON with all there is, columns for people, or text with `$context` variables
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
        /// A number of JSON; null where there is none, as the status of a client that has left before its response.
        case number(ContextVariable)
    }

    private let parts: [Part]

    /// Every variable as a member of one object.
    static let json: AccessLogFormat = {
        func variable(_ name: ContextVariable.Name) -> ContextVariable { ContextVariable(name) }
        let members: [(name: String, variable: ContextVariable, isNumber: Bool)] = [
            ("time", variable(.requestTime), false), ("requestId", variable(.requestId), false),
            ("ip", variable(.sourceIp), false), ("method", variable(.httpMethod), false),
            ("path", ContextVariable(.path as ContextVariable.Own), false),
            ("api", ContextVariable(.api as ContextVariable.Own), false), ("routeKey", variable(.routeKey), false),
            ("status", variable(.status), true), ("latencyMilliseconds", variable(.responseLatency), true),
            ("integrationMilliseconds", variable(.integrationLatency), false),
            ("bytes", variable(.responseLength), true), ("userAgent", variable(.userAgent), false),
            ("detail", variable(.detail), false),
        ]
        var parts: [Part] = []
        var before = "{"
        for (name, variable, isNumber) in members {
            let quote = isNumber ? "" : "\""
            parts.append(.text(Array("\(before)\"\(name)\":\(quote)".utf8)))
            parts.append(isNumber ? .number(variable) : .variable(variable))
            before = quote + ","
        }
        parts.append(.text(Array("\"}".utf8)))
        return AccessLogFormat(parts: parts)
    }()

    /// `time program request kind method path status duration`, the columns of samovar-host's log; the request is the
    /// one that the host knows.
    static let text: AccessLogFormat = {
        let space = Part.text([UInt8(ascii: " ")])
        return AccessLogFormat(parts: [
            .variable(ContextVariable(.timestamp as ContextVariable.Own)), .text(Array(" samovar-proxy ".utf8)),
            .variable(ContextVariable(.functionRequest as ContextVariable.Own)), .text(Array(" access  ".utf8)),
            .variable(ContextVariable(.httpMethod)), space,
            .variable(ContextVariable(.path as ContextVariable.Own)), space,
            .variable(ContextVariable(.status)), space,
            .variable(ContextVariable(.responseLatency)), .text(Array(" ms".utf8)),
            .variable(ContextVariable(.remark as ContextVariable.Own)),
        ])
    }()

    private init(parts: [Part]) { self.parts = parts }

    /// - Parameter text: the format, such as `$context.identity.sourceIp [$context.requestTime] $context.status`.
    /// - Throws: `Failure` for a variable that there is not.
    init(_ text: String) throws(Failure) {
        var unknown: String?
        parts = Self.parts(of: text, unknown: &unknown)
        if let unknown { throw Failure(variable: "$context.\(unknown)") }
    }

    /// The format that a template has for its API: a variable that there is not is `-` in every line, and the line is
    /// one whatever the template says (developer guide, "Set up CloudWatch logging for REST APIs").
    init(template text: String) {
        var unknown: String?
        let line = String(text.map { $0.isNewline ? " " : $0 })
        parts = Self.parts(of: line, unknown: &unknown)
    }

    /// - Parameters:
    ///   - text: the format.
    ///   - unknown: is set to the first variable that there is not.
    /// - Returns: what a line is made of.
    private static func parts(of text: String, unknown: inout String?) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.range(of: "$context.") {
            parts.append(.text(Array(rest[..<start.lowerBound].utf8)))
            rest = rest[start.upperBound...]
            var name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" }
            while name.hasSuffix(".") { name = name.dropLast() }
            if let variable = ContextVariable(String(name)) {
                parts.append(.variable(variable))
            } else {
                unknown = unknown ?? String(name)
                parts.append(.text(Array("-".utf8)))
            }
            rest = rest[name.endIndex...]
        }
        parts.append(.text(Array(rest.utf8)))
        return parts
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
            case .number(let variable):
                value.reset()
                if variable.write(exchange, to: value) { writer.write(value.bytes) } else { writer.write("null") }
            case .variable(let variable):
                value.reset()
                if !variable.write(exchange, to: value) {
                    writer.write("-")
                } else if variable.isJSON {
                    writer.write(value.bytes)
                } else {
                    writer.writeEscaped(value.bytes.slice(0, min(value.count, 1024)), isLogged: true)
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
