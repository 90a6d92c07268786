// The codings of contents that the gateway knows.

/// A coding of contents (RFC 9110 section 8.4.1). `deflate` is deflate within zlib's own format, as the RFC has it.
enum ContentCoding: Sendable {
    case gzip, deflate

    init?(_ name: UnsafeRawBufferPointer) {
        if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
            self = .gzip
        } else if name.equalsIgnoringCase("deflate") {
            self = .deflate
        } else {
            return nil
        }
    }

    var name: [UInt8] {
        switch self {
        case .gzip: Array("gzip".utf8)
        case .deflate: Array("deflate".utf8)
        }
    }

    /// How zlib tells the formats apart: 16 more than the size of the window is gzip.
    func windowBits(_ bits: Int32) -> Int32 { self == .gzip ? bits + 16 : bits }

    /// The coding for a response to a client that accepts some: one of those that it likes best, gzip before deflate.
    ///
    /// Only what is named counts, so that `*` asks for nothing; nor is anything compressed where a coding that is not
    /// known here, or none, is liked better (developer guide, "Enable payload compression for an API").
    static func accepted(by fields: FieldSection) -> ContentCoding? {
        var best = 1
        var takesGzip = false
        var takesDeflate = false
        fields.forEach { field, _, value in
            guard field == .acceptEncoding else { return }
            value.forEachListElement { element in
                let end = element.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? element.count
                let weight = weight(element.slice(end, element.count))
                guard weight >= best else { return }
                if weight > best { (best, takesGzip, takesDeflate) = (weight, false, false) }
                switch ContentCoding(element.slice(0, end).trimmed) {
                case .gzip?: takesGzip = true
                case .deflate?: takesDeflate = true
                case nil: break
                }
            }
        }
        return takesGzip ? .gzip : takesDeflate ? .deflate : nil
    }

    /// The weight of an element in thousandths (RFC 9110 section 12.4.2); 0 for one that is malformed.
    private static func weight(_ parameters: UnsafeRawBufferPointer) -> Int {
        let text = parameters.filter { $0 != 0x20 && $0 != 0x09 }
        guard !text.isEmpty else { return 1000 }
        guard text.count >= 4, text.count <= 8, text[0] == UInt8(ascii: ";"), text[1].lowercased == UInt8(ascii: "q"),
            text[2] == UInt8(ascii: "="), text[3] == UInt8(ascii: "0") || text[3] == UInt8(ascii: "1")
        else { return 0 }
        var weight = Int(text[3] &- 48) * 1000
        guard text.count > 4 else { return weight }
        guard text[4] == UInt8(ascii: ".") else { return 0 }
        var unit = 100
        for digit in text[5...] {
            guard digit.isDigit else { return 0 }
            weight += Int(digit &- 48) * unit
            unit /= 10
        }
        return weight <= 1000 ? weight : 0
    }
}
