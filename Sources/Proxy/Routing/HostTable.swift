// The host names that mean something, and what each means.

/// Host names, without regard to case, to ports and to a dot at the end. To find that a name is not there costs a
/// look at its length.
struct HostTable<Place: Sendable>: Sendable {
    private struct Entry: Sendable {
        let name: [UInt8]
        let place: Place
    }

    /// By length.
    private let entries: [Entry]
    /// Where the names of each length stand in `entries`.
    private let stretches: [Range<Int>]
    /// Names of the form `*.example.com`, without the asterisk.
    private let wildcards: [Entry]

    /// - Parameter places: what each name means, the first of equal names; `*.` before a name is any one label.
    init(_ places: [(name: String, place: Place)]) {
        var known: Set<[UInt8]> = []
        var entries: [Entry] = []
        var wildcards: [Entry] = []
        for (name, place) in places {
            var bytes = name.utf8.map(\.lowercased)
            while bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
            guard !bytes.isEmpty, known.insert(bytes).inserted else { continue }
            if bytes.starts(with: "*.".utf8) {
                wildcards.append(Entry(name: Array(bytes.dropFirst()), place: place))
            } else {
                entries.append(Entry(name: bytes, place: place))
            }
        }
        self.entries = entries.sorted { $0.name.count < $1.name.count }
        self.wildcards = wildcards
        var stretches: [Range<Int>] = []
        var start = 0
        for length in 0...(self.entries.last?.name.count ?? 0) {
            let end = self.entries[start...].firstIndex { $0.name.count > length } ?? self.entries.count
            stretches.append(start..<end)
            start = end
        }
        self.stretches = stretches
    }

    /// What a Host field's value means; nil for a name that is not there.
    func place(of value: UnsafeRawBufferPointer) -> Place? {
        let name = Self.name(value)
        if name.count < stretches.count {
            for index in stretches[name.count] {
                if entries[index].name.withUnsafeBytes({ $0.equalsIgnoringCase(name) }) { return entries[index].place }
            }
        }
        guard !wildcards.isEmpty, let dot = name.firstIndex(of: UInt8(ascii: "."), from: 0), dot > 0 else { return nil }
        let suffix = name.slice(dot, name.count)
        return wildcards.first { $0.name.withUnsafeBytes { $0.equalsIgnoringCase(suffix) } }?.place
    }

    /// The value without its port and without a dot at the end.
    private static func name(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard value.first != UInt8(ascii: "[") else { return value }
        var end = value.firstIndex(of: UInt8(ascii: ":"), from: 0) ?? value.count
        if end > 1, value[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return value.slice(0, end)
    }
}
