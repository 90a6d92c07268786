// The fields that pass between clients and web servers, in both directions.

internal import Manifest
internal import NIOCore

/// What of a head belongs to one connection, to the gateway, or to the message itself.
///
/// (Recorded behaviour of REST APIs; developer guide, "Transform API requests and responses for HTTP APIs", reserved
/// headers.)
enum WebServerFields {
    /// Writes the client's fields as a server gets them.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - mapped: the fields that take the place of the client's.
    ///   - kind: the kind of the API.
    ///   - writer: where to write.
    static func writePassed(
        _ exchange: Exchange,
        mapped: [(target: RequestMapping.Target, value: [UInt8])],
        kind: GatewayKind,
        to writer: ByteWriter
    ) {
        let fields = exchange.head.fields
        fields.withBytes { memory in
            let nominated = HopByHop.nominations(fields)
            for field in fields.fields where passes(field.name, kind) {
                let name = field.name(in: memory)
                if isForgeable(name) || HopByHop.contains(nominated, name) { continue }
                if mapped.contains(where: { $0.target.isNamed(name) }) { continue }
                writer.write(name)
                writer.write(": ")
                writer.write(field.value(in: memory))
                writer.write("\r\n")
            }
        }
        for (target, value) in mapped { writer.write(field: target.name, value) }
        writeForwarded(exchange, to: writer)
        if kind == .http { writeForwardedElements(exchange, to: writer) }
    }

    /// Whether a field is of one connection, or is the gateway's own to write.
    @inline(__always)
    static func isOwn(_ name: FieldName) -> Bool {
        switch name {
        case .host, .contentLength, .expect, .proxyAuthorization, .xForwardedFor, .xForwardedPort, .xForwardedProto,
            .xForwardedHost, .forwarded:
            true
        default: HopByHop.isHopByHop(name)
        }
    }

    /// Whether a client's field goes on to a server.
    private static func passes(_ name: FieldName, _ kind: GatewayKind) -> Bool {
        switch name {
        case .proxyAuthenticate, .xAmznTraceId: false
        case .contentMD5, .maxForwards, .server, .wwwAuthenticate, .contentEncoding, .via: kind == .http
        default: !isOwn(name)
        }
    }

    /// Servers that make variables of names cannot tell `_` from `-`: a client could forge what the gateway sets.
    static func isForgeable(_ name: UnsafeRawBufferPointer) -> Bool {
        name.firstIndex(of: UInt8(ascii: "_"), from: 0) != nil || name.equalsIgnoringCase("x-amzn-apigateway-api-id")
    }

    /// Writes `X-Forwarded-For`, `-Proto`, `-Port` and `-Host`: what is true of this gateway.
    static func writeForwarded(_ exchange: Exchange, to writer: ByteWriter) {
        let fields = exchange.head.fields
        writer.write("X-Forwarded-For: ")
        fields.forEach { name, _, value in
            guard name == .xForwardedFor else { return }
            writer.write(value)
            writer.write(", ")
        }
        writer.write(exchange.remoteAddress)
        writer.write("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: ")
        writer.write(decimal: exchange.localPort)
        fields.withValue(of: .host) { value in
            guard let value else { return }
            writer.write("\r\nX-Forwarded-Host: ")
            writer.write(value)
        }
        writer.write("\r\n")
    }

    /// Writes `Forwarded` (RFC 7239), made of the addresses in `X-Forwarded-For`, as HTTP APIs do.
    private static func writeForwardedElements(_ exchange: Exchange, to writer: ByteWriter) {
        writer.write("Forwarded: ")
        exchange.head.fields.forEach { name, _, value in
            guard name == .xForwardedFor else { return }
            value.forEachListElement { element in
                // What is no address could be read as something else.
                guard element.allSatisfy({ $0.isUnreserved || "[]:".utf8.contains($0) }) else { return }
                writeNode(element, to: writer)
                writer.write(", ")
            }
        }
        exchange.remoteAddress.withUnsafeBytes { writeNode($0, to: writer) }
        exchange.head.fields.withValue(of: .host) { host in
            guard let host, host.allSatisfy({ $0.isUnreserved || "[]:".utf8.contains($0) }) else { return }
            writer.write(";host=\"")
            writer.write(host)
            writer.write("\"")
        }
        writer.write(";proto=http\r\n")
    }

    /// An IPv6 address stands in brackets and quotes (RFC 7239 section 6).
    private static func writeNode(_ address: UnsafeRawBufferPointer, to writer: ByteWriter) {
        writer.write("for=")
        guard address.firstIndex(of: UInt8(ascii: ":"), from: 0) != nil else {
            writer.write(address)
            return
        }
        let isBracketed = address.first == UInt8(ascii: "[")
        writer.write(isBracketed ? "\"" : "\"[")
        writer.write(address)
        writer.write(isBracketed ? "\"" : "]\"")
    }

    /// The head of a server's response as the client gets it.
    ///
    /// - Parameters:
    ///   - head: the server's.
    ///   - kind: the kind of the API.
    ///   - keepsLength: whether its length is told although there is no content.
    /// - Returns: the client's.
    static func passed(_ head: ResponseHead, kind: GatewayKind, keepsLength: Bool) -> ResponseHead {
        let nominated = HopByHop.nominations(head.fields)
        var response = ResponseHead(status: head.status)
        head.fields.forEach { known, name, value in
            if HopByHop.contains(nominated, name) { return }
            switch (known, kind) {
            case (.transferEncoding, _), (.keepAlive, _), (.te, _), (.proxyConnection, _), (.trailer, _), (.upgrade, _):
                return
            case (.via, .rest): return
            // Content that is encoded stays so: without the field nobody could read it.
            case (.contentEncoding, .rest) where value.equalsIgnoringCase("identity"): return
            case (.contentLength, _) where keepsLength:
                response.fields.append(known, name, value: value)
            case (.connection, .rest), (.contentLength, .rest), (.date, .rest), (.server, .rest),
                (.xAmznRequestId, .rest):
                let remapped = Array("x-amzn-Remapped-".utf8) + Array(name)
                remapped.withUnsafeBytes { response.fields.append(.other, $0, value: value) }
            case (.connection, .http), (.contentLength, .http): return
            default: response.fields.append(known, name, value: value)
            }
        }
        return response
    }
}

extension ByteWriter {
    /// Writes a field line of bytes that have been checked.
    func write(field name: [UInt8], _ value: [UInt8]) {
        write(name)
        write(": ")
        value.withUnsafeBytes { write($0.trimmed) }
        write("\r\n")
    }

    /// Writes the field that frames a request's content. Methods that should have some say that they have none
    /// (RFC 9110 section 8.6).
    func write(_ framing: MessageFraming, method: RequestMethod) {
        switch framing {
        case .none, .untilClose:
            if method == .post || method == .put || method == .patch { write("Content-Length: 0\r\n") }
        case .length(let length):
            write("Content-Length: ")
            write(decimal: length)
            write("\r\n")
        case .chunked: write("Transfer-Encoding: chunked\r\n")
        }
    }
}
