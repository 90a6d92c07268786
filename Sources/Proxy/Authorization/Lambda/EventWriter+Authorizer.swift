// The events of Lambda authorizers.

internal import Manifest
internal import NIOCore

/// What a Lambda authorizer is given.
enum AuthorizerEvent: Sendable {
    /// One value of the request (REST).
    case token
    /// The request without its content, in the format of the template.
    case request

    /// Writes the event of a request.
    ///
    /// (Developer guide, "Input to an API Gateway Lambda authorizer" and "Payload format version" of HTTP APIs.)
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - template: what its events have in common.
    ///   - identity: the values of the identity sources, in their order.
    ///   - writer: where to.
    func write(_ exchange: Exchange, template: EventTemplate, identity: [[UInt8]], to writer: ByteWriter) {
        EventWriter.with(exchange, template: template, writer: writer) { event in
            switch (self, template.kind, template.payload) {
            case (.token, _, _): event.writeTokenEvent(identity.first ?? [])
            case (.request, .rest, _): event.writeRequestEvent()
            case (.request, .http, .v1): event.writeRequestEvent1(identity)
            case (.request, .http, .v2): event.writeRequestEvent2(identity)
            }
        }
    }
}

extension EventWriter {
    fileprivate func writeTokenEvent(_ token: [UInt8]) {
        writer.write(#"{"type":"TOKEN","methodArn":"#)
        writer.write(jsonString: MethodARN.text(exchange))
        writer.write(#","authorizationToken":"#)
        token.withUnsafeBytes { writer.write(jsonString: $0) }
        writer.write(UInt8(ascii: "}"))
    }

    fileprivate func writeRequestEvent() {
        writer.write(#"{"type":"REQUEST","methodArn":"#)
        writer.write(jsonString: MethodARN.text(exchange))
        writer.write(UInt8(ascii: ","))
        writeRequest1()
        writer.write(UInt8(ascii: "}"))
    }

    /// Format 1.0 of an HTTP API: all identity sources in one text, under two names.
    fileprivate func writeRequestEvent1(_ identity: [[UInt8]]) {
        writer.write(#"{"version":"1.0","type":"REQUEST","methodArn":"#)
        writer.write(jsonString: MethodARN.text(exchange))
        for name: StaticString in [#","identitySource":"#, #","authorizationToken":"#] {
            writer.write(name)
            if identity.isEmpty {
                writer.write("null")
            } else {
                Array(identity.joined(separator: [UInt8(ascii: ",")])).withUnsafeBytes { writer.write(jsonString: $0) }
            }
        }
        writer.write(UInt8(ascii: ","))
        writeRequest1()
        writer.write(UInt8(ascii: "}"))
    }

    fileprivate func writeRequestEvent2(_ identity: [[UInt8]]) {
        writer.write(#"{"version":"2.0","type":"REQUEST","routeArn":"#)
        writer.write(jsonString: MethodARN.text(exchange))
        writer.write(#","identitySource":"#)
        if identity.isEmpty { writer.write("null") } else { writer.write(UInt8(ascii: "[")) }
        for (index, value) in identity.enumerated() {
            if index > 0 { writer.write(UInt8(ascii: ",")) }
            value.withUnsafeBytes { writer.write(jsonString: $0) }
        }
        if !identity.isEmpty { writer.write(UInt8(ascii: "]")) }
        writer.write(UInt8(ascii: ","))
        writeRequest2()
        writer.write(UInt8(ascii: "}"))
    }
}
