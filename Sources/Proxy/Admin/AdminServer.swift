// The admin port: health, metrics and the manifest, over plain HTTP.

internal import Listening
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// What the admin port tells about.
struct AdminSource: Sendable {
    let loops: [ServerLoop]
    let metrics: MetricsRegistry
    let reloader: Reloader
    let logs: LogSinks

    /// The counters of all event loops, added up.
    func totals(on eventLoop: any EventLoop) -> EventLoopFuture<LoopMetrics> {
        let parts = loops.map { loop in loop.eventLoop.submit { loop.metrics } }
        return EventLoopFuture.whenAllSucceed(parts, on: eventLoop).map { parts in
            parts.reduce(into: LoopMetrics()) { $0.add($1) }
        }
    }

    /// The text of the manifest that serves, and whether the process is about to end.
    func state(on eventLoop: any EventLoop) -> EventLoopFuture<(manifest: String, isDraining: Bool)> {
        guard let loop = loops.first else { return eventLoop.makeSucceededFuture(("", true)) }
        return loop.eventLoop.submit { (loop.generation.manifestText, loop.isDraining) }.hop(to: eventLoop)
    }
}

/// Serves `/healthz`, `/readyz`, `/metrics` and `/manifest`.
enum AdminServer {
    static func bind(
        _ address: ProxyConfiguration.Address,
        group: any EventLoopGroup,
        source: AdminSource
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
                    try pipeline.addHandler(AdminHandler(source: source))
                }
            }
        do { return try await bootstrap.bind(host: address.host, port: address.port).get() } catch {
            throw ProxyError("cannot listen on \(address) for the admin port: \(SystemErrorText.text(of: error))")
        }
    }
}

/// Answers the requests of one admin connection.
private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var type = "text/plain; charset=utf-8"
        var text: String
    }

    private let source: AdminSource
    private var head: HTTPRequestHead?

    init(source: AdminSource) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            answer(head, on: context.eventLoop).assumeIsolated().whenComplete { result in
                let failure = Answer(status: .internalServerError, text: "no answer\n")
                self.write((try? result.get()) ?? failure, to: head, context: context)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, on eventLoop: any EventLoop) -> EventLoopFuture<Answer> {
        guard head.method == .GET || head.method == .HEAD else {
            return eventLoop.makeSucceededFuture(Answer(status: .methodNotAllowed, text: "GET only\n"))
        }
        let source = source
        switch head.uri.prefix(while: { $0 != "?" }) {
        case "/healthz": return eventLoop.makeSucceededFuture(Answer(text: "ok\n"))
        case "/readyz":
            return source.state(on: eventLoop).map { state in
                state.isDraining ? Answer(status: .serviceUnavailable, text: "draining\n") : Answer(text: "ok\n")
            }
        case "/metrics":
            return source.totals(on: eventLoop).map { totals in
                let exposition = MetricsExposition(
                    totals: totals,
                    labels: source.metrics.all,
                    reload: source.reloader.status,
                    droppedLogLines: source.logs.droppedLines
                )
                return Answer(type: "text/plain; version=0.0.4; charset=utf-8", text: exposition.text)
            }
        case "/manifest":
            return source.state(on: eventLoop).map { Answer(type: "application/json", text: $0.manifest) }
        default:
            let paths = "/healthz /readyz /metrics /manifest\n"
            return eventLoop.makeSucceededFuture(Answer(status: .notFound, text: paths))
        }
    }

    private func write(_ answer: Answer, to head: HTTPRequestHead, context: ChannelHandlerContext) {
        var fields = HTTPHeaders()
        fields.add(name: "Content-Type", value: answer.type)
        fields.add(name: "Content-Length", value: String(answer.text.utf8.count))
        if !head.isKeepAlive { fields.add(name: "Connection", value: "close") }
        let response = HTTPResponseHead(version: .http1_1, status: answer.status, headers: fields)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.text)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !head.isKeepAlive { context.close(promise: nil) }
    }
}
