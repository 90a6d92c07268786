// What requests and responses have in common: where a head ends, what a field line is, how a body is framed.

/// Why a message cannot be read. Every case closes the connection.
enum MessageError: Error, Equatable, Sendable {
    /// Bytes that are not HTTP/1.1, or that recipients are known to read in more than one way.
    case malformed(StaticString)
    /// The request line is longer than allowed.
    case targetTooLong
    /// The fields are more, or larger, than allowed.
    case fieldsTooLarge
    /// A transfer coding other than `chunked`.
    case unknownTransferCoding
    /// A major version other than 1.
    case unknownVersion
    /// `CONNECT`, or a target in authority form.
    case tunnel
    /// An expectation other than `100-continue`.
    case unknownExpectation

    static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.malformed(let first), .malformed(let second)): "\(first)" == "\(second)"
        case (.targetTooLong, .targetTooLong), (.fieldsTooLarge, .fieldsTooLarge), (.tunnel, .tunnel),
            (.unknownTransferCoding, .unknownTransferCoding),
            (.unknownVersion, .unknownVersion), (.unknownExpectation, .unknownExpectation):
            true
        default: false
        }
    }
}

/// How large a message may be.
struct MessageLimits: Sendable, Equatable {
    /// The request line in bytes, without its end.
    var requestLineBytes = 10_304
    /// The whole head in bytes.
    var headBytes = 32 * 1024
    /// The values of all fields in bytes; API Gateway's own quota is 10 240.
    var fieldValueBytes = 10_240
    /// How many fields.
    var fieldCount = 100
    /// The content in bytes.
    var contentBytes = 10 * 1024 * 1024
}

/// How the length of a content is known (RFC 9112 section 6).
enum MessageFraming: Equatable, Sendable {
    case none
    case length(Int)
    case chunked
    /// Until the connection closes; responses only.
    case untilClose
}

/// Finds the end of a head in bytes that arrive in pieces.
struct HeadScanner: Sendable {
    private var scanned = 0
    private var lineStart = 0

    /// Looks at the bytes so far.
    ///
    /// - Parameter bytes: everything since the start of the head.
    /// - Returns: how many bytes the head has with its empty line; nil where more are needed.
    /// - Throws: `MessageError.malformed` for a line that does not end in CR LF.
    @inline(__always)
    mutating func end(in bytes: UnsafeRawBufferPointer) throws(MessageError) -> Int? {
        while let newline = bytes.firstIndex(of: 0x0A, from: scanned) {
            guard newline > 0, bytes[newline - 1] == 0x0D else { throw .malformed("a line ends in LF alone") }
            scanned = newline + 1
            let length = newline - 1 - lineStart
            lineStart = newline + 1
            if length == 0 { return newline + 1 }
        }
        scanned = bytes.count
        return nil
    }
}

/// Reads field lines, as strictly as RFC 9112 section 5 has them for senders.
enum FieldLineParser {
    /// Reads the lines from `start` up to the empty line that ends them.
    ///
    /// - Parameters:
    ///   - memory: a head with its empty line.
    ///   - start: where the first field line begins.
    ///   - limits: how many fields, and how large.
    /// - Returns: the places of the fields.
    /// - Throws: `MessageError` for the first line that is no field line, or one too many.
    @inline(__always)
    static func parse(
        _ memory: UnsafeRawBufferPointer,
        from start: Int,
        limits: MessageLimits
    ) throws(MessageError) -> [FieldSection.Field] {
        var fields: [FieldSection.Field] = []
        fields.reserveCapacity(16)
        var valueBytes = 0
        var position = start
        while memory[position] != 0x0D {
            let nameStart = position
            while memory[position].isTokenCharacter { position += 1 }
            let nameEnd = position
            guard nameEnd > nameStart, memory[position] == UInt8(ascii: ":") else {
                throw .malformed("a field line is not 'name: value'")
            }
            position += 1
            while memory[position] == 0x20 || memory[position] == 0x09 { position += 1 }
            let valueStart = position
            while memory[position].isFieldValueCharacter { position += 1 }
            guard memory[position] == 0x0D, memory[position + 1] == 0x0A else {
                throw .malformed("a field value holds a control character")
            }
            var valueEnd = position
            while valueEnd > valueStart, memory[valueEnd - 1] == 0x20 || memory[valueEnd - 1] == 0x09 { valueEnd -= 1 }
            position += 2
            valueBytes += valueEnd - valueStart
            guard fields.count < limits.fieldCount, valueBytes <= limits.fieldValueBytes else { throw .fieldsTooLarge }
            fields.append(
                FieldSection.Field(
                    name: FieldName(memory.slice(nameStart, nameEnd)),
                    nameStart: nameStart,
                    nameLength: nameEnd - nameStart,
                    valueStart: valueStart,
                    valueLength: valueEnd - valueStart
                )
            )
        }
        // A line that begins with a lone CR would hide what follows it.
        guard position + 2 == memory.count else { throw .malformed("a field line begins with CR") }
        return fields
    }
}
