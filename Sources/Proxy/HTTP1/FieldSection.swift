// The fields of a message as slices of one buffer.

internal import NIOCore

/// The fields of a request or response in their order, each a slice of one buffer of bytes.
///
/// Names keep the case of their sender. Nothing is copied on the way in, and no field costs an allocation of its own.
struct FieldSection: Sendable {
    /// Where one field stands in `bytes`.
    struct Field: Sendable {
        let name: FieldName
        fileprivate let nameStart: UInt32
        fileprivate let nameLength: UInt32
        fileprivate let valueStart: UInt32
        fileprivate let valueLength: UInt32

        init(name: FieldName, nameStart: Int, nameLength: Int, valueStart: Int, valueLength: Int) {
            self.name = name
            self.nameStart = UInt32(truncatingIfNeeded: nameStart)
            self.nameLength = UInt32(truncatingIfNeeded: nameLength)
            self.valueStart = UInt32(truncatingIfNeeded: valueStart)
            self.valueLength = UInt32(truncatingIfNeeded: valueLength)
        }
    }

    /// The bytes that the fields are slices of; for a request also its request line.
    private(set) var bytes: ByteBuffer
    private(set) var fields: [Field] = []

    /// No fields yet; there is room for what the fields of an ordinary response take.
    init() {
        bytes = ByteBufferAllocator().buffer(capacity: 512)
        fields.reserveCapacity(12)
    }

    /// Fields over bytes that have been read.
    ///
    /// - Parameters:
    ///   - bytes: the buffer; offsets of fields count from its reader index.
    ///   - fields: the places of the fields.
    init(bytes: ByteBuffer, fields: [Field]) {
        self.bytes = bytes
        self.fields = fields
    }

    /// Reads the fields with their bytes in hand: `body` gets the memory that offsets count from.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeReadableBytes(body)
    }

    /// Calls `body` with each field's name and value.
    @inline(__always)
    func forEach(_ body: (FieldName, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        withBytes { memory in
            for field in fields { body(field.name, field.name(in: memory), field.value(in: memory)) }
        }
    }

    /// The first field of a known name.
    @inline(__always)
    func first(_ name: FieldName) -> Field? {
        for field in fields where field.name == name { return field }
        return nil
    }

    /// Whether there is a field of a known name.
    @inline(__always)
    func contains(_ name: FieldName) -> Bool { first(name) != nil }

    /// The value of the first field of a known name.
    @inline(__always)
    func withValue<Result>(of name: FieldName, _ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
        guard let field = first(name) else { return body(nil) }
        return withBytes { body(field.value(in: $0)) }
    }

    /// The value of the first field of a known name as text, for what is not done for every request.
    func text(of name: FieldName) -> String? {
        withValue(of: name) { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// Appends a field that the gateway itself makes.
    mutating func append(_ name: FieldName, _ spelling: StaticString, value: UnsafeRawBufferPointer) {
        append(name, UnsafeRawBufferPointer(start: spelling.utf8Start, count: spelling.utf8CodeUnitCount), value: value)
    }

    /// Appends a field that the gateway itself makes.
    mutating func append(_ name: FieldName, _ spelling: StaticString, value: [UInt8]) {
        value.withUnsafeBytes { append(name, spelling, value: $0) }
    }

    /// Appends a field whose name and value are known to be well formed.
    mutating func append(_ name: FieldName, _ spelling: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let start = bytes.readableBytes
        bytes.writeBytes(spelling)
        bytes.writeBytes(value)
        fields.append(
            Field(
                name: name,
                nameStart: start,
                nameLength: spelling.count,
                valueStart: start + spelling.count,
                valueLength: value.count
            )
        )
    }

    /// Removes the fields that `condition` holds for.
    mutating func removeAll(where condition: (Field) -> Bool) {
        if fields.contains(where: condition) { fields.removeAll(where: condition) }
    }
}

extension FieldSection.Field {
    /// Where the value stands.
    var valueRange: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueLength) }

    /// The name as it was spelled.
    @inline(__always)
    func name(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        memory.slice(Int(nameStart), Int(nameStart) + Int(nameLength))
    }

    /// The value without surrounding white space.
    @inline(__always)
    func value(in memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        memory.slice(Int(valueStart), Int(valueStart) + Int(valueLength))
    }
}
