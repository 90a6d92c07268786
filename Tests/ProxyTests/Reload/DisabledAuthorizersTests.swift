// Routes without their authorizers: what is open then, where that is refused, and that it is said.

import Foundation
import JSON
import Logging
import Manifest
import NIOConcurrencyHelpers
import Testing

@testable import Proxy

@Suite("Disabled authorizers")
struct DisabledAuthorizersTests {
    @Test("Without authorizers every route is open, whatever its authorizer is", arguments: [APIKind.rest, .http])
    func open(kind: APIKind) async throws {
        let authorizers =
            #""authorizers":{"L":{"kind":"lambda","function":"Authorizer"},"J":{"kind":"jwt"},"I":{"kind":"iam"},"#
            + #""C":{"kind":"cognito"},"U":{"kind":"unsupported"}},"#
        let names = ["L", kind == .rest ? "C" : "J", "I", "U"]
        var api = TestGateway.api(kind, names.map { "GET /\($0)" }, more: authorizers)
        for name in names {
            let open = #""GET /\#(name)":{"function":"F","auth":"none""#
            api = api.replacing(open, with: open.replacing("none", with: name))
        }
        for isDisabled in [true, false] {
            try await TestGateway.serve(
                #"{"A":\#(api)}"#,
                configure: { $0.disableAuthorizers = isDisabled },
                script: { _ in .result(#"{"statusCode":200,"body":"in"}"#) }
            ) { gateway in
                for name in names {
                    let response = try await gateway.send("GET", "/\(name)")
                    #expect((response.status == 200) == isDisabled, "\(name)")
                    if isDisabled { #expect(try gateway.event().at("requestContext/authorizer") == nil) }
                }
                if isDisabled { #expect(gateway.questionCount == 0) }
            }
        }
    }

    @Test("Other checks stay: a route that needs an API key is not opened by it")
    func otherChecks() async throws {
        let api = AuthorizerFixture.api(.rest, ["GET /a"], route: #","apiKeyRequired":true"#)
        try await AuthorizerFixture.serve(
            api,
            authorizer: { _ in .silence },
            configure: { $0.disableAuthorizers = true }
        ) { gateway in
            let response = try await gateway.send("GET", "/a")
            #expect(response.status >= 400)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test(
        "An address that others reach is refused unless one insists",
        arguments: [
            ("127.0.0.1:0", true), ("127.8.0.1:80", true), ("localhost:80", true), ("[::1]:80", true),
            ("0.0.0.0:80", false), ("[::]:80", false), ("10.0.0.1:80", false), ("127.evil.example:80", false),
            ("127.0.0.1.example:80", false), ("127.1:80", false), ("127.0.0.256:80", false), ("gateway:80", false),
            ("[::ffff:127.0.0.1]:80", false),
        ]
    )
    func addresses(text: String, isTaken: Bool) throws {
        var configuration = ProxyConfiguration()
        configuration.listen = try #require(ProxyConfiguration.Address(text))
        try configuration.checkDisabledAuthorizers()
        configuration.disableAuthorizers = true
        if isTaken {
            try configuration.checkDisabledAuthorizers()
        } else {
            let error = #expect(throws: ProxyError.self) { try configuration.checkDisabledAuthorizers() }
            #expect(error?.description.contains("--expose-without-authorizers") == true)
            #expect(error?.description.contains("'\(text)'") == true)
        }
        configuration.exposeWithoutAuthorizers = true
        try configuration.checkDisabledAuthorizers()
    }

    @Test("The check of the settings refuses it too, before anything listens")
    func checked() throws {
        var configuration = ProxyConfiguration()
        configuration.listen = ProxyConfiguration.Address(host: "0.0.0.0", port: 0)
        configuration.disableAuthorizers = true
        let error = #expect(throws: ProxyError.self) {
            try ProxyServer.check(ProxyOptions(manifestPath: "/no/such/file", configuration: configuration))
        }
        #expect(error?.description.contains("authorizers are disabled") == true)
    }

    @Test("It is said at the start and with each manifest, and the admin port has the manifest as it is")
    func said() async throws {
        let api = AuthorizerFixture.api(.rest, ["GET /a", "GET /b"])
        let path = FileManager.default.temporaryDirectory.appending(path: "open-\(UUID().uuidString).json").path()
        try Data(TestGateway.manifest(#"{"A":\#(api)}"#).utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let warnings = NIOLockedValueBox<[String]>([])
        var configuration = ProxyConfiguration()
        configuration.listen = ProxyConfiguration.Address(host: "127.0.0.1", port: 0)
        configuration.admin = nil
        configuration.eventLoops = 1
        configuration.disableAuthorizers = true
        let server = try await ProxyServer.start(
            ProxyOptions(manifestPath: path, configuration: configuration),
            logs: ProxyLogs(),
            logger: Logger(label: "test") { _ in WarningRecorder(warnings) }
        )
        await server.reload()
        _ = await server.drain()
        let said = warnings.withLockedValue { $0 }
        #expect(said.count == 2)
        for line in said { #expect(line.contains("AUTHORIZERS ARE DISABLED: 2 guarded routes")) }
    }

    /// Keeps warnings.
    private struct WarningRecorder: LogHandler {
        let lines: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(_ lines: NIOLockedValueBox<[String]>) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level == .warning else { return }
            lines.withLockedValue { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
