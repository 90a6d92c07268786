// Where values of gateway responses come from, whatever route the request has, or none.

internal import Manifest

/// A value in a gateway response: `'text'`, `method.request.header.X`, `context.X`, `stageVariables.X`.
///
/// The parameters of paths differ from route to route, so they are looked up for each request; everything else is
/// found once.
enum ResponseSource: Sendable {
    case source(ParameterSource)
    /// A parameter of the path by its name.
    case path(String)
    /// A variable that there never is: it has no value.
    case nothing

    /// - Returns: nil for what is no expression.
    init?(_ text: String) {
        if let name = text.suffix(after: "method.request.path.") {
            self = .path(name)
        } else if let source = ParameterSource(rest: text, key: nil) {
            self = .source(source)
        } else if text.suffix(after: "context.") != nil {
            self = .nothing
        } else {
            return nil
        }
    }

    /// Writes the value as it is, if there is one.
    func write(_ exchange: Exchange, to writer: ByteWriter) -> Bool {
        switch self {
        case .source(let source): return source.write(exchange, to: writer)
        case .path(let name):
            guard case .path(_, let pattern)? = exchange.route?.key,
                let place = pattern.parameterNames.firstIndex(of: name)
            else { return false }
            return ParameterSource.path(place).write(exchange, to: writer)
        case .nothing: return false
        }
    }

    /// The value; nil where there is none.
    func value(_ exchange: Exchange) -> [UInt8]? {
        let writer = ByteWriter(capacity: 64)
        return write(exchange, to: writer) ? Array(writer.bytes) : nil
    }
}
