// One function: the processes that run it and the requests that wait for one.

internal import Logging
internal import NIOCore

/// Gives requests to processes, and starts processes for requests. Confined to the host's event loop.
///
/// A request goes to the process that was used last, so that under light load the others may rest. Where none is ready
/// the request waits, and one more process starts for it, up to the limit.
final class FunctionPool {
    /// A process that has answered is expected back within this time, before another one is started instead.
    private static let settlingPatience = TimeAmount.milliseconds(50)

    private(set) var definition: FunctionDefinition
    private let services: HostServices
    /// Those that take requests, in the order in which they became ready.
    private var ready: [ExecutionEnvironment] = []
    /// All that exist, those included that finish their last request.
    private var environments: [ObjectIdentifier: ExecutionEnvironment] = [:]
    /// Those of `environments` that will take no more requests.
    private var retired: Set<ObjectIdentifier> = []
    private var queue = InvocationQueue()
    private var backoff = StartBackoff()
    private var isClosed = false
    private var onEmpty: (() -> Void)?

    init(definition: FunctionDefinition, services: HostServices) {
        self.definition = definition
        self.services = services
    }

    /// How many requests wait or run.
    var pendingCount: Int { queue.count + runningCount }
    private var runningCount = 0

    /// Takes a request.
    func invoke(_ invocation: Invocation) {
        guard !isClosed else {
            return invocation.finish(.refused(.functionNotFound(arn: invocation.functionARN)))
        }
        if queue.isEmpty, let environment = ready.popLast() {
            run(invocation, on: environment)
            return
        }
        guard queue.count < services.maximumQueue else {
            return invocation.finish(.refused(.tooManyRequests(.concurrentInvocations)))
        }
        queue.append(invocation)
        if invocation.kind == .synchronous { scheduleQueueTimeout(invocation) }
        startProcesses(countingSettling: true)
    }

    private func run(_ invocation: Invocation, on environment: ExecutionEnvironment) {
        invocation.queueTimer?.cancel()
        invocation.queueTimer = nil
        runningCount += 1
        environment.assign(invocation)
    }

    private func scheduleQueueTimeout(_ invocation: Invocation) {
        let delay = TimeAmount.seconds(Int64(definition.timeoutSeconds))
        invocation.queueTimer = services.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, let position = self.queue.position(of: invocation) else { return }
            // A cold start has a time limit of its own.
            if position < self.startingCount {
                self.scheduleQueueTimeout(invocation)
            } else if self.queue.remove(invocation) {
                invocation.finish(.refused(.tooManyRequests(.concurrentInvocations)))
            }
        }
    }

    private var startingCount: Int { active.count { $0.isStarting } }
    private var active: [ExecutionEnvironment] {
        environments.values.filter { !retired.contains(ObjectIdentifier($0)) }
    }

    /// Starts as many processes as waiting requests need.
    ///
    /// - Parameter countingSettling: whether processes that have just answered are expected back.
    private func startProcesses(countingSettling: Bool) {
        let active = active
        var starting = 0
        var settling = 0
        for environment in active {
            if environment.isStarting { starting += 1 } else if environment.isSettling { settling += 1 }
        }
        let missing = queue.count - starting - (countingSettling ? settling : 0)
        if countingSettling && settling > 0 && queue.count > starting { expectSettling() }
        guard missing > 0 else { return }
        guard backoff.mayStart(at: .now()) else {
            // With processes at work there is hope; without, waiting would only end in a timeout.
            if active.isEmpty { failQueue() }
            return
        }
        for _ in 0..<min(missing, services.maximumProcesses - active.count) where !isClosed {
            let environment = ExecutionEnvironment(definition: definition, services: services, delegate: self)
            environments[ObjectIdentifier(environment)] = environment
            environment.start()
        }
    }

    private func expectSettling() {
        services.eventLoop.assumeIsolated().scheduleTask(in: Self.settlingPatience) { [weak self] in
            guard let self, !self.queue.isEmpty else { return }
            self.startProcesses(countingSettling: false)
        }
    }

    private func failQueue() {
        while let invocation = queue.popFirst() { fail(invocation) }
    }

    private func fail(_ invocation: Invocation) {
        let failure = backoff.lastFailure ?? .exited(.exited(code: 0))
        let payload = failure.payload(
            requestID: invocation.requestID,
            timeoutSeconds: definition.timeoutSeconds,
            time: .now()
        )
        invocation.finish(.functionError(ByteBuffer(string: payload)))
    }

    /// Puts other settings into force, with new environments.
    func update(_ definition: FunctionDefinition) {
        self.definition = definition
        refresh()
    }

    /// Replaces all processes: requests under way end on the old ones, the next ones see the new code.
    func refresh() {
        backoff.reset()
        for environment in active {
            retired.insert(ObjectIdentifier(environment))
            environment.retire()
        }
        ready = []
        startProcesses(countingSettling: false)
    }

    /// Takes no more requests; those that wait are refused, those under way may end.
    func close() {
        isClosed = true
        while let invocation = queue.popFirst() {
            invocation.finish(.refused(.functionNotFound(arn: invocation.functionARN)))
        }
        refresh()
    }

    /// Kills all processes; requests under way fail.
    func kill() {
        isClosed = true
        for environment in environments.values { environment.kill() }
    }

    /// Calls back once there is no process any more.
    func whenEmpty(_ callback: @escaping () -> Void) {
        if environments.isEmpty { callback() } else { onEmpty = callback }
    }
}

extension FunctionPool: ExecutionEnvironmentDelegate {
    func environmentDidBecomeReady(_ environment: ExecutionEnvironment) {
        guard !retired.contains(ObjectIdentifier(environment)) else { return }
        if let invocation = queue.popFirst() {
            run(invocation, on: environment)
        } else {
            ready.append(environment)
        }
    }

    func environmentDidLeave(_ environment: ExecutionEnvironment) {
        ready.removeAll { $0 === environment }
    }

    func environmentDidAnswer(_ environment: ExecutionEnvironment) {
        runningCount -= 1
        if backoff.failures > 0 { backoff.reset() }
    }

    func environment(_ environment: ExecutionEnvironment, didFail failure: FunctionFailure) {
        runningCount -= 1
        switch failure {
        case .exited: note(failure)
        case .timedOut, .initTimedOut, .responseTooLarge, .responseTruncated, .responseModeUnknown, .unstartable,
            .reported:
            services.logger.warning(
                "invocation failed",
                metadata: ["function": "\(definition.id)", "reason": "\(failure.reason)"]
            )
        }
    }

    func environment(_ environment: ExecutionEnvironment, didFailToStart failure: FunctionFailure) {
        // A process that was retired while it started says nothing about the code of now.
        guard !retired.contains(ObjectIdentifier(environment)) else { return }
        note(failure)
        if let invocation = queue.popFirst() { fail(invocation) }
    }

    private func note(_ failure: FunctionFailure) {
        let metadata: Logger.Metadata = ["function": "\(definition.id)", "reason": "\(failure.reason)"]
        switch backoff.noteFailure(failure, at: .now()) {
        case .known: services.logger.debug("function failed again", metadata: metadata)
        case .failure: services.logger.error("function failed", metadata: metadata)
        case .loop:
            services.logger.error(
                "function fails again and again: starts are held back until it answers or its code changes",
                metadata: metadata
            )
        }
    }

    func environmentDidEnd(_ environment: ExecutionEnvironment) {
        environments[ObjectIdentifier(environment)] = nil
        retired.remove(ObjectIdentifier(environment))
        ready.removeAll { $0 === environment }
        if environments.isEmpty {
            onEmpty?()
            onEmpty = nil
        }
        startProcesses(countingSettling: true)
    }
}
