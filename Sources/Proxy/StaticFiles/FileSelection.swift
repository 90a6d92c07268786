// What of a file a request is answered with: all of it, a range, or that nothing has changed.

/// The answer that the conditions and the range of a request ask for (RFC 9110 sections 13 and 14).
enum FileSelection: Equatable, Sendable {
    case whole
    case range(Range<Int>)
    case notModified
    case unsatisfiable

    /// - Parameters:
    ///   - head: a request with GET or HEAD.
    ///   - size: the size of the file in bytes.
    ///   - tag: its entity tag with its quotes.
    ///   - modified: its `Last-Modified`. Dates are compared as texts: a client sends back the one that it has been given.
    init(_ head: RequestHead, size: Int, tag: [UInt8], modified: [UInt8]) {
        self = head.fields.withBytes { memory in
            let conditions = Conditions(head.fields, in: memory)
            let isUnchanged =
                if conditions.hasTags {
                    conditions.matches(head.fields, tag, in: memory)
                } else {
                    conditions.modifiedSince.map { modified.elementsEqual($0) } ?? false
                }
            if isUnchanged { return .notModified }
            guard head.method == .get, let range = conditions.range, conditions.rangeCount == 1 else { return .whole }
            if let validator = conditions.ifRange, !validator.elementsEqual(tag), !validator.elementsEqual(modified) {
                return .whole
            }
            return Self.selection(range, size: size)
        }
    }

    /// A range of `bytes`; several at once, and what is none, are passed over (section 14.2).
    private static func selection(_ value: UnsafeRawBufferPointer, size: Int) -> FileSelection {
        guard value.hasPrefixIgnoringCase("bytes=") else { return .whole }
        let set = value.slice(6, value.count).trimmed
        guard let dash = set.firstIndex(of: UInt8(ascii: "-"), from: 0) else { return .whole }
        let first = set.slice(0, dash)
        let last = set.slice(dash + 1, set.count)
        if first.isEmpty {
            guard let count = last.decimalValue else { return .whole }
            return count == 0 || size == 0 ? .unsatisfiable : .range(max(0, size - count)..<size)
        }
        guard let start = first.decimalValue else { return .whole }
        guard !last.isEmpty else { return start < size ? .range(start..<size) : .unsatisfiable }
        guard let end = last.decimalValue, end >= start else { return .whole }
        return start < size ? .range(start..<min(end + 1, size)) : .unsatisfiable
    }

    private struct Conditions {
        var hasTags = false
        var modifiedSince: UnsafeRawBufferPointer?
        var ifRange: UnsafeRawBufferPointer?
        var range: UnsafeRawBufferPointer?
        var rangeCount = 0

        init(_ fields: FieldSection, in memory: UnsafeRawBufferPointer) {
            for field in fields.fields where field.name == .other {
                let name = field.name(in: memory)
                let value = field.value(in: memory)
                if name.equalsIgnoringCase("if-none-match") {
                    hasTags = true
                } else if name.equalsIgnoringCase("if-modified-since") {
                    modifiedSince = value
                } else if name.equalsIgnoringCase("if-range") {
                    ifRange = value
                } else if name.equalsIgnoringCase("range") {
                    range = value
                    rangeCount += 1
                }
            }
        }

        /// Whether one of the tags of `If-None-Match` is the file's; whether it is weak does not matter.
        func matches(_ fields: FieldSection, _ tag: [UInt8], in memory: UnsafeRawBufferPointer) -> Bool {
            var found = false
            for field in fields.fields where field.name == .other {
                guard field.name(in: memory).equalsIgnoringCase("if-none-match") else { continue }
                field.value(in: memory).forEachListElement { element in
                    let isWeak = element.count > 2 && element[0] == UInt8(ascii: "W") && element[1] == UInt8(ascii: "/")
                    let candidate = isWeak ? element.slice(2, element.count) : element
                    if candidate.elementsEqual(tag) || element.elementsEqual("*".utf8) { found = true }
                }
            }
            return found
        }
    }
}
