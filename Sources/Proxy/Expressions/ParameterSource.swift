// Where a value comes from: what identity sources, mappings and gateway responses name.

internal import Manifest
internal import NIOCore

/// A part of a request, or a fixed text, that an expression names. Found once and then written for each request.
///
/// REST APIs write `method.request.header.X`, `context.X`, `stageVariables.X` and `'text'`; HTTP APIs
/// `$request.header.X`, `$context.X`, `$stageVariables.X` and `text`
/// (developer guide, "Data mapping reference" and "Transform API requests and responses for HTTP APIs").
enum ParameterSource: Sendable {
    case text([UInt8])
    /// A field by its name in lower case.
    case header([UInt8])
    /// A parameter of the query, by its decoded name.
    case query([UInt8])
    /// A parameter of the path, by its place in the route's path.
    case path(Int)
    case context(ContextVariable)
    case stageVariable(String)

    /// Reads an expression of a REST API; nil for what is none.
    ///
    /// - Parameters:
    ///   - text: such as `method.request.querystring.page`, or `'fixed'`.
    ///   - key: the route, whose path has the parameters; nil where there is none.
    init?(rest text: String, key: RouteKey?) {
        if text.utf8.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") {
            self = .text(Array(text.dropFirst().dropLast().utf8))
        } else if let name = text.suffix(after: "context.") {
            guard let variable = ContextVariable(name) else { return nil }
            self = .context(variable)
        } else if let name = text.suffix(after: "stageVariables.") {
            self = .stageVariable(name)
        } else if let part = text.suffix(after: "method.request.") {
            self.init(part: part, key: key)
        } else {
            return nil
        }
    }

    /// Reads an expression of an HTTP API that begins with `$`; nil for what is none.
    ///
    /// - Parameters:
    ///   - text: such as `$request.header.Authorization`.
    ///   - key: the route, whose path has the parameters; nil where there is none.
    init?(http text: String, key: RouteKey?) {
        if let name = text.suffix(after: "$context.") {
            guard let variable = ContextVariable(name) else { return nil }
            self = .context(variable)
        } else if let name = text.suffix(after: "$stageVariables.") {
            self = .stageVariable(name)
        } else if let part = text.suffix(after: "$request.") {
            self.init(part: part, key: key)
        } else {
            return nil
        }
    }

    private init?(part: String, key: RouteKey?) {
        if let name = part.suffix(after: "header.") {
            self = .header(Array(name.lowercased().utf8))
        } else if let name = part.suffix(after: "querystring.") {
            self = .query(Array(name.utf8))
        } else if let name = part.suffix(after: "path."), case .path(_, let pattern)? = key,
            let place = pattern.parameterNames.firstIndex(of: name)
        {
            self = .path(place)
        } else {
            return nil
        }
    }

    /// Writes the value as it is, unescaped. Of several values of one name a REST API takes the last, and an HTTP API
    /// joins them with commas.
    ///
    /// - Returns: whether there is one; it may be empty.
    func write(_ exchange: Exchange, to writer: ByteWriter) -> Bool {
        switch self {
        case .text(let text):
            writer.write(text)
            return true
        case .context(let variable): return variable.write(exchange, to: writer)
        case .stageVariable(let name):
            guard let value = exchange.stageVariable(name) else { return false }
            writer.write(text: value)
            return true
        case .header(let name):
            return exchange.head.fields.withBytes { memory in
                let values = exchange.head.fields.fields.lazy
                    .filter { field in name.withUnsafeBytes { field.name(in: memory).equalsIgnoringCase($0) } }
                    .map { $0.value(in: memory) }
                return Self.write(values, joins: exchange.api.kind == .http, to: writer)
            }
        case .query(let name):
            return exchange.head.fields.withBytes { memory in
                let query = QueryParameters(
                    exchange.head.query(in: memory),
                    semicolonSeparates: exchange.api.kind == .rest
                )
                var found = false
                query.forEachName { candidate, values in
                    guard candidate.elementsEqual(name) else { return }
                    found = Self.write(
                        [values.first] + values.others,
                        joins: exchange.api.kind == .http,
                        to: writer
                    )
                }
                return found
            }
        case .path(let place):
            guard exchange.captures.indices.contains(place) else { return false }
            let range = exchange.captures[place]
            exchange.withRoutedPath { writer.write($0.slice(range.lowerBound, range.upperBound)) }
            return true
        }
    }

    private static func write(
        _ values: some Sequence<UnsafeRawBufferPointer>,
        joins: Bool,
        to writer: ByteWriter
    ) -> Bool {
        var last: UnsafeRawBufferPointer?
        for value in values {
            if joins {
                if last != nil { writer.write(UInt8(ascii: ",")) }
                writer.write(value)
            }
            last = value
        }
        if !joins, let last { writer.write(last) }
        return last != nil
    }

    /// The value as bytes; nil where there is none.
    func value(_ exchange: Exchange) -> [UInt8]? {
        let writer = ByteWriter(capacity: 64)
        return write(exchange, to: writer) ? Array(writer.bytes) : nil
    }
}

extension String {
    /// What follows a prefix; nil where the text does not begin with it, or ends with it.
    func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) && utf8.count > prefix.utf8.count ? String(dropFirst(prefix.count)) : nil
    }
}
