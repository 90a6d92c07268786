// A listening socket whose connections speak strict HTTP/1.1 with one responder.

internal import Listening
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Where and how to listen.
struct HTTPListener {
    let eventLoop: any EventLoop
    let idleTimeout: TimeAmount?
    /// How long a header field may be, in bytes, and all of them together twice. The largest one that the Invoke API has
    /// is a client context of 3583 bytes.
    var largestField = 8 * 1024

    private var limits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = largestField
        limits.maxHeaderListSize = 2 * largestField
        limits.maxHeaderFieldCount = 100
        return limits
    }

    /// Listens; all connections stay on the event loop of the listener.
    func bind(
        host: String,
        port: Int,
        responder: any BufferedResponder,
        connections: ConnectionRegistry?
    ) -> EventLoopFuture<any Channel> {
        let parts = NIOLoopBound((responder: responder, connections: connections), eventLoop: eventLoop)
        let idleTimeout = idleTimeout
        let limits = limits
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A peer that sends thousands of requests or chunks at once gives way to the others after each read.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if parts.value.connections?.isFull == true { throw TooManyConnections() }
                    let operations = channel.pipeline.syncOperations
                    // Who sends requests and does not read the answers is not read either.
                    try operations.addHandler(BackPressureHandler())
                    try operations.configureHTTPServerPipeline(
                        withPipeliningAssistance: true,
                        withErrorHandling: true,
                        withOutboundHeaderValidation: true,
                        withEncoderConfiguration: .init(),
                        withDecoderLimitConfiguration: limits
                    )
                    try operations.addHandler(
                        ExchangeHandler(
                            responder: parts.value.responder,
                            idleTimeout: idleTimeout,
                            connections: parts.value.connections
                        )
                    )
                }
            }
            .bind(host: host, port: port)
    }
}

/// Why a connection is closed at once.
private struct TooManyConnections: Error {}
