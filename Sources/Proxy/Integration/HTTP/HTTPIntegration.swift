// A web server behind the gateway: requests and responses pass through as they are.

internal import Manifest
internal import NIOCore
internal import Routing

/// Forwards requests to a web server, piece by piece in both directions.
struct HTTPIntegration: Integration {
    let endpoint: EndpointSlot?
    let timeout: TimeAmount
    private let kind: GatewayKind
    private let basePath: [UInt8]
    private let hostLine: [UInt8]

    init(endpoint slot: EndpointSlot, kind: GatewayKind, timeout: TimeAmount) {
        let endpoint = slot.endpoint
        self.endpoint = slot
        self.kind = kind
        self.timeout = timeout
        basePath = Array(endpoint.basePath.utf8)
        hostLine = Array(" HTTP/1.1\r\nHost: \(endpoint.hostField)\r\n".utf8)
    }

    var delivery: ExchangeStateMachine.Delivery { .streamed }

    /// A path is forwarded as it was sent, so it must mean to the server what it meant to the routes.
    func answer(_ exchange: Exchange) -> IntegrationResult? {
        exchange.head.fields.withBytes { memory in
            RoutePath.hasDotSegment(exchange.head.path(in: memory)) ? .failure(.ambiguousPath()) : nil
        }
    }

    func writeRequest(_ exchange: Exchange, to writer: ByteWriter) -> GatewayError? {
        let head = exchange.head
        head.fields.withBytes { memory in
            writer.write(head.method(in: memory))
            writer.write(UInt8(ascii: " "))
            writer.write(basePath)
            exchange.writeTarget(in: memory, to: writer)
            writer.write(hostLine)
            let nominated = HopByHop.nominations(head.fields)
            for field in head.fields.fields where forwards(field, memory, nominated) {
                writer.write(field.name(in: memory))
                writer.write(": ")
                writer.write(field.value(in: memory))
                writer.write("\r\n")
            }
        }
        WebServerFields.writeForwarded(exchange, to: writer)
        writer.write("X-Amzn-Trace-Id: ")
        writer.writeTrace(of: exchange)
        writer.write("\r\n")
        writer.write(exchange.remainingFraming, method: head.method)
        writer.write("\r\n")
        writer.write(exchange.content)
        return nil
    }

    @inline(__always)
    private func forwards(
        _ field: FieldSection.Field,
        _ memory: UnsafeRawBufferPointer,
        _ nominated: [[UInt8]]
    ) -> Bool {
        guard !WebServerFields.isOwn(field.name), field.name != .xAmznTraceId else { return false }
        let name = field.name(in: memory)
        return !WebServerFields.isForgeable(name) && !HopByHop.contains(nominated, name)
    }

    func makeResponse(_ exchange: Exchange, from head: UpstreamResponseHead, content: ByteBuffer) -> IntegrationResult {
        exchange.integrationStatus = head.head.status
        var response = head.head
        let nominated = HopByHop.nominations(response.fields)
        let fields = response.fields
        response.fields.removeAll { field in
            // The length of what a HEAD request did not get is worth telling; every other length is written anew.
            if field.name == .contentLength { return exchange.head.method != .head }
            if HopByHop.isHopByHop(field.name) { return true }
            guard !nominated.isEmpty else { return false }
            return fields.withBytes { HopByHop.contains(nominated, field.name(in: $0)) }
        }
        return .response(response, content: content)
    }

    func error(for failure: ExchangeStateMachine.Failure) -> GatewayError {
        switch failure {
        case .connect, .busy: .badGateway(kind, detail: "upstream_connect_failed")
        case .closed: .badGateway(kind, detail: "upstream_closed")
        case .malformed, .tooLarge: .badGateway(kind, detail: "upstream_malformed")
        case .timeout: .timeout(kind, wire: .http)
        }
    }
}

/// Fields that concern one connection only (RFC 9110 section 7.6.1).
enum HopByHop {
    @inline(__always)
    static func isHopByHop(_ name: FieldName) -> Bool {
        switch name {
        case .connection, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .upgrade: true
        default: false
        }
    }

    /// The names that Connection fields nominate, but for those that no sender may take away.
    static func nominations(_ fields: FieldSection) -> [[UInt8]] {
        guard fields.contains(.connection) else { return [] }
        var names: [[UInt8]] = []
        fields.forEach { name, _, value in
            guard name == .connection else { return }
            value.forEachListElement { option in
                guard !option.equalsIgnoringCase("close"), !option.equalsIgnoringCase("keep-alive") else { return }
                if FieldName(option) == .other { names.append(Array(option)) }
            }
        }
        return names
    }

    @inline(__always)
    static func contains(_ names: [[UInt8]], _ name: UnsafeRawBufferPointer) -> Bool {
        names.contains { $0.withUnsafeBytes { $0.equalsIgnoringCase(name) } }
    }
}
