// One function: the environments that run it and the requests that wait for one.

internal import Logging
internal import NIOCore

/// Gives requests to environments. Confined to the host's event loop.
///
/// A request goes to the environment that was used last, so that under light load the others may rest and end. Where
/// none is ready the request waits, and one more starts for it, up to the limit. `FunctionPool+Starts` has the starts,
/// `FunctionPool+Changes` what new code and new settings replace.
final class FunctionPool {
    /// An environment that exists.
    struct Member {
        let environment: ExecutionEnvironment
        let startTime: NIODeadline
        let slot: StartGate.Slot
    }

    var definition: FunctionDefinition
    let services: HostServices
    let gate: StartGate
    var limit: ConcurrencyLimit
    /// Those that take requests, in the order in which they became ready.
    var ready: [(environment: ExecutionEnvironment, since: NIODeadline)] = []
    /// All that exist, those included that finish their last request.
    var members: [ObjectIdentifier: Member] = [:]
    /// Those of `members` that will take no more requests.
    var retired: Set<ObjectIdentifier> = []
    var waiting = WaitingInvocations()
    var backoff = StartBackoff()
    /// How many starts the gate has been asked for and has not granted.
    var requestedStarts = 0
    /// How many of the next starts are second ones, after starts that took too long.
    var pendingRestarts = 0
    /// Whether environments that have answered take too long to come back.
    var isSettlingLate = false
    var settlingTimer: Scheduled<Void>?
    private var reapTimer: Scheduled<Void>?
    var changes = CodeChanges()
    private(set) var isClosed = false
    private var onEmpty: (() -> Void)?
    /// How many requests run.
    private var runningCount = 0

    init(definition: FunctionDefinition, services: HostServices, gate: StartGate) {
        self.definition = definition
        self.services = services
        self.gate = gate
        limit = ConcurrencyLimit(of: definition, settings: services.pooling)
    }

    /// How many requests wait or run.
    var pendingCount: Int { waiting.count + runningCount }
    /// How many environments take requests, now or soon.
    var activeCount: Int { members.count - retired.count }

    /// Takes a request.
    func invoke(_ invocation: Invocation) {
        guard !isClosed else {
            return invocation.finish(.refused(.functionNotFound(arn: invocation.functionARN)))
        }
        switch invocation.kind {
        case .synchronous:
            if let reason = limit.refusal(inFlight: waiting.synchronous.count + runningCount) {
                return invocation.finish(.refused(.tooManyRequests(reason)))
            }
            if !changes.isHolding, let environment = ready.popLast()?.environment {
                return run(invocation, on: environment)
            }
            scheduleQueueTimeout(invocation)
        case .asynchronous:
            guard limit.environments > 0 else { return discard(invocation) }
            guard waiting.events.count < ConcurrencyLimit.maximumEvents else {
                return invocation.finish(.refused(.tooManyRequests(.concurrentInvocations)))
            }
        }
        waiting.append(invocation)
        dispatch()
        updateStarts()
    }

    private func run(_ invocation: Invocation, on environment: ExecutionEnvironment) {
        invocation.queueTimer?.cancel()
        invocation.queueTimer = nil
        runningCount += 1
        environment.assign(invocation)
    }

    private func nextInvocation() -> Invocation? {
        waiting.popFirst(allowsEvent: runningCount < limit.environments)
    }

    /// Gives waiting requests to environments that are ready.
    private func dispatch() {
        while !changes.isHolding, !ready.isEmpty, let invocation = nextInvocation() {
            run(invocation, on: ready.removeLast().environment)
        }
    }

    /// A function whose reserved concurrency is 0 runs no events either (Lambda developer guide, "Asynchronous
    /// invocation"): in Lambda they go to the dead-letter queue.
    func discard(_ invocation: Invocation) {
        services.logger.warning(
            "event discarded: the reserved concurrency of the function is 0",
            metadata: ["function": "\(definition.id)", "request_id": "\(invocation.requestID)"]
        )
        let reason = #"{"errorType":"EventDiscarded","errorMessage":"the reserved concurrency is 0"}"#
        invocation.finish(.functionError(ByteBuffer(string: reason)))
    }

    private func scheduleQueueTimeout(_ invocation: Invocation) {
        let delay = TimeAmount.seconds(Int64(definition.timeoutSeconds))
        invocation.queueTimer = services.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, let position = self.waiting.synchronous.position(of: invocation) else { return }
            // A cold start has a time limit of its own.
            if self.changes.isHolding || position < self.startingCount + self.requestedStarts {
                self.scheduleQueueTimeout(invocation)
            } else if self.waiting.remove(invocation) {
                invocation.finish(.refused(.tooManyRequests(.concurrentInvocations)))
            }
        }
    }

    /// Ends environments that have been idle for too long.
    private func scheduleReaping() {
        let kept = services.pooling.warmth == .eager || definition.debugging != nil ? 1 : 0
        guard reapTimer == nil, ready.count > kept, let oldest = ready.first else { return }
        let idle = TimeAmount.seconds(Int64(services.pooling.idleSeconds))
        reapTimer = services.eventLoop.assumeIsolated().scheduleTask(deadline: oldest.since + idle) { [weak self] in
            guard let self else { return }
            self.reapTimer = nil
            let now = NIODeadline.now()
            let expired = min(self.ready.prefix { $0.since + idle <= now }.count, max(0, self.ready.count - kept))
            let idlers = self.ready.prefix(expired).map(\.environment)
            self.ready.removeFirst(expired)
            for environment in idlers { self.retire(environment) }
            // Nobody needs this function now; a change of its code is no reason to start it.
            if self.activeCount == 0 { self.changes.isInUse = false }
            self.scheduleReaping()
        }
    }

    /// Takes no more requests; those that wait are refused, those under way may end.
    func close() {
        isClosed = true
        while let invocation = waiting.popFirst(allowsEvent: true) {
            invocation.finish(.refused(.functionNotFound(arn: invocation.functionARN)))
        }
        retireAll()
        updateStarts()
    }

    /// Kills all processes; requests under way fail.
    func kill() {
        isClosed = true
        ready = []
        updateStarts()
        for member in members.values { member.environment.kill() }
    }

    /// Calls back once there is no process any more.
    func whenEmpty(_ callback: @escaping () -> Void) {
        if members.isEmpty { callback() } else { onEmpty = callback }
    }
}

extension FunctionPool: ExecutionEnvironmentDelegate {
    func environmentDidBecomeReady(_ environment: ExecutionEnvironment) {
        let identifier = ObjectIdentifier(environment)
        guard !retired.contains(identifier) else { return }
        didStart(identifier)
        ready.append((environment, NIODeadline.now()))
        dispatch()
        if waiting.isEmpty { isSettlingLate = false }
        if requestedStarts > 0 { updateStarts() }
        scheduleReaping()
    }

    func environmentDidLeave(_ environment: ExecutionEnvironment) {
        ready.removeAll { $0.environment === environment }
    }

    func environmentDidAnswer(_ environment: ExecutionEnvironment) {
        runningCount -= 1
        if backoff.expectsAnswers, let member = members[ObjectIdentifier(environment)] {
            backoff.noteAnswer(startedAt: member.startTime)
        }
        if !waiting.events.isEmpty { dispatch() }
    }

    func environment(_ environment: ExecutionEnvironment, didFail failure: FunctionFailure) {
        runningCount -= 1
        // A crash of old code says nothing about the code of now.
        if case .exited = failure, !retired.contains(ObjectIdentifier(environment)) {
            note(failure)
        } else {
            services.logger.warning(
                "invocation failed",
                metadata: ["function": "\(definition.id)", "reason": "\(failure.reason)"]
            )
        }
        if !waiting.events.isEmpty { dispatch() }
    }

    func environment(_ environment: ExecutionEnvironment, didFailToStart failure: FunctionFailure) {
        startDidFail(environment, failure)
    }

    func environmentDidEnd(_ environment: ExecutionEnvironment) {
        let member = members.removeValue(forKey: ObjectIdentifier(environment))
        retired.remove(ObjectIdentifier(environment))
        ready.removeAll { $0.environment === environment }
        updateStarts()
        member?.slot.release()
        if members.isEmpty {
            onEmpty?()
            onEmpty = nil
        }
    }
}
