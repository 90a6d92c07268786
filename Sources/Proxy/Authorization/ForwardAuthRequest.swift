// The question to a service outside of the gateway that decides whether a request may pass.

internal import Manifest
internal import NIOCore

/// What of a request the service is told, and what of its answer goes on.
struct ForwardAuthRequest: Sendable {
    /// The names of fields in lower case, or all of them.
    enum Names: Sendable {
        case all
        case some([[UInt8]])

        var isEmpty: Bool {
            if case .some(let names) = self { names.isEmpty } else { false }
        }

        func contains(_ name: UnsafeRawBufferPointer) -> Bool {
            switch self {
            case .all: true
            case .some(let names): HopByHop.contains(names, name)
            }
        }
    }

    private let lines: [UInt8]
    private let requestFields: Names
    private let responseFields: Names

    /// - Parameters:
    ///   - endpoint: where the service is; its path is the request's.
    ///   - requestFields: the client's fields that the service gets.
    ///   - responseFields: the service's fields that the request has from then on.
    init(endpoint: Endpoint, requestFields: Names, responseFields: Names) {
        let path = endpoint.basePath.isEmpty ? "/" : endpoint.basePath
        lines = Array("GET \(path) HTTP/1.1\r\nHost: \(endpoint.authority)\r\n".utf8)
        self.requestFields = requestFields
        self.responseFields = responseFields
    }

    /// Writes the whole request: what the client has asked for stands in fields, its content is left out
    /// (Traefik, "ForwardAuth").
    func write(_ exchange: Exchange, to writer: ByteWriter) {
        let head = exchange.head
        writer.write(lines)
        head.fields.withBytes { memory in
            let nominated = HopByHop.nominations(head.fields)
            for field in head.fields.fields where sends(field, memory, nominated) {
                writer.write(field.name(in: memory))
                writer.write(": ")
                writer.write(field.value(in: memory))
                writer.write("\r\n")
            }
            writer.write("X-Forwarded-Method: ")
            writer.write(head.method(in: memory))
            writer.write("\r\nX-Forwarded-Proto: http")
            if let host = head.fields.first(.host) {
                writer.write("\r\nX-Forwarded-Host: ")
                writer.write(host.value(in: memory))
            }
            writer.write("\r\nX-Forwarded-Uri: ")
            writer.write(head.target(in: memory))
            // The address that the request came from: what a client says of itself is no ground for a decision.
            writer.write("\r\nX-Forwarded-For: ")
            writer.write(exchange.remoteAddress)
            writer.write("\r\n\r\n")
        }
    }

    private func sends(
        _ field: FieldSection.Field,
        _ memory: UnsafeRawBufferPointer,
        _ nominated: [[UInt8]]
    ) -> Bool {
        guard !WebServerFields.isOwn(field.name) else { return false }
        let name = field.name(in: memory)
        // What says how the gateway sees the request is the gateway's to say; `_` is how clients would forge it.
        if name.hasPrefixIgnoringCase("x-forwarded-") || name.contains(UInt8(ascii: "_")) { return false }
        return requestFields.contains(name) && !HopByHop.contains(nominated, name)
    }

    /// Takes the fields that only the service may set from what the client has sent.
    ///
    /// Names that servers cannot tell from them count as the same: `X_User` as `X-User`.
    func strip(_ head: inout RequestHead) {
        guard case .some(let names) = responseFields, !names.isEmpty else { return }
        let fields = head.fields
        head.fields.removeAll { field in
            fields.withBytes { memory in
                let name = field.name(in: memory)
                return names.contains { $0.withUnsafeBytes { Self.isSame(name, $0) } }
            }
        }
    }

    private static func isSame(_ name: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        func folded(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte.lowercased }
        guard name.count == other.count else { return false }
        return zip(name, other).allSatisfy { folded($0) == folded($1) }
    }

    /// Gives the request the fields that the service has set.
    func add(_ reply: ResponseHead, to head: inout RequestHead) {
        guard case .some(let names) = responseFields, !names.isEmpty else { return }
        Self.drop(nominatedIn: &head, ifAnyOf: names)
        reply.fields.forEach { kind, name, value in
            if HopByHop.contains(names, name) { head.fields.append(kind, name, value: value) }
        }
    }

    /// Does away with `Connection` where it nominates a field that the service may set, and with all that it nominates:
    /// a client could otherwise have the service's own field taken away on the way to a web server.
    private static func drop(nominatedIn head: inout RequestHead, ifAnyOf names: [[UInt8]]) {
        let nominated = HopByHop.nominations(head.fields)
        guard nominated.contains(where: { $0.withUnsafeBytes { HopByHop.contains(names, $0) } }) else { return }
        let fields = head.fields
        head.fields.removeAll { field in
            field.name == .connection || fields.withBytes { HopByHop.contains(nominated, field.name(in: $0)) }
        }
    }

    /// The service's answer as the client gets it: without what concerns its own connection only.
    static func response(_ reply: UpstreamReply) -> LocalResponse {
        var response = LocalResponse(status: reply.head.status, detail: "forward_auth_denied")
        let nominated = HopByHop.nominations(reply.head.fields)
        reply.head.fields.forEach { kind, name, value in
            guard !HopByHop.isHopByHop(kind), kind != .contentLength, !HopByHop.contains(nominated, name) else {
                return
            }
            response.head.fields.append(kind, name, value: value)
        }
        response.content = Array(reply.content.readableBytesView)
        return response
    }
}
