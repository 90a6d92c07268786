// A place to listen as the command line spells it.

internal import ArgumentParser

/// `HOST:PORT`, IPv6 addresses in brackets.
struct ListenAddress: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    static let standard = ListenAddress(host: "127.0.0.1", port: 3001)

    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = Int(argument[argument.index(after: colon)...]), (0...65535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
    var defaultValueDescription: String { description }
}

/// A place to listen, or `off`.
enum AdminAddress: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    case off
    case on(ListenAddress)

    init?(argument: String) {
        if argument == "off" {
            self = .off
        } else if let address = ListenAddress(argument: argument) {
            self = .on(address)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .off: "off"
        case .on(let address): address.description
        }
    }

    var defaultValueDescription: String { description }
}
