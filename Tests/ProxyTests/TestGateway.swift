// A gateway in this process with an endpoint behind it, for as long as a test needs it.

import Foundation
import JSON
import Logging
import Manifest
import NIOConcurrencyHelpers

@testable import Proxy

/// A running gateway and the endpoint that all of its functions are at.
struct TestGateway: Sendable {
    let server: ProxyServer
    let endpoint: TestEndpoint
    private let isDrained = NIOLockedValueBox(false)

    /// Drains the gateway; once is enough for it.
    ///
    /// - Returns: whether every exchange has finished within the grace period.
    func drain() async -> Bool {
        let isFirst = isDrained.withLockedValue { isDrained in
            defer { isDrained = true }
            return !isDrained
        }
        return isFirst ? await server.drain() : true
    }

    /// Serves a manifest while `body` runs, and ends everything.
    ///
    /// - Parameters:
    ///   - apis: the member `apis` of the manifest; its routes name the function `F`.
    ///   - wire: what the endpoint speaks.
    ///   - answersHeads: whether the endpoint answers a request as soon as its head is there.
    ///   - certificate: what the endpoint shows where it speaks TLS.
    ///   - configure: changes the configuration.
    ///   - script: how the endpoint answers.
    ///   - body: the test.
    /// - Throws: what `body` throws, and where something cannot start.
    static func serve(
        _ apis: String,
        wire: Endpoint.Wire = .lambda,
        answersHeads: Bool = false,
        certificate: TestCertificate? = nil,
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        script: @escaping TestEndpoint.Script = { _ in .result(#"{"statusCode":200,"body":"ok"}"#) },
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        let endpoint = try await TestEndpoint.start(answersHeads: answersHeads, certificate: certificate, script)
        let path = FileManager.default.temporaryDirectory.appending(path: "proxy-\(UUID().uuidString).json").path()
        try Data(manifest(apis).utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = try quietConfiguration()
        configuration.defaultEndpoint = Endpoint(wire: wire, host: "127.0.0.1", port: endpoint.port)
        configure(&configuration)
        let logger = Logger(label: "proxy-tests") { _ in SwiftLogNoOpLogHandler() }
        let server = try await ProxyServer.start(
            ProxyOptions(manifestPath: path, configuration: configuration),
            logs: ProxyLogs(),
            logger: logger
        )
        let outcome: Result<Void, any Error>
        let gateway = TestGateway(server: server, endpoint: endpoint)
        do { outcome = .success(try await body(gateway)) } catch {
            outcome = .failure(error)
        }
        await endpoint.stop()
        _ = await gateway.drain()
        try outcome.get()
    }

    private static func quietConfiguration() throws -> ProxyConfiguration {
        var configuration = try ProxyConfiguration(
            parsing: Array(
                #"{"listen":"127.0.0.1:0","admin":null,"eventLoops":1,"plugins":{"accessLog":{"destination":"off"}}}"#
                    .utf8
            )
        )
        configuration.timeouts.grace = 2000
        return configuration
    }

    /// A manifest of APIs whose routes all name the function `F`, and whose authorizers may name `Authorizer`.
    static func manifest(_ apis: String) -> String {
        #"{"manifest":1,"apis":\#(apis),"functions":{"Authorizer":{},"F":{}}}"#
    }

    /// An API of open routes to `F`.
    ///
    /// - Parameters:
    ///   - kind: `rest` or `http`.
    ///   - routes: route keys.
    ///   - stage: the stage; the kind's usual one where nil.
    ///   - more: further members of the API, each followed by a comma.
    ///   - route: further members of each route, each after a comma.
    /// - Returns: its JSON text.
    static func api(
        _ kind: APIKind,
        _ routes: [String],
        stage: String? = nil,
        more: String = "",
        route: String = ""
    ) -> String {
        let stage = stage ?? (kind == .rest ? "Prod" : "$default")
        let routes = routes.map { #""\#($0)":{"function":"F","auth":"none"\#(route)}"# }.joined(separator: ",")
        return #"{"kind":"\#(kind.rawValue)","stage":"\#(stage)",\#(more)"routes":{\#(routes)}}"#
    }

    func connect() async throws -> TestClient { try await TestClient.connect(port: server.address.port) }

    /// Sends one request on a connection of its own, and gives the response.
    func send(
        _ method: String = "GET",
        _ target: String = "/",
        _ fields: [String] = [],
        content: [UInt8]? = nil
    ) async throws -> ClientResponse {
        let client = try await connect()
        var lines = ["\(method) \(target) HTTP/1.1"] + fields
        if !fields.contains(where: { $0.lowercased().hasPrefix("host:") }) { lines.append("Host: gateway.test:8080") }
        if let content { lines.append("Content-Length: \(content.count)") }
        try await client.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (content ?? []))
        let response = try await client.response(toHead: method == "HEAD")
        await client.close()
        return response
    }

    /// The event of the newest invocation.
    func event() throws -> JSONValue {
        guard let request = endpoint.requests.last else { throw TestFailure("the function was not invoked") }
        return try JSONParser.parse(request.content)
    }
}

extension JSONValue {
    /// A value by the names and places on the way to it: `requestContext/http/path`.
    func at(_ path: String) -> JSONValue? {
        path.split(separator: "/").reduce(Optional(self)) { value, step in
            if let index = Int(step), let elements = value?.array {
                return elements.indices.contains(index) ? elements[index] : nil
            }
            return value?[String(step)]
        }
    }
}
