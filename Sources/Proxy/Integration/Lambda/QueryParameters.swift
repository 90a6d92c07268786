// The parameters of a query, decoded.

internal import Routing

/// The names and values of a query in their order, form-decoded into one array of bytes.
struct QueryParameters {
    private var bytes: [UInt8] = []
    private var entries: [(name: Range<Int>, value: Range<Int>)] = []

    /// - Parameters:
    ///   - query: the query without its question mark.
    ///   - semicolonSeparates: whether `;` separates parameters as `&` does, as in REST APIs.
    init(_ query: UnsafeRawBufferPointer, semicolonSeparates: Bool) {
        guard !query.isEmpty else { return }
        bytes.reserveCapacity(query.count)
        var start = 0
        while start <= query.count {
            var end = start
            var equals: Int?
            while end < query.count, query[end] != UInt8(ascii: "&"),
                !(semicolonSeparates && query[end] == UInt8(ascii: ";"))
            {
                if equals == nil, query[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                let name = append(query.slice(start, equals ?? end))
                let value = append(equals.map { query.slice($0 + 1, end) } ?? query.slice(end, end))
                entries.append((name, value))
            }
            start = end + 1
        }
    }

    private mutating func append(_ text: UnsafeRawBufferPointer) -> Range<Int> {
        let start = bytes.count
        if text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
            bytes.append(contentsOf: PercentEncoding.decode(text, plusIsSpace: true))
        } else {
            bytes.append(contentsOf: text)
        }
        return start..<bytes.count
    }

    /// Whether there are none.
    var isEmpty: Bool { entries.isEmpty }

    /// Calls `body` once a name, in the order of first appearance, with all its values.
    func forEachName(
        _ body: (_ name: UnsafeRawBufferPointer, _ values: NamedValues) -> Void
    ) {
        bytes.withUnsafeBytes { memory in
            for (index, entry) in entries.enumerated() {
                let name = memory.slice(entry.name.lowerBound, entry.name.upperBound)
                func isNamed(_ other: Int) -> Bool {
                    memory.slice(entries[other].name.lowerBound, entries[other].name.upperBound).equals(name)
                }
                if (0..<index).contains(where: isNamed) { continue }
                func value(_ place: Int) -> UnsafeRawBufferPointer {
                    memory.slice(entries[place].value.lowerBound, entries[place].value.upperBound)
                }
                body(name, NamedValues(value(index), (index + 1..<entries.count).filter(isNamed).map(value)))
            }
        }
    }
}

/// All values of one name, in order. One value, which is what nearly every name has, costs no allocation.
struct NamedValues {
    let first: UnsafeRawBufferPointer
    let others: [UnsafeRawBufferPointer]

    init(_ first: UnsafeRawBufferPointer, _ others: [UnsafeRawBufferPointer] = []) {
        self.first = first
        self.others = others
    }

    /// The last one, which is what single-valued maps hold.
    var last: UnsafeRawBufferPointer { others.last ?? first }
}
