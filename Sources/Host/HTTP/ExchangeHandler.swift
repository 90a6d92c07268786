// The connection handler of both APIs: takes requests whole or in parts, hands them over, writes their answers.

internal import NIOCore
internal import NIOHTTP1

/// Serves one connection: requests in, answers out, in order. A whole answer is written with one flush.
///
/// The pipeline handler before it holds the next request back until the answer to the last one is written.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case collecting(HTTPRequestHead, ByteBuffer)
        /// A body that nobody wants, and how much of it has come: it is read to its end so that the client gets to read
        /// the answer.
        case discarding(Verdict, Int)
        /// A body that is taken part by part; without a receiver yet while the request is handed over.
        case receiving(BufferedExchange, (any BodyReceiver)?)
        case responding(BufferedExchange)
    }

    /// What the client is told at the end of a body that is thrown away.
    private enum Verdict {
        case tooLarge(HTTPRequestHead)
        case answer(BufferedResponse)
    }

    /// A body of more than so many times the limit is not read to its end.
    private static let discardFactor = 16

    private let responder: any BufferedResponder
    private let idleTimeout: TimeAmount?
    private let connections: ConnectionRegistry?
    private var state = State.idle
    private var context: ChannelHandlerContext?
    private var keepsAlive = true
    private var version = HTTPVersion.http1_1
    private var lastActivity = NIODeadline.now()
    private var idleTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - responder: what answers.
    ///   - idleTimeout: how long a connection may take to bring its next whole request; nil for ever.
    ///   - connections: where the connection is listed while it is open, so that a drain reaches it.
    init(responder: any BufferedResponder, idleTimeout: TimeAmount?, connections: ConnectionRegistry?) {
        self.responder = responder
        self.idleTimeout = idleTimeout
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connections?.insert(self)
        if let idleTimeout { scheduleIdleCheck(context: context, after: idleTimeout) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        idleTimer?.cancel()
        idleTimer = nil
        connections?.remove(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        connections?.remove(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), _):
            lastActivity = .now()
            keepsAlive = head.isKeepAlive
            version = head.version
            begin(head, context: context)
        case (.body(let part), .collecting(let head, var body)):
            guard body.readableBytes + part.readableBytes <= responder.maximumBodySize else {
                state = .discarding(.tooLarge(head), body.readableBytes + part.readableBytes)
                return
            }
            if body.readableBytes == 0 {
                body = part
            } else {
                // The state must not hold a second reference, or every part would copy all before it.
                state = .idle
                body.writeImmutableBuffer(part)
            }
            state = .collecting(head, body)
        case (.body(let part), .receiving(_, let receiver)): receiver?.receive(part)
        case (.end(let trailers), .receiving(let exchange, let receiver)):
            state = .responding(exchange)
            receiver?.end(trailers: trailers ?? [:])
        case (.body(let part), .discarding(let verdict, let count)):
            state = .discarding(verdict, count + part.readableBytes)
            if count > responder.maximumBodySize * Self.discardFactor { context.close(promise: nil) }
        case (.end, .discarding(let verdict, _)):
            state = .idle
            switch verdict {
            case .tooLarge(let head): write(responder.bodyTooLarge(head: head), context: context)
            case .answer(let response): write(response, context: context)
            }
        case (.end, .collecting(let head, let body)):
            let exchange = BufferedExchange(handler: self)
            state = .responding(exchange)
            responder.respond(to: BufferedRequest(head: head, body: body), exchange: exchange)
        case (.body, _), (.end, _):
            break
        }
    }

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        let length = head.headers.first(name: "content-length").map { Int($0) ?? .max } ?? 0
        let isExpecting = head.version == .http1_1 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
        if let responder = responder as? any StreamingResponder, responder.streams(head) {
            if isExpecting { writeContinue(head, context: context) }
            let exchange = BufferedExchange(handler: self)
            state = .receiving(exchange, nil)
            let receiver = responder.receiver(for: head, exchange: exchange)
            if case .receiving = state { state = .receiving(exchange, receiver) }
        } else if length <= responder.maximumBodySize {
            state = .collecting(head, ByteBuffer())
            if isExpecting { writeContinue(head, context: context) }
        } else {
            state = .discarding(.tooLarge(head), 0)
            guard isExpecting || length > responder.maximumBodySize * Self.discardFactor else { return }
            // The body does not come, or is too long to wait for.
            state = .idle
            keepsAlive = false
            write(responder.bodyTooLarge(head: head), context: context)
        }
    }

    private func writeContinue(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        let answer = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .responding(let exchange) = state, context.channel.isWritable { exchange.onWritable?() }
        context.fireChannelWritabilityChanged()
    }

    /// Sends the answer of the pending exchange; while its request is still coming, after the end of that.
    func send(_ response: BufferedResponse) {
        guard let context else { return }
        switch state {
        case .responding:
            state = .idle
            lastActivity = .now()
            write(response, context: context)
        case .receiving:
            state = .discarding(.answer(response), 0)
            setReading(true)
        case .idle, .collecting, .discarding: break
        }
    }

    /// Sends the head of an answer whose length is not known.
    func begin(_ status: HTTPResponseStatus, headers: [(name: String, value: String)]) {
        guard let context, case .responding = state else { return }
        var head = HTTPResponseHead(version: version, status: status)
        for header in headers { head.headers.add(name: header.name, value: header.value) }
        if version == .http1_1 {
            head.headers.add(name: "Transfer-Encoding", value: "chunked")
        } else {
            // The end of such an answer is the end of the connection.
            keepsAlive = false
        }
        if !keepsAlive { head.headers.add(name: "Connection", value: "close") }
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Sends a part of an answer that has begun.
    func write(_ part: ByteBuffer) {
        guard let context, case .responding = state else { return }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(part))), promise: nil)
    }

    /// Ends an answer that has begun.
    func endParts() {
        guard let context, case .responding = state else { return }
        state = .idle
        lastActivity = .now()
        writeEnd(closes: !keepsAlive || connections?.isDraining == true, context: context)
    }

    /// Whether what has been written is on its way, but for a little.
    var isWritable: Bool { context?.channel.isWritable ?? true }

    /// Lets the connection be read or not.
    func setReading(_ isReading: Bool) {
        try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    private func write(_ response: BufferedResponse, context: ChannelHandlerContext) {
        var head = HTTPResponseHead(version: version, status: response.status)
        head.headers.reserveCapacity(response.headers.count + 2)
        for header in response.headers { head.headers.add(name: header.name, value: header.value) }
        if response.status.mayHaveResponseBody {
            head.headers.add(name: "Content-Length", value: String(response.body?.readableBytes ?? 0))
        }
        let closes = !keepsAlive || connections?.isDraining == true
        if closes { head.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = response.body, body.readableBytes > 0, response.status.mayHaveResponseBody {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        writeEnd(closes: closes, context: context)
    }

    private func writeEnd(closes: Bool, context: ChannelHandlerContext) {
        guard closes else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loopBound.value.close(promise: nil) }
    }

    private func abandon() {
        let last = state
        state = .idle
        switch last {
        case .responding(let exchange): exchange.abandon()
        case .receiving(let exchange, let receiver):
            exchange.abandon()
            receiver?.abandon()
        case .idle, .collecting, .discarding: break
        }
    }

    /// Closes the connection unless a request is under way on it.
    func closeIfIdle() {
        if case .idle = state { context?.close(promise: nil) }
    }

    /// Closes the connection.
    func close() { context?.close(promise: nil) }

    private func scheduleIdleCheck(context: ChannelHandlerContext, after delay: TimeAmount) {
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        idleTimer = context.eventLoop.scheduleTask(in: delay) {
            let handler = loopBound.value
            guard let context = handler.context, let idleTimeout = handler.idleTimeout else { return }
            switch handler.state {
            case .responding, .receiving:
                handler.scheduleIdleCheck(context: context, after: idleTimeout)
                return
            case .idle, .collecting, .discarding: break
            }
            let remaining = handler.lastActivity + idleTimeout - .now()
            if remaining <= .nanoseconds(0) {
                context.close(promise: nil)
            } else {
                handler.scheduleIdleCheck(context: context, after: remaining)
            }
        }
    }
}
