// What new code and new settings replace in a function.

internal import Logging
internal import NIOCore

extension FunctionPool {
    /// Has one environment at any time from now on, which the first request finds ready.
    func keepWarm() {
        changes.keepsWarm = true
        updateStarts()
    }

    /// The code is being changed: requests wait for the new one, if that does not go on for too long.
    func codeIsChanging() {
        changes.noteChange(at: .now())
        updateStarts()
    }

    /// Replaces all environments: requests under way end on the old ones, the next ones see the new code.
    func refresh() {
        changes.noteRefresh(at: .now(), hasRequests: !waiting.isEmpty)
        backoff.reset()
        pendingRestarts = 0
        isSettlingLate = false
        retireAll()
        updateStarts()
    }

    /// Puts other settings into force, with new environments where they see the difference.
    func update(_ definition: FunctionDefinition) {
        let isSame = self.definition.hasSameEnvironments(as: definition)
        self.definition = definition
        limit = ConcurrencyLimit(of: definition, settings: services.pooling)
        if limit.environments == 0 {
            var events = waiting.removeEvents()
            while let event = events.popFirst() { discard(event) }
        }
        if isSame { updateStarts() } else { refresh() }
    }

    func retireAll() {
        ready = []
        for (identifier, member) in members where !retired.contains(identifier) { retire(member.environment) }
    }

    func retire(_ environment: ExecutionEnvironment) {
        let identifier = ObjectIdentifier(environment)
        retired.insert(identifier)
        let slot = members[identifier]?.slot
        environment.retire()
        slot?.release()
    }
}

extension FunctionDefinition {
    /// Whether a process of one may go on as a process of the other: they differ in nothing that a process can see.
    fileprivate func hasSameEnvironments(as other: FunctionDefinition) -> Bool {
        var comparable = other
        comparable.reservedConcurrency = reservedConcurrency
        return self == comparable
    }
}
