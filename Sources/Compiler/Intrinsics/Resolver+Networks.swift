// Cidr: a network divided into smaller ones.

internal import Diagnostics
internal import Glibc

extension Resolver {
    /// `[block, count, bits]`: the first `count` networks of `bits` bits for hosts within a block, at most 256.
    mutating func cidr(_ argument: YAMLNode, at span: Span) -> Value {
        let shape = "takes a block, the number of networks and the number of bits for hosts"
        guard let elements = argument.elements, elements.count == 3 else {
            return wrong(.functionArgument("Fn::Cidr", shape, at: argument.span), at: span)
        }
        let values = elements.map { resolve($0) }
        for value in values where value.unknownReason != nil { return value.moved(to: span) }
        guard let block = values[0].text, let count = values[1].text.flatMap({ Int($0) }),
            let bits = values[2].text.flatMap({ Int($0) })
        else { return wrong(.functionArgument("Fn::Cidr", shape, at: argument.span), at: span) }
        guard let network = Network(block) else {
            let problem = "takes a block such as '10.0.0.0/16' or '2001:db8::/56'"
            return wrong(.functionArgument("Fn::Cidr", problem, at: elements[0].span), at: span)
        }
        guard (1...256).contains(count), let networks = network.divided(into: count, hostBits: bits) else {
            let isSecret = values.contains { $0.secretSource != nil }
            let problem =
                isSecret
                ? "cannot make so many networks of this block"
                : "cannot make \(count) networks with \(bits) bits for hosts of this block"
            return wrong(.functionArgument("Fn::Cidr", problem, at: argument.span), at: span)
        }
        let secretSource = values.lazy.compactMap(\.secretSource).first
        let texts = networks.map { Value.computed($0, at: span, secretSource: secretSource) }
        return Value(.list(texts), at: span, secretSource: secretSource, isComputed: true)
    }
}

/// A block of addresses of IPv4 or IPv6 (RFC 4632, RFC 4291 section 2.3).
private struct Network {
    /// The first address as a number.
    let address: UInt128
    let prefixLength: Int
    /// 32 or 128.
    let width: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0 else { return nil }
        let family = parts[0].contains(":") ? AF_INET6 : AF_INET
        let bits = family == AF_INET6 ? 128 : 32
        var bytes = [UInt8](repeating: 0, count: bits / 8)
        guard length <= bits, inet_pton(family, String(parts[0]), &bytes) == 1 else { return nil }

        // What stands behind the prefix is no part of the network.
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let mask = length == 0 ? 0 : UInt128.max << (bits - length)
        address = number & mask
        prefixLength = length
        width = bits
    }

    /// The first networks of a size within this one; nil where it has not so many.
    func divided(into count: Int, hostBits: Int) -> [String]? {
        let length = width - hostBits
        guard hostBits >= 0, length >= prefixLength, hostBits < width else { return nil }
        guard length - prefixLength >= 8 || count <= 1 << (length - prefixLength) else { return nil }
        return (0..<count).map { text(address + UInt128($0) << hostBits) + "/\(length)" }
    }

    private func text(_ address: UInt128) -> String {
        let family = width == 128 ? AF_INET6 : AF_INET
        var bytes = (0..<width / 8).map { UInt8(truncatingIfNeeded: address >> (width - 8 - $0 * 8)) }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, &bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
