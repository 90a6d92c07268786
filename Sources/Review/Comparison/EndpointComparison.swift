// Where functions are reached: which addresses stay on the machine.

internal import JSON
internal import Manifest

extension Endpoint {
    /// What it is that another address stands in its place.
    func rule(of new: Endpoint) -> ChangeRule {
        switch (isLocal, new.isLocal) {
        case (true, false): .functionEndpointExposed
        case (false, true): .functionEndpointEnclosed
        case (true, true): .functionEndpointChanged
        case (false, false):
            isSecure == new.isSecure
                ? .functionEndpointChanged : new.isSecure ? .functionEndpointEncrypted : .functionEndpointUnencrypted
        }
    }

    /// The address, the protocol before it where it is not the Invoke API.
    var reviewed: JSONValue { .string(wire == .lambda ? url : "\(wire.rawValue) \(url)") }

    /// Whether it is an address of the machine itself: 127.0.0.0/8 and ::1 (RFC 1122 section 3.2.1.3, RFC 4291 section
    /// 2.5.3), or the name `localhost` (RFC 6761 section 6.3).
    ///
    /// What a system may read as such an address besides, `127.1` and `0.0.0.0`, counts as another.
    var isLocal: Bool {
        var name = Substring(host.lowercased())
        if name.hasSuffix(".") { name.removeLast() }
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        return name.contains(":") ? Self.isLocalVersion6(name) : Self.isLocalVersion4(host[...])
    }

    private static func isLocalVersion4(_ address: Substring) -> Bool {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { $0 &- 0x30 < 10 } && UInt8(part).map { String($0) == part } ?? false
            }
    }

    private static func isLocalVersion6(_ address: Substring) -> Bool {
        if address.hasPrefix("::ffff:"), isLocalVersion4(address.dropFirst(7)) { return true }
        let halves = address.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        let groups = halves.map { half in
            half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
        }
        let given = groups.flatMap { $0 }
        guard halves.count == 2 ? given.count < 8 : given.count == 8, groups.last?.isEmpty == false else {
            return false
        }
        let numbers = given.map { $0.utf8.count <= 4 ? UInt16($0, radix: 16) : nil }
        return numbers.last == 1 && numbers.dropLast().allSatisfy { $0 == 0 }
    }
}
