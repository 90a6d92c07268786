// A running host over functions that a test writes, a client of it, and its log.

import Foundation
import JSON
import Logging
import Manifest
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Host

/// A folder with functions, and the host that runs them.
struct HostFixture: Sendable {
    let directory: String
    let host: HandlerHost
    let log: LogRecorder

    /// Runs a host while `body` runs, and stops it. Files that are `programs` can be started; with any, `bin` comes
    /// first on the `PATH`.
    static func withHost(
        _ functions: String,
        files: [String: String],
        maximumProcesses: Int? = 2,
        maximumQueue: Int? = 1000,
        pooling: PoolSettings = PoolSettings(),
        programs: [String] = [],
        debugging: DebugSettings? = nil,
        configure: (inout HostConfiguration, _ directory: String) -> Void = { _, _ in },
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            for (path, text) in files { try write(text, to: "\(directory)/\(path)") }
            try write(manifest(functions), to: "\(directory)/routes.json")
            let log = LogRecorder()
            var environment = ProcessInfo.processInfo.environment
            environment["PATH"] = (programs.isEmpty ? "" : "\(directory)/bin:") + Self.searchPath
            for program in programs {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755],
                    ofItemAtPath: "\(directory)/\(program)"
                )
            }
            var configuration = HostConfiguration(manifest: "\(directory)/routes.json", environment: environment)
            configuration.listenPort = 0
            configuration.pooling = pooling
            configuration.pooling.maximumProcesses = maximumProcesses
            configuration.pooling.maximumQueue = maximumQueue
            configuration.debugging = debugging
            configure(&configuration, directory)
            let host = try await HandlerHost.start(configuration, logger: log.logger, log: log)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(HostFixture(directory: directory, host: host, log: log))) } catch {
                outcome = .failure(error)
            }
            await host.stop()
            try outcome.get()
        }
    }

    /// Where the interpreters really are: the shims of version managers are slow, and every host asks them anew.
    private static let searchPath: String = {
        let environment = ProcessInfo.processInfo.environment
        guard let keeper = try? ProcessKeeper() else { return environment["PATH"] ?? "" }
        defer { keeper.stop() }
        let finder = InterpreterFinder(keeper: keeper, environment: environment)
        let found = [RuntimeKind.python(version: "3.12"), .node(version: "20")].compactMap { finder.find($0)?.path }
        return (found.map { ($0 as NSString).deletingLastPathComponent } + ["/usr/bin", "/bin"]).joined(separator: ":")
    }()

    /// Lends a temporary folder.
    static func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "samovar-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    static func manifest(_ functions: String) -> String {
        #"{"manifest": 1, "apis": {}, "functions": {\#(functions)}}"#
    }

    static func write(_ text: String, to path: String, atomically: Bool = true) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: atomically, encoding: .utf8)
    }

    func write(_ text: String, to path: String, atomically: Bool = true) throws {
        try Self.write(text, to: "\(directory)/\(path)", atomically: atomically)
    }

    /// The text of a file, empty where there is none.
    func text(of path: String) -> String {
        (try? String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8)) ?? ""
    }

    /// Invokes a function.
    func invoke(
        _ function: String,
        _ payload: String = "{}",
        query: String = "",
        headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        try await send(
            .POST,
            "/2015-03-31/functions/\(function)/invocations\(query)",
            headers: headers,
            body: ByteBuffer(string: payload)
        )
    }

    func send(
        _ method: HTTPMethod,
        _ path: String,
        headers: [(String, String)] = [],
        body: ByteBuffer = ByteBuffer()
    ) async throws -> HTTPAnswer {
        try await HTTPClient.send(method, path, headers: headers, body: body, port: host.port)
    }
}

/// What a server has answered.
struct HTTPAnswer: Sendable {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    let bytes: ByteBuffer

    var body: String { String(buffer: bytes) }
    var json: JSONValue? { try? JSONParser.parse(body) }
    /// The value of `X-Amz-Function-Error`.
    var functionError: String? { headers.first(name: "X-Amz-Function-Error") }
    func text(_ key: String) -> String? { json?[key]?.string }
    func number(_ key: String) -> Int64? { json?[key]?.integer }
}

/// A client with a connection for each request.
enum HTTPClient {
    static func send(
        _ method: HTTPMethod,
        _ path: String,
        headers: [(String, String)] = [],
        body: ByteBuffer = ByteBuffer(),
        port: Int
    ) async throws -> HTTPAnswer {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: HTTPAnswer.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(promise: promise))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            promise.fail(error)
            throw error
        }
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
        head.headers.add(name: "Content-Length", value: String(body.readableBytes))
        for header in headers { head.headers.add(name: header.0, value: header.1) }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        let answer = try await promise.futureResult.get()
        try? await channel.close().get()
        return answer
    }
}

private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<HTTPAnswer>
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()

    init(promise: EventLoopPromise<HTTPAnswer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let part): body.writeImmutableBuffer(part)
        case .end:
            guard let head else { return }
            promise.succeed(HTTPAnswer(status: head.status, headers: head.headers, bytes: body))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}

/// Remembers what is logged.
final class LogRecorder: FunctionLog, Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let storage = Mutex<[Line]>([])

    var lines: [Line] { storage.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    let isVerbose = true
    let droppedLines = 0

    func write(_ event: FunctionLogEvent) {
        var metadata = ["function": event.function]
        metadata["request_id"] = event.requestID
        if case .output(let stream, _) = event.content { metadata["stream"] = stream.rawValue }
        append(Line(level: .info, message: event.line, metadata: metadata))
    }

    func append(_ line: Line) { storage.withLock { $0.append(line) } }

    /// How many lines have this message.
    func count(_ message: String) -> Int { lines.count { $0.message == message } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(recorder: LogRecorder) { self.recorder = recorder }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).mapValues(\.description)
            recorder.append(Line(level: event.level, message: event.message.description, metadata: metadata))
        }
    }
}

/// Waits until something has come to pass; gives up after half a minute.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<1500 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}

/// Whether a process is there, zombies included.
func isAlive(_ process: Int64) -> Bool { kill(Int32(process), 0) == 0 }
