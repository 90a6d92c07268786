// Everything that is decided in the life of one exchange; it does no input or output.

/// One request and its response, as events that are answered with actions.
///
/// An exchange has three parties: the request's content, the upstream connection and the response to the client.
///
/// Plugins come first. One that has to see the content makes it be collected, and is asked again when it is whole. The
/// integration then says how contents travel:
///
/// - `delivery == .collected`: the content is read whole, then an upstream connection is taken and the request sent;
///   the response is read whole and translated. Nothing reaches the client before all is known, so every failure up to
///   then becomes a response of the gateway's own.
/// - `delivery == .streamed`: the connection is taken at once, and both contents flow through piece by piece; each side
///   is read only as fast as the other takes it. A failure after the first byte of the response cuts it short, so that
///   the client can tell (RFC 9112 section 8).
struct ExchangeStateMachine: Sendable {
    /// Whether contents travel whole or piece by piece.
    enum Delivery: Sendable { case collected, streamed }

    /// What is to be done, in the order of the declarations.
    struct Actions: OptionSet, Sendable, Equatable {
        let rawValue: UInt32
        /// Keep the piece of the request's content.
        static let collectContent = Actions(rawValue: 1 << 0)
        /// Get a connection to the endpoint: from the pool, or a new one.
        static let acquire = Actions(rawValue: 1 << 1)
        /// Get a new connection to the endpoint.
        static let acquireFresh = Actions(rawValue: 1 << 2)
        /// Write the request: all of it when collected, its head when streamed.
        static let sendRequest = Actions(rawValue: 1 << 3)
        /// Write the piece of the request's content.
        static let forwardContent = Actions(rawValue: 1 << 4)
        /// Write the end of the request's content.
        static let endContent = Actions(rawValue: 1 << 5)
        /// Keep the head of the response.
        static let collectHead = Actions(rawValue: 1 << 6)
        /// Keep the piece of the response's content.
        static let collectResponse = Actions(rawValue: 1 << 7)
        /// Write the head of the response.
        static let startResponse = Actions(rawValue: 1 << 8)
        /// Write the piece of the response's content.
        static let forwardResponse = Actions(rawValue: 1 << 9)
        /// Write the end of the response's content.
        static let endResponse = Actions(rawValue: 1 << 10)
        /// Give up waiting for a connection.
        static let cancelAcquisition = Actions(rawValue: 1 << 11)
        /// Give the connection back to the pool.
        static let release = Actions(rawValue: 1 << 12)
        /// Close the upstream connection.
        static let closeUpstream = Actions(rawValue: 1 << 13)
        /// Translate the response that was collected, and write it.
        static let translate = Actions(rawValue: 1 << 14)
        /// Write the gateway's own response for `failure`.
        static let fail = Actions(rawValue: 1 << 15)
        /// Close the connection to the client so that the response is seen to be cut short.
        static let truncate = Actions(rawValue: 1 << 16)
        /// The exchange is over.
        static let complete = Actions(rawValue: 1 << 17)
        /// The content that a plugin has asked for is whole: the plugins go on.
        static let resumePlugins = Actions(rawValue: 1 << 18)
    }

    /// Why the gateway answers in place of the handler.
    enum Failure: Equatable, Sendable {
        /// No connection to the endpoint.
        case connect
        /// The endpoint takes one request at a time, and too many are waiting.
        case busy
        /// The endpoint has closed the connection before its response was whole.
        case closed
        /// The endpoint has sent what is no HTTP.
        case malformed
        /// The response is larger than allowed.
        case tooLarge
        /// The time for the integration is over.
        case timeout
    }

    private enum Request: Equatable, Sendable { case receiving, complete }
    private enum Upstream: Equatable, Sendable { case none, acquiring, waiting, receiving, done }
    private enum Response: Equatable, Sendable { case none, streaming, written }

    private(set) var delivery = Delivery.collected
    private var request: Request
    /// Whether a plugin waits for the request's content.
    private var pluginWantsContent = false
    private var upstream = Upstream.none
    private var response = Response.none
    private var isReused = false
    private var hasBegun = false
    private var hasRetried = false
    private let isIdempotent: Bool
    private var canRetry = false
    private var upstreamIsWritable = true
    private var clientIsWritable = true
    /// Why the gateway answers itself, once it does.
    private(set) var failure: Failure?

    /// - Parameters:
    ///   - hasContent: whether the request has content that is still to be read.
    ///   - isIdempotent: whether the request may be sent twice (RFC 9110 section 9.2.2).
    init(hasContent: Bool, isIdempotent: Bool) {
        self.isIdempotent = isIdempotent
        request = hasContent ? .receiving : .complete
    }

    /// Whether the next piece of the request's content should be taken from the client.
    var wantsContent: Bool {
        guard request == .receiving, response != .written else { return false }
        if pluginWantsContent { return true }
        guard hasBegun else { return false }
        switch delivery {
        case .collected: return upstream == .none
        case .streamed: return (upstream == .waiting || upstream == .receiving) && upstreamIsWritable
        }
    }

    /// Whether the next piece of the response should be taken from the endpoint.
    var wantsResponse: Bool { delivery == .collected || clientIsWritable }

    /// Whether the request's content has been read to its end.
    var requestIsComplete: Bool { request == .complete }

    /// Whether bytes of the response are with the client already.
    var responseHasStarted: Bool { response != .none }

    /// Whether an endpoint is being waited for.
    var isWaitingForUpstream: Bool { upstream == .acquiring || upstream == .waiting || upstream == .receiving }

    /// Whether a connection to the endpoint is being waited for.
    var isAcquiring: Bool { upstream == .acquiring }

    // MARK: The client's side

    /// A plugin has to see the request's content, which is still to be read.
    mutating func collectForPlugin() { pluginWantsContent = request == .receiving }

    /// Every plugin has let the request pass.
    ///
    /// - Parameter delivery: how contents travel from now on.
    /// - Returns: what is to be done.
    mutating func begin(_ delivery: Delivery) -> Actions {
        self.delivery = delivery
        hasBegun = true
        // Content that has been streamed is gone; only what is still in hand can be sent again.
        canRetry = isIdempotent && (delivery == .collected || request == .complete)
        guard delivery == .streamed || request == .complete else { return [] }
        upstream = .acquiring
        return .acquire
    }

    /// A piece of the request's content has come.
    mutating func contentReceived() -> Actions {
        if pluginWantsContent || delivery == .collected { return .collectContent }
        return upstream == .waiting || upstream == .receiving ? .forwardContent : []
    }

    /// The request's content is at its end.
    mutating func contentEnded() -> Actions {
        guard request == .receiving else { return [] }
        request = .complete
        if pluginWantsContent {
            pluginWantsContent = false
            return .resumePlugins
        }
        switch delivery {
        case .collected:
            guard upstream == .none, response == .none else { return [] }
            upstream = .acquiring
            return .acquire
        case .streamed: return upstream == .waiting || upstream == .receiving ? .endContent : []
        }
    }

    /// The client is gone: nobody waits for the response any more.
    mutating func clientGone() -> Actions {
        guard response != .written else { return [] }
        return leaveUpstream().union(finish())
    }

    mutating func clientWritabilityChanged(_ isWritable: Bool) { clientIsWritable = isWritable }

    // MARK: The endpoint's side

    /// There is a connection.
    ///
    /// - Parameter reused: whether it has carried an exchange before, so that the endpoint may just be closing it.
    /// - Returns: what is to be done.
    mutating func upstreamReady(reused: Bool) -> Actions {
        guard upstream == .acquiring else { return .release }
        upstream = .waiting
        upstreamIsWritable = true
        isReused = reused
        return .sendRequest
    }

    /// There is no connection to be had.
    mutating func upstreamUnavailable(_ failure: Failure = .connect) -> Actions {
        guard upstream == .acquiring else { return [] }
        upstream = .done
        return fail(failure)
    }

    mutating func upstreamWritabilityChanged(_ isWritable: Bool) { upstreamIsWritable = isWritable }

    /// The head of the response has come.
    mutating func responseHeadReceived() -> Actions {
        guard upstream == .waiting else { return .closeUpstream }
        upstream = .receiving
        guard delivery == .streamed else { return .collectHead }
        response = .streaming
        return .startResponse
    }

    /// A piece of the response's content has come.
    mutating func responseContentReceived() -> Actions {
        delivery == .collected ? .collectResponse : .forwardResponse
    }

    /// The response is whole.
    ///
    /// - Parameter reusable: whether the connection can carry another exchange.
    /// - Returns: what is to be done.
    mutating func responseEnded(reusable: Bool) -> Actions {
        guard upstream == .receiving else { return .closeUpstream }
        upstream = .done
        // An endpoint that answers before it has read the request may take the rest of it for the next one.
        let parting: Actions = reusable && request == .complete ? .release : .closeUpstream
        let last: Actions = delivery == .collected ? .translate : .endResponse
        return parting.union(last).union(finish())
    }

    /// The upstream connection has closed, failed or made no sense before the response was whole.
    ///
    /// - Parameters:
    ///   - failure: what became of it.
    ///   - untouched: whether not one byte of a response had come.
    /// - Returns: what is to be done.
    mutating func upstreamLost(_ failure: Failure, untouched: Bool) -> Actions {
        guard upstream == .waiting || upstream == .receiving else { return [] }
        if failure == .closed, untouched, isReused, canRetry, !hasRetried, upstream == .waiting {
            hasRetried = true
            upstream = .acquiring
            return [.closeUpstream, .acquireFresh]
        }
        upstream = .done
        return response == .streaming
            ? Actions.closeUpstream.union(cutShort()) : Actions.closeUpstream.union(fail(failure))
    }

    /// The response that is being collected is larger than allowed.
    mutating func responseTooLarge() -> Actions {
        guard upstream == .receiving, delivery == .collected else { return [] }
        upstream = .done
        return Actions.closeUpstream.union(fail(.tooLarge))
    }

    /// The time for the integration is over.
    mutating func deadlineReached() -> Actions {
        guard isWaitingForUpstream else { return [] }
        let parting = leaveUpstream()
        return parting.union(response == .streaming ? cutShort() : fail(.timeout))
    }

    // MARK: Endings

    private mutating func leaveUpstream() -> Actions {
        defer { upstream = .done }
        switch upstream {
        case .acquiring: return .cancelAcquisition
        case .waiting, .receiving: return .closeUpstream
        case .none, .done: return []
        }
    }

    private mutating func fail(_ failure: Failure) -> Actions {
        self.failure = failure
        return Actions.fail.union(finish())
    }

    private mutating func cutShort() -> Actions {
        Actions.truncate.union(finish())
    }

    private mutating func finish() -> Actions {
        response = .written
        return .complete
    }
}
