// Where and how a function is reached over HTTP.

/// The address of a function and the protocol that is spoken there.
package struct Endpoint: Hashable, Sendable {
    /// What is spoken at the address.
    package enum Wire: String, CaseIterable, Hashable, Sendable {
        /// The Lambda Invoke API.
        case lambda
        /// The Runtime Interface Emulator: one fixed function name, one request at a time.
        case rie
        /// The request as it came, for web servers.
        case http
    }

    /// The Lambda Invoke API where `samovar-host` and `sam local start-lambda` listen.
    package static let standard = Endpoint(wire: .lambda, host: "127.0.0.1", port: 3001)

    package let wire: Wire
    /// Whether it is spoken over TLS (`https`).
    package let isSecure: Bool
    /// A name or an address, without brackets.
    package let host: String
    package let port: Int
    /// What stands before the path of each request; empty or `/prefix` without a slash at the end.
    package let basePath: String

    package init(wire: Wire, isSecure: Bool = false, host: String, port: Int, basePath: String = "") {
        self.wire = wire
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.basePath = basePath
    }

    /// Reads `http://host[:port][/path]`, and the same with `https`.
    ///
    /// - Throws: `EndpointError` that says what is wrong with it.
    package init(wire: Wire, url: String) throws(EndpointError) {
        isSecure = url.hasPrefix("https://")
        guard isSecure || url.hasPrefix("http://") else {
            throw EndpointError("'\(url)' is no address of the form 'http://host:port'")
        }
        let rest = url.dropFirst(isSecure ? "https://".count : "http://".count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var path = rest[slash...]
        while path.hasSuffix("/") { path = path.dropLast() }
        let allowed = path.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        guard allowed else { throw EndpointError("'\(url)': a path without query or fragment is expected") }
        (host, port) = try Self.splitAuthority(authority, url: url, standardPort: isSecure ? 443 : 80)
        self.wire = wire
        basePath = String(path)
    }

    private static func splitAuthority(_ authority: Substring, url: String, standardPort: Int) throws(EndpointError)
        -> (String, Int)
    {
        var host = authority
        var port = standardPort
        let colon: Substring.Index?
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let after = authority.index(after: bracket)
            colon = after < authority.endIndex && authority[after] == ":" ? after : nil
            guard after == authority.endIndex || colon != nil else {
                throw EndpointError("'\(url)': ':port' or nothing is expected after ']'")
            }
        } else {
            colon = authority.lastIndex(of: ":")
            if let colon { host = authority[..<colon] }
        }
        if let colon {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else {
                throw EndpointError("'\(url)': the port is a number from 1 to 65535")
            }
            port = number
        }
        let allowed = host.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "@") && byte != UInt8(ascii: "/")
        }
        guard !host.isEmpty, allowed else { throw EndpointError("'\(url)': the host is missing or malformed") }
        return (String(host), port)
    }

    /// `host:port`, IPv6 in brackets.
    package var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    /// The value of a Host field: the port is there where it is not the scheme's own (RFC 9110 section 4.2.3).
    package var hostField: String {
        port == (isSecure ? 443 : 80) ? (host.contains(":") ? "[\(host)]" : host) : authority
    }

    /// The address as it is written.
    package var url: String { "\(isSecure ? "https" : "http")://\(authority)\(basePath)" }
}

/// Why a text is no address of a function.
package struct EndpointError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
