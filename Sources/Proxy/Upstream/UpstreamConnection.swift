// A connection to an endpoint, carrying one exchange at a time.

internal import NIOCore

/// Who an upstream connection works for.
protocol UpstreamClient: AnyObject {
    func upstreamReceived(_ head: UpstreamResponseHead)
    func upstreamReceived(_ content: ByteBuffer)
    /// The response is whole.
    func upstreamFinished(reusable: Bool)
    /// The connection is of no more use before the response was whole.
    func upstreamLost(_ failure: ExchangeStateMachine.Failure, untouched: Bool, cause: String)
    func upstreamWritabilityChanged(_ isWritable: Bool)
    /// Nothing more has come for now.
    func upstreamReadCompleted()
    /// Whether the next piece of the response may come.
    var wantsUpstreamResponse: Bool { get }
}

/// Reads responses strictly and hands them on; discards the connection at the first byte that nobody asked for.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let pool: EndpointPool
    private var context: ChannelHandlerContext?
    private var parser = ResponseParser()
    private var client: (any UpstreamClient)?
    private var holdsRead = false
    private var isParsing = false
    private var mayBeReused = false
    /// Whether the connection has ended while the client was not taking more.
    private var hasEnded = false
    /// Whether the pool has handed it out: of the channels to several addresses of one name only one is.
    var isCounted = false
    /// Whether it has carried an exchange.
    private(set) var isReused = false
    /// Since when it has been unused.
    var idleSince = NIODeadline.now()
    /// Whether it can be written to.
    private(set) var isActive = false

    init(pool: EndpointPool, eventLoop: any EventLoop) { self.pool = pool }

    // MARK: For the exchange

    /// Begins an exchange: the next response belongs to `client`.
    func begin(_ client: any UpstreamClient, isHead: Bool) {
        self.client = client
        parser.expectResponse(toHead: isHead)
    }

    /// Writes bytes of a request.
    func write(_ bytes: ByteBuffer) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    /// The exchange is over and the connection can carry another.
    func release() {
        client = nil
        isReused = true
        pool.release(self)
    }

    /// The connection must not be used again.
    func close() {
        client = nil
        isActive = false
        context?.close(promise: nil)
    }

    /// The client takes more of the response again.
    func resume() {
        deliver()
        guard holdsRead, let context else { return }
        holdsRead = false
        context.read()
    }

    // MARK: For the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        isActive = true
        context.fireChannelActive()
    }

    func read(context: ChannelHandlerContext) {
        if client?.wantsUpstreamResponse ?? true { context.read() } else { holdsRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard parser.append(unwrapInboundIn(data)) else {
            // Bytes on an idle connection: the next response could not be told from them.
            close()
            return
        }
        deliver()
    }

    private func deliver() {
        guard !isParsing else { return }
        isParsing = true
        defer { isParsing = false }
        while let client, client.wantsUpstreamResponse {
            do throws(MessageError) {
                switch try parser.next() {
                case .head(let head):
                    mayBeReused = head.keepsAlive
                    client.upstreamReceived(head)
                case .content(let content): client.upstreamReceived(content)
                case .end:
                    client.upstreamFinished(reusable: mayBeReused && !parser.isPoisoned && isActive)
                    return
                case nil:
                    if hasEnded { conclude() }
                    return
                }
            } catch {
                isActive = false
                client.upstreamLost(.malformed, untouched: false, cause: "\(error)")
                return
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        client?.upstreamReadCompleted()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        client?.upstreamWritabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isActive = false
        if isCounted { pool.connectionClosed(self) }
        // What has been read already is still the client's, however slowly it takes it.
        hasEnded = true
        if client?.wantsUpstreamResponse ?? false { conclude() }
        context.fireChannelInactive()
    }

    /// The connection has ended and all of its bytes are parsed.
    private func conclude() {
        guard let client else { return }
        self.client = nil
        let untouched = parser.isUntouched
        if parser.connectionEnded() {
            client.upstreamFinished(reusable: false)
        } else {
            client.upstreamLost(.closed, untouched: untouched, cause: "the connection was closed")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isActive = false
        if let client {
            self.client = nil
            client.upstreamLost(.closed, untouched: parser.isUntouched, cause: "\(error)")
        }
        context.close(promise: nil)
    }
}
