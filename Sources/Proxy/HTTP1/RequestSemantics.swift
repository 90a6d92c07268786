// What the fields of a request say of its content, its host and its connection.

/// Framing, persistence and expectations, and the checks that keep two recipients from reading one request differently.
struct RequestSemantics {
    var framing = MessageFraming.none
    var keepsAlive = true
    var expectsContinue = false

    init() {}

    /// - Throws: `MessageError` for content lengths and transfer codings that are not plainly one (RFC 9112
    ///   section 6.3), and for anything but one valid Host (section 3.2).
    init(
        of fields: [FieldSection.Field],
        in memory: UnsafeRawBufferPointer,
        line: RequestLine
    ) throws(MessageError) {
        var hosts = 0
        var hasType = false
        var length: Int?
        var isChunked = false
        var asksToClose = false
        var asksToKeepAlive = false
        for field in fields {
            let value = field.value(in: memory)
            switch field.name {
            case .host:
                hosts += 1
                guard Host.isValid(value) else { throw .malformed("the Host field is no host") }
                guard line.authority.isEmpty || value.equalsIgnoringCase(memory.slice(line.authority)) else {
                    throw .malformed("the Host field and the target name different hosts")
                }
            case .contentLength:
                guard length == nil, let number = value.decimalValue else {
                    throw .malformed("the Content-Length field is not one number")
                }
                length = number
            case .contentType:
                // One recipient takes the first, another the last: content could be checked as one type and read as
                // another.
                guard !hasType else { throw .malformed("the Content-Type field stands twice") }
                hasType = true
            case .transferEncoding:
                guard !isChunked, line.minorVersion == 1 else {
                    throw .malformed("the Transfer-Encoding field stands twice, or in HTTP/1.0")
                }
                try Self.checkTransferCoding(value)
                isChunked = true
            case .connection:
                value.forEachListElement { option in
                    if option.equalsIgnoringCase("close") { asksToClose = true }
                    if option.equalsIgnoringCase("keep-alive") { asksToKeepAlive = true }
                }
            case .expect where line.minorVersion == 1:
                guard value.equalsIgnoringCase("100-continue") else { throw .unknownExpectation }
                expectsContinue = true
            default: break
            }
        }
        // A host in the target alone, as HTTP/1.0 allows it, would be overlooked.
        guard hosts == 1 || (hosts == 0 && line.minorVersion == 0 && line.authority.isEmpty) else {
            throw .malformed("there is not exactly one Host field")
        }
        guard length == nil || !isChunked else {
            throw .malformed("both Content-Length and Transfer-Encoding are there")
        }
        framing = isChunked ? .chunked : length.map { .length($0) } ?? .none
        keepsAlive = line.minorVersion == 1 ? !asksToClose : asksToKeepAlive && !asksToClose
    }

    private static func checkTransferCoding(_ value: UnsafeRawBufferPointer) throws(MessageError) {
        if value.equalsIgnoringCase("chunked") { return }
        // A list of codings that ends in chunked is well formed; there is just nobody here to decode the others.
        let isList = value.allSatisfy { $0.isTokenCharacter || $0 == 0x20 || $0 == UInt8(ascii: ",") }
        let last = value.lastIndex(of: UInt8(ascii: ",")).map { value.slice($0 + 1, value.count).trimmed }
        if isList, let last, last.equalsIgnoringCase("chunked"), !Self.namesChunkedTwice(value) {
            throw .unknownTransferCoding
        }
        throw .malformed("the Transfer-Encoding field is not 'chunked'")
    }

    private static func namesChunkedTwice(_ value: UnsafeRawBufferPointer) -> Bool {
        var count = 0
        value.forEachListElement { if $0.equalsIgnoringCase("chunked") { count += 1 } }
        return count > 1
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        slice(range.lowerBound, range.upperBound)
    }
}

/// The syntax of `Host` (RFC 9110 section 7.2, RFC 3986 section 3.2.2).
enum Host {
    /// Whether a value is a name or an address with an optional port: no user, no path, no empty name.
    static func isValid(_ value: UnsafeRawBufferPointer) -> Bool {
        var end = value.count
        if let colon = value.lastIndex(of: UInt8(ascii: ":")), value.last != UInt8(ascii: "]") {
            let port = value.slice(colon + 1, value.count)
            guard let number = port.decimalValue, number <= 65535 else { return false }
            end = colon
        }
        guard end > 0, end <= 255 else { return false }
        if value[0] == UInt8(ascii: "[") {
            guard end > 2, value[end - 1] == UInt8(ascii: "]") else { return false }
            let address = value.slice(1, end - 1)
            return address.contains(UInt8(ascii: ":"))
                && address.allSatisfy {
                    $0.hexadecimalValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
                }
        }
        return value.slice(0, end).allSatisfy {
            $0.isDigit || ($0 | 0x20) &- 97 < 26 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "_")
        }
    }
}
