// The plugin of docs/plugins.md: it stands there as it is tested here, and it does what the page says.

import Foundation
import JSON
import Logging
import Manifest
import NIOCore
import NIOEmbedded
import Operations
import Support
import Testing

@testable import Proxy

struct PluginDocumentationTests {
    @Test func pageShowsTheTestedCode() throws {
        let page = try String(contentsOf: Golden.root.appending(path: "docs/plugins.md"), encoding: .utf8)
        let file = "Tests/ProxyTests/PluginDocumentationExample.swift"
        let source = try String(contentsOf: Golden.root.appending(path: file), encoding: .utf8)
        // All but the opening comment and the import that only tests need.
        let code = source.drop { $0 != "\n" }.dropFirst(2).replacing("@testable import Proxy\n\n", with: "")
        #expect(code.hasPrefix("import JSON\n\n/// "))
        let block = page.components(separatedBy: "```swift\n").last?.components(separatedBy: "```").first
        #expect(block.map { $0[...] } == code[...])
    }

    /// Everything that the page names is in the sources under that name.
    @Test func pageNamesEveryPlugin() throws {
        let page = try String(contentsOf: Golden.root.appending(path: "docs/plugins.md"), encoding: .utf8)
        for text in ["RequestHeadPlugin", "ResponseHeadPlugin", "CompletionPlugin", "PluginOrder.types"] {
            #expect(page.contains("`\(text)"), "\(text)")
        }
        let manual = try String(contentsOf: Golden.root.appending(path: "man/samovar-proxy.json.5"), encoding: .utf8)
        for type in PluginOrder.types { #expect(manual.contains(".It Cm \(type.name) "), "\(type.name)") }
    }

    @Test func answersBelowThePrefix() throws {
        let settings = #"{"prefix":"/shop","retryAfterSeconds":300}"#
        for path in ["/shop", "/shop/cart", "/shop?x=1"] {
            let response = try Self.response(to: path, settings: settings)
            #expect(response.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"), "\(path): \(response)")
            #expect(response.contains("\r\nRetry-After: 300\r\n"))
            #expect(response.hasSuffix("\r\n\r\n" + #"{"message":"Service Unavailable"}"#))
        }
        for path in ["/shopping", "/", "/other/shop"] {
            #expect(try Self.response(to: path, settings: settings).hasPrefix("HTTP/1.1 501 "), "\(path)")
        }
    }

    @Test func doesNothingWithoutAPrefix() throws {
        #expect(try Self.response(to: "/shop", settings: "{}").hasPrefix("HTTP/1.1 501 "))
        let response = try Self.response(to: "/shop", settings: #"{"prefix":"/shop"}"#)
        #expect(response.contains("\r\nRetry-After: 60\r\n"))
    }

    @Test func refusesSettingsThatAreWrong() {
        let faults = [
            (#"{"prefix":"shop"}"#, "at /prefix: expected a path, such as '/shop'"),
            (#"{"prefix":1}"#, "at /prefix: expected a string, found an integer"),
            (#"{"retryAfterSeconds":0}"#, "at /retryAfterSeconds: 0 is out of range: 1 to 86400"),
            (#"{"path":"/shop"}"#, "at /path: unknown member 'path'; known here: 'prefix', 'retryAfterSeconds'"),
        ]
        for (text, message) in faults {
            let error = #expect(throws: JSONShapeError.self) { try Self.plugin(text) }
            #expect(error?.description == message)
        }
    }

    // MARK: Verdicts

    /// Waits for whatever the test decides.
    private struct WaitingPlugin: RequestHeadPlugin {
        static let name = "waiting"
        let promise: EventLoopPromise<Verdict>

        init(promise: EventLoopPromise<Verdict>) { self.promise = promise }
        init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
            throw settings.error("made by the tests only")
        }
        func requestHeadReceived(_ exchange: Exchange) -> Verdict { .wait(promise.futureResult) }
    }

    private enum Outcome: CaseIterable { case proceed, respond, wait, failure }

    @Test func verdictsCanBeWaitedFor() throws {
        for outcome in Outcome.allCases {
            let channel = EmbeddedChannel()
            let promise = channel.eventLoop.makePromise(of: Verdict.self)
            try Self.serve(WaitingPlugin(promise: promise), on: channel)
            try Self.send("/", on: channel)
            #expect(try Self.received(on: channel) == "")
            switch outcome {
            case .proceed: promise.succeed(.proceed)
            case .respond: promise.succeed(.respond(LocalResponse(status: 202)))
            case .wait: promise.succeed(.wait(promise.futureResult))
            case .failure: promise.fail(ProxyError("broken"))
            }
            channel.embeddedEventLoop.run()
            let status = outcome == .respond ? 202 : outcome == .proceed ? 501 : 500
            let response = try Self.received(on: channel)
            #expect(response.hasPrefix("HTTP/1.1 \(status) "), "\(outcome): \(response)")
            _ = try channel.finish()
        }
    }

    @Test func verdictsThatComeTooLateAreForgotten() throws {
        let channel = EmbeddedChannel()
        let promise = channel.eventLoop.makePromise(of: Verdict.self)
        try Self.serve(WaitingPlugin(promise: promise), on: channel)
        try Self.send("/", on: channel)
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
        promise.succeed(.respond(LocalResponse(status: 202)))
        channel.embeddedEventLoop.run()
        #expect(try Self.received(on: channel) == "")
    }

    // MARK: A connection without a socket

    private static func plugin(_ settings: String) throws -> MaintenancePlugin {
        let reader = JSONReader(try JSONParser.parse(settings.utf8))
        return try MaintenancePlugin(settings: reader, services: PluginServices(logs: LogSinks()))
    }

    /// What a client gets from routes that are answered with 501 where the plugin lets them pass.
    private static func response(to target: String, settings: String) throws -> String {
        let channel = EmbeddedChannel()
        try serve(plugin(settings), on: channel)
        try send(target, on: channel)
        let text = try received(on: channel)
        _ = try channel.finish()
        return text
    }

    private static func serve(_ plugin: any Plugin, on channel: EmbeddedChannel) throws {
        let manifest = """
            {"manifest":1,"functions":{},"apis":{"A":{"kind":"http","stage":"$default",
            "routes":{"$default":{"integration":{"type":"aws"},"auth":"none"}}}}}
            """
        let configuration = ProxyConfiguration()
        let builder = GenerationBuilder(
            configuration: configuration,
            plugins: [plugin],
            metrics: MetricsRegistry(),
            endpoints: EndpointRegistry()
        )
        let loop = ServerLoop(
            eventLoop: channel.embeddedEventLoop,
            configuration: configuration,
            generation: try builder.build(try Manifest(parsing: manifest.utf8)),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        try channel.pipeline.syncOperations.addHandler(ClientConnection(loop: loop))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private static func send(_ target: String, on channel: EmbeddedChannel) throws {
        try channel.writeInbound(ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"))
    }

    private static func received(on channel: EmbeddedChannel) throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }
}
