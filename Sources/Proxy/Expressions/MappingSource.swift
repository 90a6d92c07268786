// Where mapped values come from: parts of the request, of the integration's answer, or fixed texts.

internal import Manifest
internal import NIOCore

/// The answer of an integration, for mappings that look at it.
struct MappedAnswer {
    let head: ResponseHead
    let content: ByteBuffer
}

/// What one parameter mapping names. Found once and then looked up for each request.
///
/// (Developer guide, "Data mapping reference", "Transform API requests and responses for HTTP APIs".)
enum MappingSource: Sendable {
    /// One value of the request.
    case request(ParameterSource)
    /// All values of a field of the request, by its name in lower case.
    case headers([UInt8])
    /// All values of a parameter of the query.
    case queries([UInt8])
    /// The request's path, decoded, without the stage (HTTP APIs).
    case requestPath
    /// The request's content, or a part of it.
    case requestBody(JSONPath?)
    /// A field of the answer, by its name in lower case; of several the last, or all.
    case answerHeader([UInt8], joins: Bool)
    /// The answer's content, or a part of it.
    case answerBody(JSONPath?)
    /// Texts and values one after the other (HTTP APIs).
    indirect case parts([MappingSource])

    /// How much of a content HTTP APIs look at, in bytes.
    private static let bodyLimit = 100 * 1024

    /// Reads an expression of a REST API; nil for what is none.
    ///
    /// - Parameters:
    ///   - text: such as `method.request.body.id`, `integration.response.header.Location` or `'fixed'`.
    ///   - key: the route, whose path has the parameters.
    init?(rest text: String, key: RouteKey?) {
        if let name = text.suffix(after: "method.request.multivalueheader.") {
            self = .headers(Array(name.lowercased().utf8))
        } else if let name = text.suffix(after: "method.request.multivaluequerystring.") {
            self = .queries(Array(name.utf8))
        } else if let path = Self.bodyPath(text, "method.request.body") {
            self = .requestBody(path.path)
        } else if let name = text.suffix(after: "integration.response.header.") {
            self = .answerHeader(Array(name.lowercased().utf8), joins: false)
        } else if let name = text.suffix(after: "integration.response.multivalueheader.") {
            self = .answerHeader(Array(name.lowercased().utf8), joins: true)
        } else if let path = Self.bodyPath(text, "integration.response.body") {
            self = .answerBody(path.path)
        } else if let source = ParameterSource(rest: text, key: key) {
            self = .request(source)
        } else {
            return nil
        }
    }

    /// Reads a value of an HTTP API: `$request.header.X`, `${request.path.a}/${context.stage}`, or a fixed text.
    ///
    /// - Returns: nil where a variable is none.
    init?(http text: String, key: RouteKey?) {
        if text.hasPrefix("$"), !text.hasPrefix("${") {
            guard let source = Self.variable(text, key: key) else { return nil }
            self = source
            return
        }
        var parts: [MappingSource] = []
        var rest = text[...]
        while let opening = rest.firstRange(of: "${") {
            if opening.lowerBound > rest.startIndex {
                parts.append(.request(.text(Array(rest[..<opening.lowerBound].utf8))))
            }
            rest = rest[opening.upperBound...]
            guard let closing = rest.firstIndex(of: "}"), let source = Self.variable("$" + rest[..<closing], key: key)
            else { return nil }
            parts.append(source)
            rest = rest[rest.index(after: closing)...]
        }
        if parts.isEmpty {
            self = .request(.text(Array(text.utf8)))
            return
        }
        if !rest.isEmpty { parts.append(.request(.text(Array(rest.utf8)))) }
        self = .parts(parts)
    }

    private static func variable(_ text: String, key: RouteKey?) -> MappingSource? {
        if text == "$request.path" { return .requestPath }
        if let path = bodyPath(text, "$request.body") { return .requestBody(path.path) }
        if let path = bodyPath(text, "$response.body") { return .answerBody(path.path) }
        if let name = text.suffix(after: "$response.header.") {
            return .answerHeader(Array(name.lowercased().utf8), joins: true)
        }
        return ParameterSource(http: text, key: key).map { .request($0) }
    }

    /// The path behind the name of a body; nil for another expression, and for a path that is none.
    private static func bodyPath(_ text: String, _ body: String) -> (path: JSONPath?, Void)? {
        if text == body { return (nil, ()) }
        guard let path = text.suffix(after: "\(body).").flatMap({ JSONPath($0) }) else { return nil }
        return (path, ())
    }

    /// Whether it looks at the request's content.
    var readsRequestBody: Bool {
        switch self {
        case .requestBody: true
        case .parts(let parts): parts.contains(where: \.readsRequestBody)
        default: false
        }
    }

    /// Whether it looks at the answer's content.
    var readsAnswerBody: Bool {
        switch self {
        case .answerBody: true
        case .parts(let parts): parts.contains(where: \.readsAnswerBody)
        default: false
        }
    }

    /// Whether the value is a parameter of a REST API's path, which is percent-encoded as the client has sent it.
    var isEncoded: Bool {
        if case .request(.path) = self { true } else { false }
    }

    /// The value for a request.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - answer: the integration's answer, where there is one.
    /// - Returns: nil where there is none.
    func value(_ exchange: Exchange, _ answer: MappedAnswer? = nil) -> [UInt8]? {
        switch self {
        case .request(let source): source.value(exchange)
        case .headers(let name): Self.values(of: name, in: exchange.head.fields, joins: true)
        case .queries(let name): Self.queries(name, exchange)
        case .requestPath:
            exchange.head.fields.withBytes { memory in
                var path: [UInt8] = []
                exchange.withShownPath(in: memory) { path = Array($0) }
                return path
            }
        case .requestBody(let path): Self.body(exchange.content, path, exchange)
        case .answerHeader(let name, let joins):
            answer.flatMap { Self.values(of: name, in: $0.head.fields, joins: joins) }
        case .answerBody(let path): answer.flatMap { Self.body($0.content, path, exchange) }
        case .parts(let parts): parts.reduce(into: []) { $0 += $1.value(exchange, answer) ?? [] }
        }
    }

    private static func values(of name: [UInt8], in fields: FieldSection, joins: Bool) -> [UInt8]? {
        var result: [UInt8]?
        fields.forEach { _, candidate, value in
            guard name.withUnsafeBytes({ candidate.equalsIgnoringCase($0) }) else { return }
            if joins, let earlier = result {
                result = earlier + [UInt8(ascii: ",")] + Array(value)
            } else {
                result = Array(value)
            }
        }
        return result
    }

    private static func queries(_ name: [UInt8], _ exchange: Exchange) -> [UInt8]? {
        exchange.head.fields.withBytes { memory in
            var result: [UInt8]?
            QueryParameters(exchange.head.query(in: memory), semicolonSeparates: exchange.api.kind == .rest)
                .forEachName { candidate, values in
                    guard candidate.elementsEqual(name) else { return }
                    result = Array(([values.first] + values.others).joined(separator: [UInt8(ascii: ",")]))
                }
            return result
        }
    }

    private static func body(_ content: ByteBuffer, _ path: JSONPath?, _ exchange: Exchange) -> [UInt8]? {
        guard exchange.api.kind == .rest || content.readableBytes <= bodyLimit else { return nil }
        return content.withUnsafeReadableBytes { text in
            guard let path else { return text.isEmpty ? nil : Array(text) }
            return path.value(in: text)
        }
    }
}
