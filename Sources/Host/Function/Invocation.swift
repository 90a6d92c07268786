// One request to a function, on its way from the Invoke API to a process and back.

internal import NIOCore

/// A caller that takes a response as it comes. Confined to the host's event loop.
protocol ResponseStream: AnyObject {
    /// Whether it keeps up with the parts.
    var isWritable: Bool { get }
    /// Called when it has caught up, or will take no more.
    var onWritable: (() -> Void)? { get set }

    /// The response begins.
    func begin()

    func write(_ part: ByteBuffer)
}

/// A request and where its answer goes. Confined to the host's event loop.
final class Invocation {
    enum Kind {
        /// The caller waits for the answer.
        case synchronous
        /// The caller has been told that the request is queued.
        case asynchronous
    }

    /// What came of it.
    enum Outcome {
        case payload(ByteBuffer)
        /// The response has gone to the caller part by part, to its end.
        case streamed
        /// The error of the function, as its payload.
        case functionError(ByteBuffer)
        case refused(InvokeError)
    }

    let requestID: String
    let kind: Kind
    let payload: ByteBuffer
    let traceID: String
    let functionARN: String
    /// The client context as JSON.
    let clientContext: String?
    /// Whose data a function with tenant isolation is asked for.
    let tenantID: String?
    /// Takes a streamed response as it comes; nil where the caller wants it whole.
    let stream: (any ResponseStream)?
    /// Whether the caller gets the answer only when the environment has finished the request: when it is ready for the
    /// next one, or gone.
    var answersAtEnd: Bool
    /// Takes the end of the request's log; nil where the caller does not want it with the answer.
    let requestedLog: RequestedLog?
    private var heldAnswer: Outcome?
    /// Fires when it has waited too long for a process.
    var queueTimer: Scheduled<Void>?
    private var completion: ((Outcome) -> Void)?

    init(
        requestID: String,
        kind: Kind,
        payload: ByteBuffer,
        traceID: String,
        functionARN: String,
        clientContext: String?,
        tenantID: String? = nil,
        stream: (any ResponseStream)? = nil,
        requestedLog: RequestedLog? = nil,
        completion: @escaping (Outcome) -> Void
    ) {
        self.requestID = requestID
        self.kind = kind
        self.payload = payload
        self.traceID = traceID
        self.functionARN = functionARN
        self.clientContext = clientContext
        self.tenantID = tenantID
        self.stream = stream
        self.requestedLog = requestedLog
        answersAtEnd = requestedLog != nil
        self.completion = completion
    }

    /// Takes what came of it, and passes it on unless the caller wants it at the end.
    func answer(_ outcome: Outcome) {
        if answersAtEnd { heldAnswer = outcome } else { finish(outcome) }
    }

    /// The environment has finished the request: passes on an answer that was held back.
    func end() {
        if let heldAnswer { finish(heldAnswer) }
        heldAnswer = nil
    }

    /// Passes on what came of it, once.
    func finish(_ outcome: Outcome) {
        queueTimer?.cancel()
        queueTimer = nil
        let completion = completion
        self.completion = nil
        completion?(outcome)
    }
}
