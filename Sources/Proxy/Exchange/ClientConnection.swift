// A client's connection: bytes in, exchanges one after the other, bytes out.

internal import NIOCore
internal import Synchronization

/// Takes requests off a connection one at a time and performs what the state machine of each exchange says.
///
/// Requests that are pipelined wait unparsed: while one is under way, at most `readAhead` bytes are taken from the
/// client, which is enough to notice that it is gone.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the connection is doing.
    enum Phase {
        /// Waiting for a request, or for the rest of its head.
        case reading
        /// A plugin waits for something.
        case waiting
        /// A request is under way.
        case exchanging
        /// A file is being written to the client, piece by piece.
        case sending
        /// The response is written; what is left of the request's content is read and thrown away.
        case draining
        /// Nothing more will be answered; the client is given time to read what it has been sent.
        case closing
    }

    private static let readAhead = 64 * 1024
    /// How much content is read for nothing to keep a connection.
    static let drainLimit = 64 * 1024
    private static let lingerTime = TimeAmount.seconds(1)

    let loop: ServerLoop
    private(set) var context: ChannelHandlerContext?
    private var parser: RequestParser
    private var remoteAddress: [UInt8] = []
    private var localPort = 0
    private var inputIsClosed = false
    private var holdsRead = false
    private var isProcessing = false
    private var headHasStarted = false

    var phase = Phase.reading
    /// When the present phase has lasted too long.
    var deadline = NIODeadline.distantFuture
    /// When the client has taken too long to take a piece of a response.
    private var writeDeadline: NIODeadline?
    /// How many bytes the client had not taken when that was last looked at.
    private var untakenBytes = Int.max
    private var contentStart = NIODeadline.now()
    var contentBytes = 0
    /// Since when the endpoint has not taken the content that is streamed to it, and how long it may be waited for.
    private var stallStart: NIODeadline?
    private var stallAllowance = TimeAmount.zero
    /// How much time the endpoint has left while it is the client who does not take the response.
    private var timeLeft: TimeAmount?

    /// The exchange that is under way.
    var exchange: Exchange?
    var machine: ExchangeStateMachine?
    /// The plugin that is asked again when the request's content is there.
    var waitingPlugin = 0
    /// Whether the client has been told to send its content.
    var hasSentContinue = false
    var upstream: UpstreamConnection?
    /// Tells the answer to the newest wish for a connection from earlier ones.
    var acquisition = 0
    /// The request as it goes to the endpoint: all of it, or its head.
    var requestBytes = ByteBuffer()
    var collectedHead: UpstreamResponseHead?
    var collectedContent = ByteBuffer()
    /// Bytes for the client that are not written yet.
    var output = ByteBuffer()
    /// What a content that is passed on goes through.
    var contentTransform: (any ContentTransform)?
    var responseFraming = ResponseWriter.Framing.none
    var keepsAlive = false

    init(loop: ServerLoop) {
        self.loop = loop
        parser = RequestParser(limits: loop.configuration.limits)
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // One that is not known is nobody's, least of all this machine's: policies ask for it.
        remoteAddress = Array(Self.plain(context.channel.remoteAddress?.ipAddress ?? "0.0.0.0").utf8)
        localPort = context.channel.localAddress?.port ?? 0
    }

    /// The IPv4 address of a client that a socket for both families has taken in (RFC 4291 section 2.5.5.2).
    static func plain(_ address: String) -> String {
        address.hasPrefix("::ffff:") && address.utf8.contains(UInt8(ascii: "."))
            ? String(address.dropFirst("::ffff:".count)) : address
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        loop.register(self)
        guard loop.clients.number.load(ordering: .relaxed) <= loop.configuration.connections else {
            abort()
            return
        }
        arm(loop.configuration.timeouts.head)
        // It was accepted just before the listener closed.
        if loop.isDraining { closeAfterLinger() }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.unregister(self)
        phase = .closing
        clientIsGone()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        if wantsBytes { context.read() } else { holdsRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .closing else { return }
        parser.append(unwrapInboundIn(data))
        process()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            inputIsClosed = true
            switch phase {
            case .closing: abort()
            default: process()
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        writeDeadline = isWritable ? nil : .now() + writeTimeout
        untakenBytes = .max
        machine?.clientWritabilityChanged(isWritable)
        pauseEndpointTime(while: !isWritable)
        if isWritable { upstream?.resume() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets and broken pipes are the client's way to leave.
        abort()
    }

    /// Whether more bytes should be taken from the client.
    private var wantsBytes: Bool {
        switch phase {
        case .closing: true
        case .reading, .draining, .waiting, .sending: parser.pendingBytes < Self.readAhead
        case .exchanging:
            // While the request's content is held back, its sender is, too.
            machine.map { $0.requestIsComplete || $0.wantsContent || parser.pendingBytes == 0 } ?? true
                && parser.pendingBytes < Self.readAhead
        }
    }

    // MARK: Requests

    /// Takes as much from the parser as the present phase wants.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer {
            isProcessing = false
            if holdsRead, wantsBytes, let context {
                holdsRead = false
                context.read()
            }
        }
        while step() {}
    }

    /// - Returns: whether there may be more to take.
    private func step() -> Bool {
        switch phase {
        case .waiting, .sending, .closing: return false
        case .exchanging where !(machine?.wantsContent ?? false): return false
        case .reading, .exchanging, .draining: break
        }
        let event: RequestParser.Event?
        do throws(MessageError) { event = try parser.next() } catch {
            refuse(error)
            return false
        }
        guard let event else {
            bytesAreMissing()
            return false
        }
        switch (phase, event) {
        case (.reading, .head(let head)): begin(head)
        case (.exchanging, .content(let content)): received(content)
        case (.exchanging, .end): contentEnded()
        case (.draining, .content(let content)):
            contentBytes += content.readableBytes
            if contentBytes > Self.drainLimit { closeAfterLinger() }
        case (.draining, .end): waitForRequest()
        default: break
        }
        return true
    }

    private func bytesAreMissing() {
        if inputIsClosed {
            // The rest of the request will never come.
            if phase == .exchanging { clientIsGone() }
            abort()
            return
        }
        guard phase == .reading, !parser.isIdle, !headHasStarted else { return }
        headHasStarted = true
        arm(loop.configuration.timeouts.head)
    }

    private func begin(_ head: RequestHead) {
        headHasStarted = false
        keepsAlive = head.keepsAlive
        contentBytes = 0
        contentStart = .now()
        stallStart = nil
        timeLeft = nil
        guard let selection = loop.generation.select(head) else {
            respondWithoutExchange(status: GatewayError.noAPI.status, content: GatewayError.noAPI.defaultContent)
            return
        }
        let exchange = Exchange(
            generation: loop.generation,
            loop: loop,
            head: head,
            selection: selection,
            remoteAddress: remoteAddress,
            localPort: localPort
        )
        self.exchange = exchange
        machine = ExchangeStateMachine(hasContent: head.hasContent, isIdempotent: exchange.head.method.isIdempotent)
        hasSentContinue = false
        phase = .exchanging
        // An HTTP API counts the request line, too (developer guide, "Quotas for configuring and running an HTTP API").
        if exchange.api.kind == .http, head.isLarger(than: loop.configuration.limits.fieldValueBytes) {
            respond(GatewayError.headTooLarge())
        } else {
            runPlugins(exchange, from: 0)
        }
    }

    private func received(_ content: ByteBuffer) {
        contentBytes += content.readableBytes
        guard contentBytes <= loop.configuration.limits.contentBytes else {
            contentIsTooLarge()
            return
        }
        armForContent()
        perform(machine?.contentReceived() ?? [], content: content)
    }

    /// From now on it is the endpoint that is waited for.
    private func contentEnded() {
        let actions = machine?.contentEnded() ?? []
        if actions.contains(.resumePlugins) || machine?.delivery == .collected { exchange?.contentIsWhole = true }
        if !actions.contains(.resumePlugins), let integration = exchange?.route?.integration {
            deadline = .now() + integration.timeout
        }
        perform(actions)
    }

    /// A client may be slow, but not without end: beyond the time for a start it has to send a kilobyte a second, and
    /// what it has sent fast does not let it be silent for longer than that time.
    func armForContent() {
        guard stallStart == nil else { return }
        let allowed = Int64(loop.configuration.timeouts.content)
        deadline = min(contentStart + .milliseconds(allowed + Int64(contentBytes)), .now() + .milliseconds(allowed))
    }

    /// While content is streamed, either the client is waited for or the endpoint, and the clock runs for one of them:
    /// an endpoint that takes nothing must not hold the request for as long as the client may take.
    func armForTurn() {
        guard phase == .exchanging, let machine, machine.delivery == .streamed, !machine.requestIsComplete,
            machine.isWaitingForUpstream, let integration = exchange?.route?.integration
        else { return }
        if let start = stallStart {
            guard machine.wantsContent else { return }
            let stalled = NIODeadline.now() - start
            stallStart = nil
            stallAllowance = stallAllowance - stalled
            // That was not the client's time.
            contentStart = contentStart + stalled
            armForContent()
        } else if !machine.wantsContent {
            if machine.isAcquiring { stallAllowance = integration.timeout }
            stallStart = .now()
            deadline = .now() + stallAllowance
        }
    }

    /// What a slow client takes to read a response is not the endpoint's time: only `writeDeadline` counts then.
    private func pauseEndpointTime(while isPaused: Bool) {
        guard phase == .exchanging, let machine, machine.responseHasStarted, machine.requestIsComplete,
            machine.isWaitingForUpstream
        else { return }
        if isPaused, timeLeft == nil {
            timeLeft = deadline - .now()
            deadline = .distantFuture
        } else if !isPaused, let left = timeLeft {
            timeLeft = nil
            deadline = .now() + left
        }
    }

    /// The exchange is over and the connection goes on.
    func waitForRequest() {
        phase = .reading
        guard !loop.isDraining, !(inputIsClosed && parser.pendingBytes == 0) else {
            closeAfterLinger()
            return
        }
        arm(parser.isIdle ? loop.configuration.timeouts.idle : loop.configuration.timeouts.head)
        headHasStarted = !parser.isIdle
        process()
    }

    // MARK: Time

    func arm(_ milliseconds: Int) { deadline = .now() + .milliseconds(Int64(milliseconds)) }

    /// The client has to take bytes of what has been written.
    func armForWriting() {
        untakenBytes = .max
        deadline = .now() + writeTimeout
    }

    /// Ends what has lasted too long.
    func checkDeadline(_ now: NIODeadline) {
        if let late = writeDeadline, now >= late {
            guard clientTakesBytes() else {
                abort()
                return
            }
            writeDeadline = now + writeTimeout
        }
        guard now >= deadline else { return }
        switch phase {
        case .reading where parser.isIdle: closeAfterLinger()
        case .reading: refuseLate()
        case .exchanging where machine?.isWaitingForUpstream ?? false:
            // While content is streamed, the one who is late may be the client.
            if machine?.wantsContent ?? false { refuseLate() } else { perform(machine?.deadlineReached() ?? []) }
        case .exchanging: refuseLate()
        case .waiting: pluginIsLate()
        case .closing where clientTakesBytes(), .sending where clientTakesBytes(): deadline = now + writeTimeout
        case .draining, .closing, .sending: abort()
        }
    }

    private var writeTimeout: TimeAmount { .milliseconds(Int64(loop.configuration.timeouts.write)) }

    /// Whether the client, however slow, has taken bytes of a response since this was last asked.
    private func clientTakesBytes() -> Bool {
        let untaken = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        defer { untakenBytes = untaken }
        return untaken > 0 && untaken < untakenBytes
    }

    // MARK: Endings

    /// Closes now if nothing is under way, else after the present exchange.
    func drain() {
        if phase == .reading && parser.isIdle { closeAfterLinger() }
    }

    /// Says that nothing more will be sent, and gives the client time to read what has been: to close a socket with
    /// unread bytes would reset it, and the client might lose the response (RFC 9112 section 9.6).
    func closeAfterLinger() {
        guard phase != .closing, let context else { return }
        phase = .closing
        parser.stop()
        writeDeadline = nil
        untakenBytes = .max
        deadline = .now() + writeTimeout
        let written = context.eventLoop.makePromise(of: Void.self)
        context.close(mode: .output, promise: written)
        // The time to read begins when the last byte is on its way.
        written.futureResult.assumeIsolated().whenComplete { _ in
            if self.inputIsClosed { self.abort() } else { self.deadline = .now() + Self.lingerTime }
        }
        if holdsRead {
            holdsRead = false
            context.read()
        }
    }

    /// Closes without further ado.
    func abort() {
        phase = .closing
        context?.close(promise: nil)
    }
}
