// Whether bytes are JSON, without building a value: the check that every event passes on its way to a function.

/// Checks the grammar of RFC 8259 over UTF-8. Duplicate names and large numbers pass: the function's own parser decides.
struct JSONCheck {
    /// How deep arrays and objects may nest.
    static let maximumDepth = 512

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// One entry for each open container: whether it is an object.
    private var containers: [Bool] = []

    /// Whether the bytes are one JSON value with nothing but white space around it.
    static func isJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var check = JSONCheck(bytes: bytes)
        return check.document()
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func document() -> Bool {
        while true {
            skipSpace()
            guard position < bytes.count else { return false }
            var isComplete: Bool
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard let state = open() else { return false }
                isComplete = state
            case UInt8(ascii: "\""):
                guard string() else { return false }
                isComplete = true
            case UInt8(ascii: "t"):
                guard word("true") else { return false }
                isComplete = true
            case UInt8(ascii: "f"):
                guard word("false") else { return false }
                isComplete = true
            case UInt8(ascii: "n"):
                guard word("null") else { return false }
                isComplete = true
            default:
                guard number() else { return false }
                isComplete = true
            }
            // A complete value may end any number of containers.
            while isComplete {
                skipSpace()
                guard let isObject = containers.last else { return position == bytes.count }
                guard position < bytes.count else { return false }
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: ",") {
                    if isObject {
                        guard name() else { return false }
                    }
                    isComplete = false
                } else if byte == UInt8(ascii: isObject ? "}" : "]") {
                    containers.removeLast()
                } else {
                    return false
                }
            }
        }
    }

    /// Opens a container; returns whether it is empty and so complete, nil for a fault.
    private mutating func open() -> Bool? {
        guard containers.count < Self.maximumDepth else { return nil }
        let isObject = bytes[position] == UInt8(ascii: "{")
        position += 1
        skipSpace()
        guard position < bytes.count else { return nil }
        if bytes[position] == UInt8(ascii: isObject ? "}" : "]") {
            position += 1
            return true
        }
        containers.append(isObject)
        if isObject {
            guard name() else { return nil }
        }
        return false
    }

    private mutating func name() -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), string() else { return false }
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return false }
        position += 1
        return true
    }

    private mutating func string() -> Bool {
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"):
                guard escape() else { return false }
            case ..<0x20: return false
            case ..<0x80: continue
            default:
                guard sequence(lead: byte) else { return false }
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        guard position < bytes.count else { return false }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "u") {
            guard position + 4 <= bytes.count else { return false }
            defer { position += 4 }
            return bytes[position..<(position + 4)].allSatisfy { byte in
                isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
            }
        }
        return switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            true
        default: false
        }
    }

    /// The rest of a well-formed UTF-8 sequence (Unicode standard, table 3-7).
    private mutating func sequence(lead: UInt8) -> Bool {
        let count: Int
        var first: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: count = 1
        case 0xE0...0xEF:
            count = 2
            if lead == 0xE0 { first = 0xA0...0xBF } else if lead == 0xED { first = 0x80...0x9F }
        case 0xF0...0xF4:
            count = 3
            if lead == 0xF0 { first = 0x90...0xBF } else if lead == 0xF4 { first = 0x80...0x8F }
        default: return false
        }
        guard position + count <= bytes.count, first.contains(bytes[position]) else { return false }
        defer { position += count }
        return bytes[(position + 1)..<(position + count)].allSatisfy { $0 & 0xC0 == 0x80 }
    }

    private mutating func number() -> Bool {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        guard position < bytes.count else { return false }
        if bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else if !digits() {
            return false
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() else { return false }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() else { return false }
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position > start
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func word(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
        position += count
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}
