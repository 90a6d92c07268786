// A request's head taken apart, changed and put together again.

internal import NIOCore
internal import Routing

/// A head under change. What comes out is read as strictly as what clients send, so that no value can become a second
/// field or a second request.
struct RequestRewriting {
    private let original: RequestHead
    private var fields: [(name: [UInt8], value: [UInt8])] = []
    private var queries: [[UInt8]] = []
    /// The path in place of the request's; nil where it stays.
    private(set) var path: [UInt8]?
    /// The value of a changed Host field.
    private(set) var host: [UInt8]?

    init(_ head: RequestHead) {
        original = head
        head.fields.forEach { _, name, value in fields.append((Array(name), Array(value))) }
        head.fields.withBytes { memory in
            queries = head.query(in: memory).split(separator: UInt8(ascii: "&")).map { Array($0) }
        }
    }

    /// Makes one change.
    mutating func apply(_ change: ParameterChange, _ value: [UInt8]) {
        switch change.target {
        case .path: path = value.first == UInt8(ascii: "/") ? value : [UInt8(ascii: "/")] + value
        case .status: break
        case .field(let known, let name):
            if change.action != .append || known == .host {
                fields.removeAll { $0.name.withUnsafeBytes { change.changes($0) } }
            }
            if change.action != .remove { fields.append((name, value)) }
            if known == .host { host = change.action == .remove ? nil : value }
        case .query(let name):
            if change.action != .append { queries.removeAll { Self.name(of: $0) == name } }
            guard change.action != .remove else { return }
            let writer = ByteWriter(capacity: 64)
            writer.write(queryValue: name)
            writer.write(UInt8(ascii: "="))
            writer.write(queryValue: value)
            queries.append(Array(writer.bytes))
        }
    }

    private static func name(of parameter: [UInt8]) -> [UInt8] {
        let end = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.count
        return parameter.withUnsafeBytes { PercentEncoding.decode($0.slice(0, end), plusIsSpace: true) }
    }

    /// The changed head.
    ///
    /// - Throws: `MessageError` where the changes have made it none.
    func head() throws(MessageError) -> RequestHead {
        let writer = ByteWriter(capacity: 1024)
        original.fields.withBytes { memory in
            writer.write(original.method(in: memory))
            writer.write(UInt8(ascii: " "))
            if let path { writer.write(path) } else { writer.write(original.path(in: memory)) }
        }
        if !queries.isEmpty {
            writer.write(UInt8(ascii: "?"))
            writer.write(Array(queries.joined(separator: [UInt8(ascii: "&")])))
        }
        writer.write(original.minorVersion == 1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n")
        for field in fields { writer.write(field: field.name, field.value) }
        writer.write("\r\n")
        // What a mapping adds is the template's, and not the client's to be limited.
        var limits = MessageLimits()
        limits.requestLineBytes = 1 << 20
        limits.fieldValueBytes = 1 << 20
        limits.fieldCount = 20_000
        return try RequestHead(parsing: writer.makeBuffer(ByteBufferAllocator()), limits: limits)
    }
}
