// One request of the gateway's own to an endpoint: to an authorizer, or to a service that decides.

internal import NIOCore

/// What an endpoint has answered to a call.
struct UpstreamReply: Sendable {
    let head: ResponseHead
    let content: ByteBuffer
}

/// Why a call has no answer.
struct UpstreamCallError: Error, Sendable {
    let failure: ExchangeStateMachine.Failure
}

/// Sends one request over the event loop's own pool and collects the answer. Confined to the event loop.
///
/// It holds itself until it is over: whoever made it keeps only the future.
final class UpstreamCall: UpstreamClient {
    /// How a request is made and what its answer may take.
    struct Request {
        let slot: EndpointSlot
        /// The whole message, head and content.
        let bytes: ByteBuffer
        var isHead = false
        /// How long the endpoint may take.
        let timeout: TimeAmount
        /// How many bytes of content the answer may have.
        var limit = LambdaIntegration.payloadLimit
        /// Whether it may be sent again where an unused connection turns out to be closed.
        var mayRetry = true
    }

    private let loop: ServerLoop
    private let request: Request
    private let promise: EventLoopPromise<UpstreamReply>
    private var connection: UpstreamConnection?
    private var head: ResponseHead?
    private var content = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var isOver = false
    private var usesOld = false

    private init(_ request: Request, loop: ServerLoop) {
        self.loop = loop
        self.request = request
        promise = loop.eventLoop.makePromise(of: UpstreamReply.self)
    }

    /// Sends a request.
    ///
    /// - Returns: the answer, on the event loop; fails with `UpstreamCallError`.
    static func send(_ request: Request, on loop: ServerLoop) -> EventLoopFuture<UpstreamReply> {
        loop.assertOnLoop()
        let call = UpstreamCall(request, loop: loop)
        let bound = NIOLoopBound(call, eventLoop: loop.eventLoop)
        call.timer = loop.eventLoop.scheduleTask(in: request.timeout) { bound.value.fail(.timeout) }
        call.connect(fresh: false)
        return call.promise.futureResult
    }

    private func connect(fresh: Bool) {
        let pool = loop.pool(for: request.slot)
        if !fresh, let connection = pool.takeIdle() {
            usesOld = true
            begin(connection)
            return
        }
        usesOld = false
        pool.connect(isWanted: { !self.isOver }) { result in
            switch result {
            case .success(let connection) where self.isOver: connection.release()
            case .success(let connection): self.begin(connection)
            case .failure(EndpointPool.Unavailable.busy): self.fail(.busy)
            case .failure: self.fail(.connect)
            }
        }
    }

    private func begin(_ connection: UpstreamConnection) {
        self.connection = connection
        connection.begin(self, isHead: request.isHead)
        connection.write(request.bytes)
    }

    private func fail(_ failure: ExchangeStateMachine.Failure) {
        guard !isOver else { return }
        end()
        connection?.close()
        connection = nil
        promise.fail(UpstreamCallError(failure: failure))
    }

    private func end() {
        isOver = true
        timer?.cancel()
        timer = nil
    }

    // MARK: UpstreamClient

    var wantsUpstreamResponse: Bool { true }

    func upstreamReceived(_ head: UpstreamResponseHead) { self.head = head.head }

    func upstreamReceived(_ content: ByteBuffer) {
        guard self.content.readableBytes + content.readableBytes <= request.limit else {
            fail(.tooLarge)
            return
        }
        self.content.writeImmutableBuffer(content)
    }

    func upstreamFinished(reusable: Bool) {
        guard !isOver, let head else { return }
        end()
        if reusable { connection?.release() } else { connection?.close() }
        connection = nil
        promise.succeed(UpstreamReply(head: head, content: content))
    }

    func upstreamLost(_ failure: ExchangeStateMachine.Failure, untouched: Bool, cause: String) {
        guard !isOver else { return }
        if failure == .closed, untouched, usesOld, request.mayRetry {
            connection?.close()
            connection = nil
            connect(fresh: true)
            return
        }
        loop.pool(for: request.slot).report(cause)
        fail(failure)
    }

    func upstreamWritabilityChanged(_ isWritable: Bool) {}

    func upstreamReadCompleted() {}
}
