// The proxy's settings: what they are, what they are when nobody says, and how they are read.

internal import JSON
package import Manifest

/// Everything in `samovar-proxy.json(5)`.
package struct ProxyConfiguration: Sendable {
    /// A `host:port` to listen on; port 0 is any free one.
    package struct Address: Sendable, Hashable, CustomStringConvertible {
        package let host: String
        package let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// - Returns: nil for what is no `host:port`.
        package init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":") else { return nil }
            let digits = text[text.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits), port <= 65535 else {
                return nil
            }
            var host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = host.dropFirst().dropLast()
            } else if host.contains(":") || host.hasPrefix("[") {
                // Without brackets nobody can tell the port from the last part of the address.
                return nil
            }
            guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
            self.init(host: String(host), port: port)
        }

        package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
    }

    /// How long things may take, in milliseconds.
    struct Timeouts: Sendable {
        /// From the first byte of a head to its last, and from the opening of a connection to the first head.
        var head = 30_000
        /// Between two pieces of a request's content.
        var content = 30_000
        /// Between two requests.
        var idle = 60_000
        /// For a client to take a piece of a response.
        var write = 30_000
        /// For a connection to an endpoint.
        var connect = 2_000
        /// How long an unused connection to an endpoint is kept.
        var upstreamIdle = 50_000
        /// How long requests may take to finish once the proxy is to end.
        var grace = 30_000
    }

    /// How endpoints are spoken to over TLS.
    struct UpstreamTLS: Sendable {
        /// The file of the certificates that are trusted; nil for the system's.
        var trustRoots: String?
    }

    package var listen = Address(host: "127.0.0.1", port: 8080)
    package var admin: Address? = Address(host: "127.0.0.1", port: 9901)
    /// 0 is one for each core.
    var eventLoops = 0
    var limits = MessageLimits()
    /// How many clients may be connected; more are closed at once.
    var connections = 8_000
    /// How many connections each event loop may have to one endpoint.
    var upstreamConnections = 1_024
    var timeouts = Timeouts()
    /// The region that ARNs name and that signatures are for.
    package var region = "us-east-1"
    /// The values of condition keys, for what this proxy cannot know of a request; names in lower case.
    var conditionKeys: [String: [String]] = [:]
    /// Whether the manifest's authorizers are left out: every route is open then.
    package var disableAuthorizers = false
    /// Whether that is meant even where others than this machine connect.
    package var exposeWithoutAuthorizers = false
    /// Whether functions may take as long as a person who debugs them, in place of API Gateway's time.
    package var waitsForDebuggers = false
    /// Where functions are that have no endpoint of their own.
    package var defaultEndpoint = Endpoint.standard
    /// The endpoints of functions by logical id.
    package var endpoints: [String: Endpoint] = [:]
    /// Stages and slashes in paths.
    var routing = RoutingSettings()
    /// The logical ids of APIs by the prefixes that they are served below, which have no slash at the end.
    package var mounts: [String: String] = [:]
    /// The logical ids of APIs by host names.
    package var hosts: [String: String] = [:]
    /// The folder of files that answer where no route does; nil for none.
    package var staticDirectory: String?
    var upstreamTLS = UpstreamTLS()
    /// The settings of the plugins.
    var plugins: JSONReader?

    package init() {}

    /// Reads the bytes of a configuration.
    ///
    /// - Throws: `ManifestError` with the line and column of a fault of syntax, or the JSON pointer of any other.
    package init(parsing bytes: some Collection<UInt8>) throws(ManifestError) {
        let value: JSONValue
        do throws(JSONSyntaxError) { value = try JSONParser.parse(bytes) } catch { throw .syntax(error) }
        do throws(JSONShapeError) {
            self = try JSONReader(value).object { (object) throws(JSONShapeError) in try Self(&object) }
        } catch { throw .shape(error) }
    }

    private init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        // Editors find the schema by it.
        _ = object.optional("$schema")
        if let listen = object.optional("listen") { self.listen = try Self.address(listen) }
        if let admin = object.optional("admin") {
            self.admin = admin.value == .null ? nil : try Self.address(admin)
        }
        if let loops = object.optional("eventLoops") { eventLoops = try loops.integer(in: 0...256) }
        if let connections = object.optional("connections") {
            self.connections = try connections.integer(in: 1...1_000_000)
        }
        if let connections = object.optional("upstreamConnections") {
            upstreamConnections = try connections.integer(in: 1...100_000)
        }
        if let limits = object.optional("limits") { self.limits = try MessageLimits(limits) }
        if let timeouts = object.optional("timeouts") { self.timeouts = try Timeouts(timeouts) }
        if let region = object.optional("region") { self.region = try Self.region(region) }
        if let keys = object.optional("conditionKeys") {
            for (name, value) in try keys.members() {
                conditionKeys[name.lowercased()] =
                    value.value.array == nil ? [try value.string()] : try value.strings()
            }
        }
        if let disables = object.optional("disableAuthorizers") { disableAuthorizers = try disables.boolean() }
        if let exposes = object.optional("exposeWithoutAuthorizers") {
            exposeWithoutAuthorizers = try exposes.boolean()
        }
        if let endpoint = object.optional("defaultEndpoint") { defaultEndpoint = try Endpoint(endpoint) }
        if let endpoints = object.optional("endpoints") {
            for (name, endpoint) in try endpoints.members() { self.endpoints[name] = try Endpoint(endpoint) }
        }
        if let routing = object.optional("routing") { self.routing = try RoutingSettings(routing) }
        if let mounts = object.optional("mounts") {
            for (text, id) in try mounts.members() {
                guard let prefix = MountPrefix.canonical(text) else {
                    throw id.error("expected a path such as '/shop' as the name of the member, found '\(text)'")
                }
                self.mounts[prefix] = try id.string()
            }
        }
        if let hosts = object.optional("hosts") {
            for (name, id) in try hosts.members() { self.hosts[name] = try id.string() }
        }
        if let folder = object.optional("staticDirectory"), folder.value != .null {
            staticDirectory = try folder.string()
        }
        if let security = object.optional("upstreamTLS") {
            upstreamTLS.trustRoots = try security.object { (object) throws(JSONShapeError) in
                guard let roots = object.optional("trustRoots"), roots.value != .null else { return nil }
                return try roots.string()
            }
        }
        plugins = object.optional("plugins")
    }

    /// Whether a text can be the name of a region.
    package static func isRegion(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isDigit || $0 &- 97 < 26 || $0 == UInt8(ascii: "-") }
    }

    private static func region(_ reader: JSONReader) throws(JSONShapeError) -> String {
        let region = try reader.string()
        guard isRegion(region) else { throw reader.error("expected the name of a region, such as 'us-east-1'") }
        return region
    }

    private static func address(_ reader: JSONReader) throws(JSONShapeError) -> Address {
        guard let address = Address(try reader.string()) else {
            throw reader.error("expected 'host:port', such as '127.0.0.1:8080'")
        }
        return address
    }
}

extension MessageLimits {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var limits = MessageLimits()
            if let line = object.optional("requestLineBytes") {
                limits.requestLineBytes = try line.integer(in: 256...65_536)
            }
            if let head = object.optional("headBytes") { limits.headBytes = try head.integer(in: 1024...1_048_576) }
            if let values = object.optional("fieldValueBytes") {
                limits.fieldValueBytes = try values.integer(in: 256...1_048_576)
            }
            if let count = object.optional("fieldCount") { limits.fieldCount = try count.integer(in: 8...10_000) }
            if let content = object.optional("contentBytes") {
                limits.contentBytes = try content.integer(in: 0...(1 << 40))
            }
            return limits
        }
    }
}

extension ProxyConfiguration.Timeouts {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        let range = 10...86_400_000
        self = try reader.object { (object) throws(JSONShapeError) in
            var timeouts = Self()
            if let value = object.optional("headMilliseconds") { timeouts.head = try value.integer(in: range) }
            if let value = object.optional("contentMilliseconds") { timeouts.content = try value.integer(in: range) }
            if let value = object.optional("idleMilliseconds") { timeouts.idle = try value.integer(in: range) }
            if let value = object.optional("writeMilliseconds") { timeouts.write = try value.integer(in: range) }
            if let value = object.optional("connectMilliseconds") { timeouts.connect = try value.integer(in: range) }
            if let value = object.optional("upstreamIdleMilliseconds") {
                timeouts.upstreamIdle = try value.integer(in: range)
            }
            if let value = object.optional("graceMilliseconds") {
                timeouts.grace = try value.integer(in: 0...86_400_000)
            }
            return timeouts
        }
    }
}
