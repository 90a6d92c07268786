// The life of one execution environment as Lambda's Runtime API sees it, as events and actions without any I/O.

/// What happens to one execution environment of a function.
///
/// ```
/// starting ──next──► idle ──assign──► invoking ──response, error──► settling ──next──► idle
///     │                                  └──stream──► streaming ──end──┘
///     └── init error, exit, time out ──► ended ◄── exit, time out, retire ──┘
/// ```
///
/// Between the answer and the next `next` the function may still run; only then is the process ready for more. Where
/// there are extensions, all of them have to ask for their next event as well, and the end has a phase of its own.
struct EnvironmentStateMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// The runtime has not asked for its first request.
        case starting
        /// The runtime waits for a request.
        case idle
        /// The runtime has a request and owes its answer.
        case invoking(requestID: String)
        /// The runtime is sending its answer part by part.
        case streaming(requestID: String)
        /// The answer has been given, the runtime has not asked for more.
        case settling
        /// The runtime, then the extensions are told to end.
        case shuttingDown
        /// The process is dead or about to be.
        case ended
    }

    enum Event: Hashable, Sendable {
        /// `GET /runtime/invocation/next`.
        case next
        /// The connection of the waiting `next` was closed.
        case nextAbandoned
        /// A request for this process, which is idle.
        case assign(requestID: String)
        /// `POST /runtime/invocation/{id}/response`.
        case response(requestID: String)
        /// `POST /runtime/invocation/{id}/response` in a mode that there is not.
        case responseModeUnknown(requestID: String)
        /// The head of a response that comes part by part.
        case streamBegan(requestID: String)
        /// The end of such a response.
        case streamEnded
        /// The end of such a response, with an error in its trailers.
        case streamFailed
        /// The connection broke before the end.
        case streamTruncated
        /// More parts than an answer may have.
        case streamTooLarge
        /// A response of more bytes than an answer may have.
        case responseTooLarge(requestID: String)
        /// `POST /runtime/invocation/{id}/error`.
        case error(requestID: String)
        /// `POST /runtime/init/error`.
        case initError
        /// The timer that was started last has run out.
        case timerFired
        case exited(ProcessExit)
        /// The process could not be started at all.
        case startFailed(FunctionFailure)
        /// No more requests for this process: its code or its settings are out of date.
        case retire
        /// The host does not wait for a request that is under way.
        case stop
        /// The external extensions have been found, before anything is started.
        case extensionsFound([String])
        /// `POST /extension/register`.
        case register(name: String, identifier: String, Set<ExtensionSet.Subscription>)
        /// `GET /extension/event/next`.
        case extensionNext(identifier: String)
        case extensionNextAbandoned(identifier: String)
        /// `POST /extension/init/error`.
        case extensionInitError(identifier: String, type: String)
        /// `POST /extension/exit/error`.
        case extensionExitError(identifier: String, type: String)
        case extensionExited(name: String, ProcessExit)
        /// An extension could not be started at all.
        case extensionStartFailed(name: String, message: String)
    }

    enum Action: Hashable, Sendable {
        /// Keep the `next` until there is a request; the process is ready.
        case park
        /// Keep the `next`; the extensions are not ready yet.
        case hold
        /// The process is not ready any more.
        case leave
        /// Answer the parked `next` with the request.
        case deliver(requestID: String)
        /// Answer the runtime with 202.
        case accept
        case refuse(RuntimeRefusal)
        /// Take the parts that follow, and pass them on.
        case receiveParts(requestID: String)
        /// Pass on the end of the answer that came in parts.
        case completeParts(requestID: String)
        /// Pass on the answer that the event brought.
        case complete(requestID: String)
        /// Pass on the error that the event brought.
        case completeWithError(requestID: String)
        /// Answer with a failure that the runtime did not report itself.
        case fail(requestID: String, FunctionFailure)
        /// The process never became ready; without a failure, for the reason that the event brought.
        case failStart(FunctionFailure?)
        case startTimer(Timer)
        case cancelTimer
        case kill
        /// Forget the process.
        case remove
        case launchExtension(name: String)
        case launchRuntime
        /// Answer the registration that the event brought.
        case acceptRegistration(identifier: String)
        /// Keep the extension's `next` until there is an event.
        case parkExtension(identifier: String)
        /// Tell these extensions of the request.
        case deliverInvoke(identifiers: [String])
        /// Tell these extensions of the end.
        case deliverShutdown(identifiers: [String], ShutdownReason)
        /// Ask the runtime to end.
        case terminateRuntime
        case killRuntime
        case killExtension(name: String)
    }

    /// What extensions are told of the reason of the end.
    enum ShutdownReason: String, Hashable, Sendable {
        case spindown
        case timeout
        case failure
    }

    enum Timer: Hashable, Sendable {
        /// From the start of the process to its first `next`.
        case initialization
        /// From the delivery of a request to the `next` after it.
        case invocation
        /// From the signal to the runtime to its end.
        case runtimeShutdown(hasExternalExtensions: Bool)
        /// From the event to the extensions to their end.
        case extensionShutdown
    }

    // The rest of the file and the one about extensions change these, nobody else does.
    var state = State.starting
    var extensions = ExtensionSet()
    /// Whether the runtime's `next` waits for the extensions.
    var isHolding = false
    /// Whether the runtime is not started before the extensions have registered.
    var isRuntimeAwaited = false
    var shutdownReason = ShutdownReason.spindown
    private(set) var isRetiring = false
    private(set) var hasExited = false

    /// Whether somebody waits for an answer.
    var owesAnswer: Bool {
        switch state {
        case .invoking, .streaming: true
        case .starting, .idle, .settling, .shuttingDown, .ended: false
        }
    }

    init() {}

    /// Takes an event.
    ///
    /// - Returns: what to do, in order.
    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .next: next()
        case .nextAbandoned: nextAbandoned()
        case .assign(let requestID): assign(requestID)
        case .response(let requestID): answer(requestID, [.complete(requestID: requestID), .accept])
        case .error(let requestID): answer(requestID, [.completeWithError(requestID: requestID), .accept])
        case .responseTooLarge(let requestID):
            answer(requestID, [.fail(requestID: requestID, .responseTooLarge), .refuse(.responseTooLarge)])
        case .responseModeUnknown(let requestID):
            answer(requestID, [.fail(requestID: requestID, .responseModeUnknown), .refuse(.invalidResponseMode)])
        case .streamBegan(let requestID): streamBegan(requestID)
        case .streamEnded: endStream { [.completeParts(requestID: $0), .accept] }
        case .streamFailed: endStream { [.completeWithError(requestID: $0), .accept] }
        case .streamTruncated: endStream { [.fail(requestID: $0, .responseTruncated)] }
        case .streamTooLarge: endStream { [.fail(requestID: $0, .responseTooLarge), .refuse(.responseTooLarge)] }
        case .initError: initError()
        case .timerFired: timerFired()
        case .exited(let exit): exited(exit)
        case .startFailed(let failure): startFailed(failure)
        case .retire: retire()
        case .stop: stop()
        case .extensionsFound, .register, .extensionNext, .extensionNextAbandoned, .extensionInitError,
            .extensionExitError, .extensionExited, .extensionStartFailed:
            handleExtension(event)
        }
    }

    private mutating func next() -> [Action] {
        switch state {
        case .starting where !isHolding, .settling where !isHolding:
            extensions.close()
            isHolding = !extensions.areReady
            return isHolding ? [.hold] : becomeReady()
        // It has been told to end, or is being killed; a refusal would be its last words in the log.
        case .shuttingDown, .ended: return []
        case .starting, .settling, .idle, .invoking, .streaming:
            return [.refuse(.invalidStateTransition)]
        }
    }

    /// The runtime and all extensions wait for what comes next.
    mutating func becomeReady() -> [Action] {
        isHolding = false
        guard !isRetiring else { return [.cancelTimer] + shutDown(.spindown) }
        state = .idle
        return [.cancelTimer, .park]
    }

    private mutating func nextAbandoned() -> [Action] {
        // A runtime whose connection broke comes back with another `next`.
        isHolding = false
        guard state == .idle else { return [] }
        state = .settling
        return [.leave]
    }

    private mutating func assign(_ requestID: String) -> [Action] {
        guard state == .idle else { preconditionFailure("a process that is not idle takes no request") }
        state = .invoking(requestID: requestID)
        let informed = extensions.invoke()
        return [.startTimer(.invocation), .deliver(requestID: requestID)]
            + (informed.isEmpty ? [] : [.deliverInvoke(identifiers: informed)])
    }

    private mutating func answer(_ requestID: String, _ actions: [Action]) -> [Action] {
        guard case .invoking(let current) = state else { return [.refuse(.invalidStateTransition)] }
        guard current == requestID else { return [.refuse(.invalidRequestID)] }
        return settle(after: actions)
    }

    private mutating func settle(after actions: [Action]) -> [Action] {
        state = .settling
        // Extensions may be at work on the request.
        return isRetiring && !extensions.hasRegistered ? actions + [.cancelTimer] + shutDown(.spindown) : actions
    }

    private mutating func streamBegan(_ requestID: String) -> [Action] {
        guard case .invoking(let current) = state else { return [.refuse(.invalidStateTransition)] }
        guard current == requestID else { return [.refuse(.invalidRequestID)] }
        state = .streaming(requestID: requestID)
        return [.receiveParts(requestID: requestID)]
    }

    private mutating func endStream(_ actions: (String) -> [Action]) -> [Action] {
        // After a timeout the rest of a response is nobody's.
        guard case .streaming(let requestID) = state else { return [.refuse(.invalidStateTransition)] }
        return settle(after: actions(requestID))
    }

    private mutating func initError() -> [Action] {
        guard state == .starting, !isHolding else { return [.refuse(.invalidStateTransition)] }
        return [.cancelTimer, .accept, .failStart(nil)] + shutDown(.failure)
    }

    private mutating func timerFired() -> [Action] {
        switch state {
        case .starting: return [.failStart(.initTimedOut)] + shutDown(.timeout)
        case .invoking(let requestID), .streaming(let requestID):
            return [.fail(requestID: requestID, .timedOut)] + shutDown(.timeout)
        case .settling: return shutDown(.timeout)
        case .shuttingDown: return shutdownTimerFired()
        case .idle, .ended: return []
        }
    }

    private mutating func exited(_ exit: ProcessExit) -> [Action] {
        guard !hasExited else { return [] }
        hasExited = true
        switch state {
        case .starting: return [.cancelTimer, .failStart(.exited(exit))] + shutDown(.failure)
        case .invoking(let requestID), .streaming(let requestID):
            return [.cancelTimer, .fail(requestID: requestID, .exited(exit))] + shutDown(.failure)
        case .idle: return [.cancelTimer] + (extensions.hasRegistered ? [.leave] : []) + shutDown(.failure)
        case .settling: return [.cancelTimer] + shutDown(.failure)
        case .shuttingDown: return [.cancelTimer] + shutDownExtensions()
        case .ended: return [.cancelTimer] + removal
        }
    }

    private mutating func startFailed(_ failure: FunctionFailure) -> [Action] {
        guard !hasExited else { return [] }
        hasExited = true
        switch state {
        case .starting: return [.cancelTimer, .failStart(failure)] + shutDown(.failure)
        case .shuttingDown: return [.cancelTimer] + shutDownExtensions()
        case .idle, .invoking, .streaming, .settling, .ended: return [.cancelTimer] + removal
        }
    }

    private mutating func retire() -> [Action] {
        isRetiring = true
        switch state {
        case .starting, .idle, .settling: return [.cancelTimer] + shutDown(.spindown)
        case .invoking, .streaming, .shuttingDown, .ended: return []
        }
    }

    private mutating func stop() -> [Action] {
        switch state {
        case .starting, .idle, .settling: return [.cancelTimer] + shutDown(.spindown)
        // Its end says what becomes of the request.
        case .invoking, .streaming: return [extensions.hasRegistered ? .killRuntime : .kill]
        case .shuttingDown: return []
        case .ended: return [.kill]
        }
    }
}
