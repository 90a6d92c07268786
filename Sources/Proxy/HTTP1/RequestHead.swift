// The head of a request: its line, its fields, and what they say of its content and its connection.

internal import NIOCore

/// The methods that routes know; the raw value is the method's place in a node of the route table.
enum RequestMethod: UInt8, Sendable {
    case get, head, post, put, patch, delete, options
    /// Any other token; no route of API Gateway takes it.
    case other

    init(_ token: UnsafeRawBufferPointer) {
        func matches(_ text: StaticString) -> Bool {
            token.equals(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
        switch token.count {
        case 3: self = matches("GET") ? .get : matches("PUT") ? .put : .other
        case 4: self = matches("POST") ? .post : matches("HEAD") ? .head : .other
        case 5: self = matches("PATCH") ? .patch : .other
        case 6: self = matches("DELETE") ? .delete : .other
        case 7: self = matches("OPTIONS") ? .options : .other
        default: self = .other
        }
    }

    /// The place in the order of `RouteMethod`; nil for a method that no route knows.
    @inline(__always)
    var place: Int? { self == .other ? nil : Int(rawValue) }

    /// Whether repeating it changes nothing more (RFC 9110 section 9.2.2).
    var isIdempotent: Bool { self != .post && self != .patch && self != .other }
}

/// The head of a request that has passed every check of syntax.
struct RequestHead: Sendable {
    /// The fields; their bytes begin with the request line. What is appended or removed does not touch it.
    var fields: FieldSection
    /// The method that routes and functions see.
    private(set) var method: RequestMethod
    /// The version's second number: 0 or 1.
    let minorVersion: Int
    let framing: MessageFraming
    /// Whether the client would send another request on the connection.
    let keepsAlive: Bool
    /// Whether the client waits for 100 (Continue) before it sends the content.
    let expectsContinue: Bool
    /// Where the token of `method` stands.
    fileprivate var methodRange: Range<Int>
    fileprivate let pathStart: Int
    fileprivate let pathEnd: Int
    fileprivate let queryEnd: Int

    /// The method's token.
    @inline(__always)
    func method(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        memory.slice(methodRange.lowerBound, methodRange.upperBound)
    }

    /// The method's token as it was sent, whatever has been put in its place.
    func sentMethod(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        memory.slice(0, memory.firstIndex(of: 0x20, from: 0) ?? 0)
    }

    /// The path as it was sent, percent-encoded, without the query.
    @inline(__always)
    func path(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer { memory.slice(pathStart, pathEnd) }

    /// The query as it was sent, without the question mark; empty where there is none.
    @inline(__always)
    func query(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        pathEnd < queryEnd ? memory.slice(pathEnd + 1, queryEnd) : memory.slice(pathEnd, pathEnd)
    }

    /// Path and query as they were sent.
    @inline(__always)
    func target(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer { memory.slice(pathStart, queryEnd) }

    /// The host that the request names, without its port; empty where it names none.
    func domainName(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let field = fields.first(.host) else { return memory.slice(0, 0) }
        let host = field.value(in: memory)
        guard host.first != UInt8(ascii: "["), let colon = host.firstIndex(of: UInt8(ascii: ":"), from: 0) else {
            return host
        }
        return host.slice(0, colon)
    }

    /// Whether the client sends content.
    var hasContent: Bool { framing != .none && framing != .length(0) }
}

extension RequestHead {
    /// Reads a whole head.
    ///
    /// - Parameters:
    ///   - head: the request line, the fields and the empty line, and nothing else.
    ///   - limits: how large they may be.
    /// - Throws: `MessageError` for what RFC 9112 does not allow, or allows and proxies have been attacked with.
    init(parsing head: ByteBuffer, limits: MessageLimits) throws(MessageError) {
        var line = RequestLine()
        var parsed: [FieldSection.Field] = []
        var failure: MessageError?
        var semantics = RequestSemantics()
        head.withUnsafeReadableBytes { memory in
            do throws(MessageError) {
                line = try RequestLine(parsing: memory, limits: limits)
                parsed = try FieldLineParser.parse(memory, from: line.end, limits: limits)
                semantics = try RequestSemantics(of: parsed, in: memory, line: line)
            } catch { failure = error }
        }
        if let failure { throw failure }
        fields = FieldSection(bytes: head, fields: parsed)
        method = line.method
        minorVersion = line.minorVersion
        framing = semantics.framing
        keepsAlive = semantics.keepsAlive
        expectsContinue = semantics.expectsContinue
        methodRange = 0..<line.methodLength
        pathStart = line.pathStart
        pathEnd = line.pathEnd
        queryEnd = line.queryEnd
    }
}

extension RequestHead {
    /// The method that the field `X-HTTP-Method-Override` puts in place of the sent one; REST APIs heed it.
    ///
    /// To or from HEAD nothing is overridden: client and gateway would not agree on whether the response has content.
    ///
    /// - Returns: nil where there is no such field.
    var methodOverride: RequestMethod? {
        guard method != .head, let field = fields.first(.xHTTPMethodOverride) else { return nil }
        let method = fields.withBytes { RequestMethod(field.value(in: $0)) }
        return method == .head ? nil : method
    }

    /// The request as if it had been sent with the method of `methodOverride`.
    ///
    /// Only a method that routes know may be taken over: its token goes into requests to web servers.
    func overridingMethod() -> RequestHead {
        guard let method = methodOverride, method != .other, let field = fields.first(.xHTTPMethodOverride) else {
            return self
        }
        var head = self
        head.method = method
        head.methodRange = field.valueRange
        return head
    }

    /// Whether the request line and the values of all fields have more bytes than `limit` together.
    ///
    /// The whole head is more than both, so that for nearly every request nothing is added up.
    func isLarger(than limit: Int) -> Bool {
        guard fields.bytes.readableBytes > limit else { return false }
        return fields.withBytes { memory in
            let line = (memory.firstIndex(of: 0x0D, from: 0) ?? 0)
            return fields.fields.reduce(line) { $0 + $1.value(in: memory).count } > limit
        }
    }

    /// Takes away a field that what follows must not see.
    mutating func removeField(_ name: FieldName) { fields.removeAll { $0.name == name } }
}
