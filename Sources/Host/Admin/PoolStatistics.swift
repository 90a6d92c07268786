// The state of one function, for the admin port.

internal import NIOCore

/// How many requests and environments a function has at a moment.
struct PoolStatistics: Hashable, Sendable {
    /// What an environment does.
    enum EnvironmentState: String, CaseIterable, Sendable {
        case starting, idle, busy
        /// It takes no more requests.
        case ending
    }

    var waiting = 0
    var environments: [EnvironmentState: Int] = [:]
}

extension FunctionPool {
    /// The state now.
    var statistics: PoolStatistics {
        var statistics = PoolStatistics(waiting: waiting.count)
        for (identifier, member) in members {
            let state: PoolStatistics.EnvironmentState =
                if retired.contains(identifier) {
                    .ending
                } else if member.environment.isStarting {
                    .starting
                } else {
                    member.environment.isIdle ? .idle : .busy
                }
            statistics.environments[state, default: 0] += 1
        }
        return statistics
    }

    /// Counts a request that was refused for a limit.
    func noteRefusal(_ error: InvokeError) {
        if case .tooManyRequests = error { services.metrics.value.function(definition.id).noteThrottle() }
    }
}
