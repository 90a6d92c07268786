// One request to a function, on its way from the Invoke API to a process and back.

internal import NIOCore

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
        completion: @escaping (Outcome) -> Void
    ) {
        self.requestID = requestID
        self.kind = kind
        self.payload = payload
        self.traceID = traceID
        self.functionARN = functionARN
        self.clientContext = clientContext
        self.completion = completion
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
