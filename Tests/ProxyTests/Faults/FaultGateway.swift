// A gateway whose endpoint is in the hands of the test.

import Manifest

@testable import Proxy

/// A gateway that takes every path, and the listener that its functions are at.
struct FaultGateway: Sendable {
    let gateway: TestGateway
    let endpoint: RawEndpoint

    /// Serves while `body` runs.
    ///
    /// - Parameters:
    ///   - kind: the kind of the API.
    ///   - wire: what the endpoint speaks.
    ///   - route: further members of each route, each after a comma.
    ///   - configure: changes the configuration.
    ///   - body: the test.
    /// - Throws: what the test throws.
    static func serve(
        _ kind: APIKind = .http,
        wire: Endpoint.Wire = .http,
        route: String = "",
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        _ body: (FaultGateway) async throws -> Void
    ) async throws {
        let endpoint = try await RawEndpoint.start()
        let apis = #"{"A":\#(TestGateway.api(kind, ["ANY /", "ANY /{proxy+}"], route: route))}"#
        let outcome: Result<Void, any Error>
        do {
            try await TestGateway.serve(
                apis,
                wire: wire,
                configure: { configuration in
                    configuration.defaultEndpoint = Endpoint(wire: wire, host: "127.0.0.1", port: endpoint.port)
                    configure(&configuration)
                },
                { gateway async throws in try await body(FaultGateway(gateway: gateway, endpoint: endpoint)) }
            )
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await endpoint.stop()
        try outcome.get()
    }

    /// A client's connection.
    func connect(receiveBuffer: Int? = nil) async throws -> RawConnection {
        try await RawConnection.connect(port: gateway.server.address.port, receiveBuffer: receiveBuffer)
    }

    /// A client's connection on which a plain GET has been sent.
    func get(_ path: String = "/", _ fields: String = "") async throws -> RawConnection {
        let client = try await connect()
        try await client.send(Self.get(path, fields))
        return client
    }

    static func get(_ path: String = "/", _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    /// A response with a length.
    static func ok(_ content: String = "ok") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(content.utf8.count)\r\n\r\n\(content)"
    }
}
