// When a function starts more environments, and what it makes of starts that fail.

internal import Logging
internal import NIOCore

extension FunctionPool {
    /// An environment that has answered is expected back within this time, before another one is started instead.
    private static let settlingPatience = TimeAmount.milliseconds(50)

    var startingCount: Int { count { $0.isStarting } }

    private func count(where condition: (ExecutionEnvironment) -> Bool) -> Int {
        members.reduce(0) { count, entry in
            count + (!retired.contains(entry.key) && condition(entry.value.environment) ? 1 : 0)
        }
    }

    /// Asks the gate for as many starts as are needed now.
    func updateStarts() {
        guard !isClosed, !changes.isHolding else { return request(0) }
        let starting = startingCount
        let settling = count { $0.isSettling }
        var demand = StartDemand(
            waiting: waiting.count,
            starting: starting,
            settling: isSettlingLate ? 0 : settling,
            // The port of a debugger is free once the environment before has ended.
            environments: definition.debugging == nil ? activeCount : members.count,
            limit: limit.environments,
            wantsOne: changes.wantsOne
        ).count
        if demand > 0 {
            let allowance = backoff.allowance(
                at: .now(),
                starting: starting,
                isForRequests: !waiting.isEmpty
            )
            // With environments at work there is hope; without, waiting would only end in a timeout.
            if allowance <= 0 && activeCount == 0 { failWaiting() }
            demand = min(demand, max(0, allowance))
        }
        request(demand)
        if settling > 0, waiting.count > starting { expectSettling() }
    }

    private func request(_ starts: Int) {
        guard starts != requestedStarts else { return }
        requestedStarts = starts
        gate.setDemand(starts, of: self)
    }

    private func expectSettling() {
        guard settlingTimer == nil, !isSettlingLate else { return }
        settlingTimer = services.eventLoop.assumeIsolated().scheduleTask(in: Self.settlingPatience) { [weak self] in
            guard let self else { return }
            self.settlingTimer = nil
            guard !self.waiting.isEmpty else { return }
            self.isSettlingLate = true
            self.updateStarts()
        }
    }

    /// Takes note that an environment is ready, which it may be for the first time.
    func didStart(_ identifier: ObjectIdentifier) {
        members[identifier]?.slot.release()
        backoff.noteReady()
        changes.noteReady()
    }

    func startDidFail(_ environment: ExecutionEnvironment, _ failure: FunctionFailure) {
        let identifier = ObjectIdentifier(environment)
        // One that was retired while it started says nothing about the code of now.
        guard retired.insert(identifier).inserted else { return }
        let slot = members[identifier]?.slot
        defer { slot?.release() }
        guard !isClosed else { return }
        if changes.noteFailedStart() == .outOfDate {
            services.logger.debug(
                "a start failed while the code changed; requests wait for the next",
                metadata: ["function": "\(definition.id)", "reason": "\(failure.reason)"]
            )
            return request(0)
        }
        if failure == .initTimedOut, waiting.count > pendingRestarts {
            pendingRestarts += 1
            services.logger.warning(
                "the start took too long and is tried once more, with the function's own timeout",
                metadata: ["function": "\(definition.id)", "reason": "\(failure.reason)"]
            )
            return updateStarts()
        }
        note(failure)
        if let invocation = waiting.popFirst(allowsEvent: true) { fail(invocation, failure) }
        updateStarts()
    }

    private func failWaiting() {
        while let invocation = waiting.popFirst(allowsEvent: true) {
            fail(invocation, backoff.lastFailure ?? .exited(.exited(code: 0)))
        }
    }

    private func fail(_ invocation: Invocation, _ failure: FunctionFailure) {
        let payload = failure.payload(
            requestID: invocation.requestID,
            timeoutSeconds: definition.timeoutSeconds,
            time: .now()
        )
        EnvironmentLog.writeUnstarted(invocation, failure, definition: definition, services: services)
        invocation.finish(.functionError(ByteBuffer(string: payload)))
    }

    /// Counts a failure and says it, unless it has been said.
    func note(_ failure: FunctionFailure) {
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
}

extension FunctionPool: StartApplicant {
    func startGranted(_ slot: StartGate.Slot) {
        requestedStarts -= 1
        changes.noteStart()
        let time = NIODeadline.now()
        backoff.noteStart(at: time)
        pendingRestarts = min(pendingRestarts, waiting.count)
        let isRestart = pendingRestarts > 0
        if isRestart { pendingRestarts -= 1 }
        let environment = ExecutionEnvironment(
            definition: definition,
            services: services,
            isRestart: isRestart,
            delegate: self
        )
        members[ObjectIdentifier(environment)] = Member(environment: environment, startTime: time, slot: slot)
        environment.start()
    }
}
