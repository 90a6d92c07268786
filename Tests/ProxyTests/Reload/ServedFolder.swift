// A gateway over a manifest in a folder of its own, with its admin port, until it is drained.

import Foundation
import Logging
import Manifest
import NIOConcurrencyHelpers
import Testing

@testable import Proxy

/// A running gateway whose manifest a test replaces.
struct ServedFolder: Sendable {
    let folder: String
    let server: ProxyServer
    let endpoint: RawEndpoint
    /// What the drain came to, once there was one.
    private let drained = NIOLockedValueBox<Task<Bool, Never>?>(nil)

    private init(folder: String, server: ProxyServer, endpoint: RawEndpoint) {
        self.folder = folder
        self.server = server
        self.endpoint = endpoint
    }

    /// The file that the gateway was started with.
    static let name = "routes.json"
    var path: String { "\(folder)/\(Self.name)" }

    /// A manifest whose only route is `GET /vN`, to the web server of the test.
    static func manifest(_ version: Int, port: Int) -> String {
        """
        {"manifest":1,"apis":{"A":{"kind":"http","stage":"$default","routes":{
        "GET /v\(version)":{"function":"F","auth":"none"},"GET /v\(version)/{id}":{"function":"F","auth":"none"}}}},
        "functions":{"F":{"endpoint":{"protocol":"http","url":"http://127.0.0.1:\(port)"}}}}
        """
    }

    func manifest(_ version: Int) -> String { Self.manifest(version, port: endpoint.port) }

    /// Serves version 1 while `body` runs.
    ///
    /// - Parameters:
    ///   - configure: changes the configuration.
    ///   - prepare: puts the manifest into the folder in a way of its own.
    ///   - body: the test.
    /// - Throws: what the test throws.
    static func serve(
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        prepare: (_ folder: String, _ manifest: String) throws -> Void = { folder, manifest in
            try manifest.write(toFile: "\(folder)/\(Self.name)", atomically: false, encoding: .utf8)
        },
        _ body: (ServedFolder) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "served-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let endpoint = try await RawEndpoint.start()
        try prepare(folder, manifest(1, port: endpoint.port))
        let settings = #"{"listen":"127.0.0.1:0","admin":"127.0.0.1:0","eventLoops":2}"#
        var configuration = try ProxyConfiguration(parsing: settings.utf8)
        configuration.timeouts.grace = 2000
        configuration.plugins = try ProxyConfiguration(
            parsing: #"{"plugins":{"accessLog":{"destination":"off"}}}"#.utf8
        ).plugins
        configure(&configuration)
        let served = ServedFolder(
            folder: folder,
            server: try await ProxyServer.start(
                ProxyOptions(manifestPath: "\(folder)/\(Self.name)", configuration: configuration),
                logs: ProxyLogs(),
                logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            ),
            endpoint: endpoint
        )
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(served)) } catch { outcome = .failure(error) }
        await endpoint.stop()
        _ = await served.beginDrain().value
        try outcome.get()
    }

    /// Ends the gateway, once.
    func beginDrain() -> Task<Bool, Never> {
        drained.withLockedValue { task in
            if let task { return task }
            let server = server
            let new = Task { await server.drain() }
            task = new
            return new
        }
    }

    // MARK: Files

    func write(_ text: String, to name: String = Self.name) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }

    /// Puts a file in the place of the manifest by a rename.
    func replace(with text: String) throws {
        try write(text, to: "new.json")
        try move("new.json", to: Self.name)
    }

    func move(_ source: String, to target: String) throws {
        guard rename("\(folder)/\(source)", "\(folder)/\(target)") == 0 else {
            throw TestFailure("'\(source)' cannot be renamed: \(errno)")
        }
    }

    /// Takes away whatever stands in the place of the manifest.
    func clear() { try? FileManager.default.removeItem(atPath: path) }

    // MARK: Requests

    func connect() async throws -> RawConnection { try await RawConnection.connect(port: server.address.port) }

    /// The answer of the admin port.
    func admin(_ target: String, method: String = "GET") async throws -> ClientResponse {
        guard let port = server.adminAddress?.port else { throw TestFailure("there is no admin port") }
        let client = try await TestClient.connect(port: port)
        try await client.send("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try await client.response(toHead: method == "HEAD")
        await client.close()
        return response
    }

    /// The value of a metric without labels.
    func metric(_ name: String) async throws -> Double {
        let page = try Exposition(parsing: try await admin("/metrics").body)
        guard let sample = page.samples.first(where: { $0.name == name }) else { throw TestFailure("no '\(name)'") }
        return sample.value
    }

    /// Waits until a manifest serves.
    func waitForVersion(_ version: Int) async throws {
        for _ in 0..<1000 {
            if try await admin("/manifest").body.contains("/v\(version)\"") { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        throw TestFailure("version \(version) does not serve: \(try await admin("/metrics").body)")
    }

    /// Waits until a metric has a value.
    func wait(for name: String, toBe value: Double) async throws {
        for _ in 0..<1000 {
            if try await metric(name) == value { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        throw TestFailure("'\(name)' is \(try await metric(name)), not \(value)")
    }

    /// Sends a request on a connection of its own to a route that serves, and answers it.
    func exchange(_ path: String) async throws {
        let client = try await connect()
        try await client.send(FaultGateway.get(path, "Connection: close\r\n"))
        let connection = try await endpoint.accept()
        #expect(try await connection.receiveHead().hasPrefix("GET \(path) "))
        try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        #expect(try await client.receiveToEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    /// What a request to a route that does not serve is answered with.
    func status(_ path: String) async throws -> Int {
        let client = try await TestClient.connect(port: server.address.port)
        try await client.send(FaultGateway.get(path))
        let status = try await client.response().status
        await client.close()
        return status
    }
}
