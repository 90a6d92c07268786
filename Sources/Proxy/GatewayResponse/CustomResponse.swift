// One gateway response of an API.

internal import Manifest
internal import NIOCore

/// A status, fields and bodies in place of those that an error has.
struct CustomResponse: Sendable {
    /// Why a response is none that can be sent.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let status: Int?
    private let fields: [(name: [UInt8], source: ResponseSource)]
    /// The bodies by their media types, which are in lower case.
    private let templates: [(type: [UInt8], template: TextTemplate)]

    /// - Throws: `Failure` for a status, a name of a field or an expression that is none.
    init(_ response: GatewayResponse) throws(Failure) {
        if let status = response.statusCode, status < 200 {
            throw Failure(description: "a response has a status from 200 to 599, not \(status)")
        }
        status = response.statusCode
        var fields: [(name: [UInt8], source: ResponseSource)] = []
        for (name, expression) in response.parameters.sortedByCodePoint {
            // Paths and queries are parameters, too, and mean nothing in a response.
            guard let field = name.suffix(after: "gatewayresponse.header.") else { continue }
            guard field.utf8.allSatisfy(\.isTokenCharacter) else {
                throw Failure(description: "'\(field)' is no name of a field")
            }
            guard let source = ResponseSource(expression) else {
                throw Failure(description: "'\(expression)' is no value for the field '\(field)'")
            }
            guard !Self.isReserved(field) else { continue }
            fields.append((Array(field.utf8), source))
        }
        self.fields = fields
        templates = response.templates.sortedByCodePoint.map {
            (Array($0.key.lowercased().utf8), TextTemplate($0.value))
        }
    }

    /// Fields that say where the message ends, or concern the connection, are the gateway's alone.
    private static func isReserved(_ field: String) -> Bool {
        var field = field
        return field.withUTF8 { bytes in
            let name = FieldName(UnsafeRawBufferPointer(bytes))
            return name == .contentLength || HopByHop.isHopByHop(name)
        }
    }

    /// The response for an error.
    func response(for error: GatewayError, _ exchange: Exchange) -> LocalResponse {
        var response = error.ordinaryResponse(exchange)
        // Its status cannot be changed (developer guide, "Gateway response types").
        if let status, error.type != .requestTooLarge { response.head.status = status }
        // Templates and fields may ask for the status that the client is to have.
        exchange.status = response.head.status
        if let (type, template) = template(for: exchange) {
            let writer = ByteWriter(capacity: 512)
            template.write(exchange, to: writer)
            response.content = Array(writer.bytes)
            set("Content-Type", .contentType, type, in: &response.head.fields)
        }
        for (name, source) in fields {
            // A value that could end the field is left out with it.
            guard let value = source.value(exchange), value.allSatisfy(\.isFieldValueCharacter) else { continue }
            name.withUnsafeBytes { name in
                value.withUnsafeBytes { set(name, FieldName(name), $0.trimmed, in: &response.head.fields) }
            }
        }
        return response
    }

    /// The body for what the client accepts, else of the type that it has sent, else JSON, else the first.
    private func template(for exchange: Exchange) -> (type: [UInt8], template: TextTemplate)? {
        guard templates.count > 1 else { return templates.first }
        let fields = exchange.head.fields
        let wanted = [fields.text(of: .accept), fields.text(of: .contentType)].compactMap { $0 }
        for range in wanted.flatMap({ $0.utf8.prefix(4096).split(separator: UInt8(ascii: ",")) }) {
            let type = Array(range).withUnsafeBytes { bytes in
                let end = bytes.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? bytes.count
                return bytes.slice(0, end).trimmed.map(\.lowercased)
            }
            if let match = templates.first(where: { $0.type == type }) { return match }
        }
        return templates.first { $0.type == Array("application/json".utf8) } ?? templates.first
    }

    private func set(
        _ spelling: StaticString,
        _ name: FieldName,
        _ value: [UInt8],
        in fields: inout FieldSection
    ) {
        fields.removeAll { $0.name == name }
        fields.append(name, spelling, value: value)
    }

    private func set(
        _ spelling: UnsafeRawBufferPointer,
        _ name: FieldName,
        _ value: UnsafeRawBufferPointer,
        in fields: inout FieldSection
    ) {
        let present = fields
        fields.removeAll { field in present.withBytes { field.name(in: $0).equalsIgnoringCase(spelling) } }
        fields.append(name, spelling, value: value)
    }
}
