// The event that a function receives: what both payload formats share.

internal import Manifest
internal import NIOCore

/// Writes the event of one request. Its memory is the request's head and is valid while the event is written; it is not
/// copied, since each copy would cost five reference counts.
struct EventWriter: ~Copyable {
    let exchange: Exchange
    /// The head of the exchange: to take it from there for every field would cost a reference count each time.
    let head: RequestHead
    let template: EventTemplate
    let memory: UnsafeRawBufferPointer
    let writer: ByteWriter

    /// Writes the event of a request in the format of its route.
    static func write(_ exchange: Exchange, template: EventTemplate, to writer: ByteWriter) {
        with(exchange, template: template, writer: writer) { event in
            switch template.payload {
            case .v1: event.writeVersion1()
            case .v2: event.writeVersion2()
            }
        }
    }

    /// Calls `body` with what writes the event of a request.
    @inline(__always)
    static func with(
        _ exchange: Exchange,
        template: EventTemplate,
        writer: ByteWriter,
        _ body: (borrowing EventWriter) -> Void
    ) {
        let head = exchange.head
        head.fields.withBytes { memory in
            body(EventWriter(exchange: exchange, head: head, template: template, memory: memory, writer: writer))
        }
    }

    // MARK: Fields

    /// Whether a field never reaches the function.
    @inline(__always)
    func isDropped(_ name: FieldName) -> Bool {
        switch name {
        case .connection, .expect, .te, .transferEncoding, .trailer, .upgrade, .keepAlive, .proxyConnection,
            .proxyAuthenticate, .xAmznTraceId, .xForwardedFor, .xForwardedPort, .xForwardedProto:
            true
        case .contentLength, .contentMD5, .maxForwards, .server, .wwwAuthenticate:
            // An HTTP API passes these on; the length is written anew.
            template.kind == .rest || name == .contentLength
        default: false
        }
    }

    /// The fields that go into the event, in order, without those that the gateway sets itself.
    func eventFields() -> [FieldSection.Field] {
        var fields: [FieldSection.Field] = []
        fields.reserveCapacity(head.fields.fields.count)
        for field in head.fields.fields where !isDropped(field.name) {
            // A signature is for the gateway alone, and of no use behind it.
            if field.name == .authorization, template.kind == .rest,
                RequestSignature.isSignature(field.value(in: memory))
            {
                continue
            }
            fields.append(field)
        }
        return fields
    }

    @inline(__always)
    private func sameName(_ left: FieldSection.Field, _ right: FieldSection.Field) -> Bool {
        guard left.name == right.name else { return false }
        guard left.name == .other || left.name == .accessControl else { return true }
        return left.name(in: memory).equalsIgnoringCase(right.name(in: memory))
    }

    /// Whether any name stands more than once.
    func hasDuplicates(_ fields: [FieldSection.Field]) -> Bool {
        for (index, field) in fields.enumerated() {
            for other in fields[(index + 1)...] where sameName(field, other) { return true }
        }
        return false
    }

    /// Calls `body` once a name with all its values.
    @inline(__always)
    func forEachName(
        _ fields: [FieldSection.Field],
        duplicates: Bool,
        _ body: (FieldSection.Field, NamedValues) -> Void
    ) {
        for (index, field) in fields.enumerated() {
            guard duplicates else {
                body(field, NamedValues(field.value(in: memory)))
                continue
            }
            if fields[..<index].contains(where: { sameName($0, field) }) { continue }
            let others = fields[(index + 1)...].filter { sameName($0, field) }.map { $0.value(in: memory) }
            body(field, NamedValues(field.value(in: memory), others))
        }
    }

    // MARK: Values that the gateway sets

    /// The stage's variables for the deployment that answers, as a JSON object; empty where there are none.
    var stageVariables: [UInt8] { exchange.isCanary ? template.canaryVariables : template.stageVariables }

    /// `client, remote`: the client's own list with the address that it came from.
    func writeForwardedFor() {
        writer.write(UInt8(ascii: "\""))
        for field in head.fields.fields where field.name == .xForwardedFor {
            writer.writeEscaped(field.value(in: memory))
            writer.write(", ")
        }
        writer.write(exchange.remoteAddress)
        writer.write(UInt8(ascii: "\""))
    }

    /// `Root=1-…`; a root that the client has sent is kept.
    func writeTraceID() {
        writer.write(UInt8(ascii: "\""))
        if let field = head.fields.first(.xAmznTraceId) {
            writer.writeEscaped(field.value(in: memory))
        } else {
            writer.write("Root=")
            exchange.requestID.writeTraceRoot(seconds: exchange.startTime.seconds, to: writer)
        }
        writer.write(UInt8(ascii: "\""))
    }

    /// `"domainName":…,"domainPrefix":…`
    func writeDomain() {
        let domain = head.domainName(in: memory)
        writer.write(#""domainName":"#)
        writer.write(jsonString: domain)
        writer.write(#","domainPrefix":"#)
        writer.write(jsonString: Exchange.prefix(ofDomain: domain))
    }

    func writeUserAgent(missing: StaticString) {
        if let field = head.fields.first(.userAgent) {
            writer.write(jsonString: field.value(in: memory))
        } else {
            writer.write(missing)
        }
    }

    /// `"…"` of the time of the request as events have it.
    func writeEventDate() {
        writer.write(UInt8(ascii: "\""))
        writer.write(exchange.loop.clock.eventDate)
        writer.write(UInt8(ascii: "\""))
    }

    /// The path as it was sent or, for an HTTP API, decoded; with a stage that has a name before it, but for custom
    /// domains.
    func writePath(decoded: Bool) {
        writer.write(UInt8(ascii: "\""))
        let hasStage = template.stageInPath && !exchange.isOnDomain
        if hasStage {
            writer.write("/")
            writer.write(template.stage)
        }
        func write(_ path: UnsafeRawBufferPointer) {
            if path.isEmpty, !hasStage { writer.write("/") } else { writer.writeEscaped(path) }
        }
        if decoded {
            exchange.withShownPath(in: memory) { write($0) }
        } else {
            write(exchange.shownPath(in: memory))
        }
        writer.write(UInt8(ascii: "\""))
    }

    /// The path's parameters as an object; the caller has made sure that there are some.
    func writePathParameters() {
        exchange.withRoutedPath { path in
            for (index, capture) in exchange.captures.enumerated() where index < template.parameterNames.count {
                writer.write(UInt8(ascii: index == 0 ? "{" : ","))
                writer.write(template.parameterNames[index])
                writer.write(UInt8(ascii: ":"))
                writer.write(jsonString: path.slice(capture.lowerBound, capture.upperBound))
            }
            writer.write(UInt8(ascii: "}"))
        }
    }

    // MARK: Content

    /// The length of the request's content; before it has been read, which is when authorizers are asked, the one that
    /// the client has said.
    var contentLength: Int {
        guard !exchange.contentIsWhole, case .length(let length) = head.framing else {
            return exchange.content.readableBytes
        }
        return length
    }

    /// Whether the content goes into the event as base64.
    var encodesContent: Bool {
        exchange.content.readableBytes > 0
            && head.fields.withValue(of: .contentType) { template.binaryTypes.encodes(contentType: $0) }
    }

    /// The content as a JSON string.
    func writeContent(base64: Bool) {
        exchange.content.withUnsafeReadableBytes { content in
            if base64 {
                writer.write(UInt8(ascii: "\""))
                writer.write(base64: content)
                writer.write(UInt8(ascii: "\""))
            } else {
                writer.write(jsonString: content)
            }
        }
    }
}
