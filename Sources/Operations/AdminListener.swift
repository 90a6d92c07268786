// The admin port of a program: a few pages over plain HTTP.

internal import Listening
package import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A page of an admin port.
package struct AdminPage: Sendable {
    package enum Status: Sendable {
        case ok, unavailable
    }

    package var status: Status
    package var type: String
    package var text: String

    /// - Parameters:
    ///   - text: what the page says.
    ///   - type: the value of `Content-Type`.
    ///   - status: whether what the page is about can be used.
    package init(_ text: String, type: String = "text/plain; charset=utf-8", status: Status = .ok) {
        self.status = status
        self.type = type
        self.text = text
    }
}

/// What an admin port tells about.
package protocol AdminSource: Sendable {
    /// The paths that there are.
    var paths: [String] { get }

    /// The page of one of the paths.
    func page(_ path: String, on eventLoop: any EventLoop) -> EventLoopFuture<AdminPage>
}

/// Listens for `GET` and `HEAD` of the pages of a source.
package enum AdminListener {
    /// - Throws: what keeps the port from being bound.
    package static func bind(
        host: String,
        port: Int,
        group: any EventLoopGroup,
        source: any AdminSource
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
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
            .bind(host: host, port: port).get()
    }
}

/// Answers the requests of one admin connection.
private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let source: any AdminSource
    private var head: HTTPRequestHead?

    init(source: any AdminSource) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            answer(head, context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            return write(AdminPage("GET only\n"), status: .methodNotAllowed, to: head, context: context)
        }
        let path = String(head.uri.prefix { $0 != "?" })
        guard source.paths.contains(path) else {
            let paths = AdminPage(source.paths.joined(separator: " ") + "\n")
            return write(paths, status: .notFound, to: head, context: context)
        }
        source.page(path, on: context.eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .failure:
                self.write(AdminPage("no answer\n"), status: .internalServerError, to: head, context: context)
            case .success(let page):
                let status = page.status == .ok ? HTTPResponseStatus.ok : .serviceUnavailable
                self.write(page, status: status, to: head, context: context)
            }
        }
    }

    private func write(
        _ page: AdminPage,
        status: HTTPResponseStatus,
        to head: HTTPRequestHead,
        context: ChannelHandlerContext
    ) {
        var fields = HTTPHeaders()
        fields.add(name: "Content-Type", value: page.type)
        fields.add(name: "Content-Length", value: String(page.text.utf8.count))
        if !head.isKeepAlive { fields.add(name: "Connection", value: "close") }
        let response = HTTPResponseHead(version: .http1_1, status: status, headers: fields)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: page.text)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !head.isKeepAlive { context.close(promise: nil) }
    }
}
