// Where a request to a web server goes: its method, its path and its query.

internal import Manifest
internal import Routing

/// The request line of requests to one URL, and the endpoint that is behind it.
struct WebServerTarget: Sendable {
    let slot: EndpointSlot
    /// The method in place of the request's.
    let method: RequestMethod?
    private let methodName: [UInt8]?
    private let basePath: [UInt8]
    private let host: [UInt8]
    private let url: IntegrationURL
    /// The URL for the canary, whose stage has other variables.
    private let canaryURL: IntegrationURL?
    private let kind: GatewayKind
    /// Where the parameters of a HTTP API's URL stand in the path, and whether they are several segments.
    private let captures: [String: (place: Int, isGreedy: Bool)]
    /// Whether the path goes on as the client has sent it: a listener has no path of its own.
    private let passesPath: Bool
    /// What stands before such a path: a stage that has a name.
    private let stage: [UInt8]

    /// - Throws: `MappingFailure` where the URL leads nowhere from this machine.
    init(_ integration: RouteIntegration, scope: PluginScope, key: RouteKey) throws(MappingFailure) {
        guard let text = integration.url else { throw MappingFailure("integration_url_missing") }
        let url = try IntegrationURL(text, stageVariables: scope.api.stageVariables)
        if let canary = scope.api.canary, !canary.stageVariables.isEmpty, text.contains("${stageVariables.") {
            let variables = scope.api.stageVariables.merging(canary.stageVariables) { $1 }
            let other = try IntegrationURL(text, stageVariables: variables)
            guard other.origin == url.origin else { throw MappingFailure("canary_host_not_supported") }
            canaryURL = other
        } else {
            canaryURL = nil
        }
        let endpoint = try Self.endpoint(integration, url: url, scope: scope)
        slot = scope.directory.slot(of: endpoint)
        basePath = Array(endpoint.basePath.utf8)
        host = Array(endpoint.hostField.utf8)
        passesPath = !url.isWeb
        stage = scope.api.stage == "$default" ? [] : Array("/\(scope.api.stage)".utf8)
        if let name = integration.method {
            guard !name.isEmpty, name.utf8.count <= 32, name.utf8.allSatisfy(\.isTokenCharacter),
                name.uppercased() != "CONNECT"
            else { throw MappingFailure("integration_method_not_supported") }
            methodName = Array(name.utf8)
            method = Array(name.utf8).withUnsafeBytes { RequestMethod($0) }
        } else {
            methodName = nil
            method = nil
        }
        self.url = url
        kind = GatewayKind(scope.api.kind)
        var captures: [String: (place: Int, isGreedy: Bool)] = [:]
        if case .path(_, let pattern) = key {
            for (place, segment) in pattern.segments.filter({ $0.parameterName != nil }).enumerated() {
                if let name = segment.parameterName {
                    if case .greedy = segment {
                        captures[name] = (place, true)
                    } else {
                        captures[name] = (place, false)
                    }
                }
            }
        }
        self.captures = captures
    }

    /// Where the server is: by the configuration, which may name it by its origin, else where the URL says.
    private static func endpoint(_ integration: RouteIntegration, url: IntegrationURL, scope: PluginScope)
        throws(MappingFailure) -> Endpoint
    {
        if let endpoint = scope.directory.configuration.endpoints[url.origin] {
            guard endpoint.wire == .http else { throw MappingFailure("endpoint_protocol_not_supported") }
            return endpoint
        }
        guard url.isWeb, !integration.isPrivate else { throw MappingFailure("private_integration_without_endpoint") }
        do throws(EndpointError) { return try Endpoint(wire: .http, url: url.origin) } catch {
            throw MappingFailure("integration_url_malformed")
        }
    }

    /// Writes the request line and the Host field.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - mapping: where the parameters of path and query come from.
    ///   - mappedHost: the value that the Host field is mapped to.
    ///   - passesQuery: whether the client's query goes on.
    ///   - writer: where to write.
    /// - Throws: the gateway's error for a parameter that has no value, and for a path that the server may read as
    ///   another.
    func write(
        _ exchange: Exchange,
        mapping: RequestMapping,
        mappedHost: [UInt8]?,
        passesQuery: Bool,
        to writer: ByteWriter
    ) throws(GatewayError) {
        let head = exchange.head
        let url = exchange.isCanary ? canaryURL ?? self.url : self.url
        if let methodName {
            writer.write(methodName)
        } else {
            head.fields.withBytes { writer.write(head.method(in: $0)) }
        }
        writer.write(UInt8(ascii: " "))
        writer.write(basePath)
        let start = writer.count
        if let path = exchange.mapped?.path {
            writer.write(path)
        } else if passesPath {
            writer.write(stage)
            head.fields.withBytes { writer.write(exchange.shownPath(in: $0)) }
        } else {
            try write(url.path, exchange, mapping, isQuery: false, to: writer)
        }
        if writer.count == start { writer.write(UInt8(ascii: "/")) }
        guard !RoutePath.hasDotSegment(writer.bytes.slice(start, writer.count)) else { throw .ambiguousPath() }
        try writeQuery(url, exchange, mapping: mapping, passesQuery: passesQuery, to: writer)
        writer.write(" HTTP/1.1\r\n")
        writer.write(field: Array("Host".utf8), mappedHost ?? exchange.mapped?.host ?? host)
    }

    private func writeQuery(
        _ url: IntegrationURL,
        _ exchange: Exchange,
        mapping: RequestMapping,
        passesQuery: Bool,
        to writer: ByteWriter
    ) throws(GatewayError) {
        let question = writer.count
        func separate() { writer.write(UInt8(ascii: writer.count == question ? "?" : "&")) }
        if !url.query.isEmpty {
            separate()
            try write(url.query, exchange, mapping, isQuery: true, to: writer)
        }
        if passesQuery {
            exchange.head.fields.withBytes { memory in
                let query = exchange.head.query(in: memory)
                guard !query.isEmpty else { return }
                separate()
                writer.write(query)
            }
        }
        for query in mapping.queries {
            guard let value = query.source.value(exchange) else { continue }
            separate()
            writer.write(queryValue: query.name)
            writer.write(UInt8(ascii: "="))
            writer.write(queryValue: value)
        }
    }

    private func write(
        _ parts: [IntegrationURL.Part],
        _ exchange: Exchange,
        _ mapping: RequestMapping,
        isQuery: Bool,
        to writer: ByteWriter
    ) throws(GatewayError) {
        for part in parts {
            switch part {
            case .text(let text): writer.write(text)
            case .parameter(let name):
                guard let value = value(of: name, exchange, mapping) else {
                    throw .badConfiguration(kind, detail: "url_parameter_missing")
                }
                if isQuery, !value.isEncoded {
                    writer.write(queryValue: value.bytes)
                } else if value.isEncoded {
                    // As the client has sent it, so that nothing is decoded that it has encoded.
                    writer.write(value.bytes)
                } else {
                    writer.write(pathValue: value.bytes, keepsSlashes: value.isGreedy)
                }
            }
        }
    }

    /// What a parameter in braces stands for. A REST API maps it, an HTTP API has the one of its own path.
    private func value(of name: String, _ exchange: Exchange, _ mapping: RequestMapping)
        -> (bytes: [UInt8], isEncoded: Bool, isGreedy: Bool)?
    {
        switch kind {
        case .rest:
            guard let source = mapping.paths[name], let value = source.value(exchange) else { return nil }
            // Of the path's own bytes only those that a client cannot have sent in its path are encoded.
            return (value, source.isEncoded, false)
        case .http:
            guard let (place, isGreedy) = captures[name], exchange.captures.indices.contains(place) else { return nil }
            let range = exchange.captures[place]
            let value = exchange.withRoutedPath { Array($0.slice(range.lowerBound, range.upperBound)) }
            return (value, false, isGreedy)
        }
    }
}
