// All functions of a host by their names, and what a new manifest changes in them.

internal import Logging
internal import NIOCore

/// The functions that can be invoked. Confined to the host's event loop.
final class FunctionTable: InvocationTarget {
    private let services: HostServices
    private let gate: StartGate
    private var pools: [String: FunctionPool] = [:]
    private var names: [String: FunctionPool] = [:]
    /// Those that no manifest names any more and that still have processes.
    private var closing: [ObjectIdentifier: FunctionPool] = [:]

    init(services: HostServices) {
        self.services = services
        gate = StartGate(eventLoop: services.eventLoop, slots: max(2, System.coreCount))
    }

    func pool(named name: String) -> FunctionPool? { pools[name] ?? names[name] }

    func arn(function: String) -> String { services.identity.arn(function: function) }

    /// Puts the functions of a manifest into force; processes of functions that are the same keep running.
    func apply(_ definitions: [String: FunctionDefinition]) {
        for (id, pool) in pools where definitions[id] == nil {
            pools[id] = nil
            close(pool)
        }
        for (id, definition) in definitions {
            if let pool = pools[id] {
                guard pool.definition != definition else { continue }
                pool.update(definition)
                keepWarm(pool)
            } else {
                let pool = FunctionPool(definition: definition, services: services, gate: gate)
                pools[id] = pool
                keepWarm(pool)
            }
            if !definition.missingSecrets.isEmpty {
                services.logger.warning(
                    "secret variables have no value in the sidecar of the manifest and stay unset",
                    metadata: ["function": "\(id)", "variables": "\(definition.missingSecrets)"]
                )
            }
        }
        services.metrics.value.keep { pools[$0] != nil }
        names = [:]
        for pool in pools.values { names[pool.definition.name] = pool }
        services.launcher.prepare(
            pools.values.map(\.definition).sorted { $0.id < $1.id },
            code: services.code,
            eventLoop: services.eventLoop
        )
    }

    /// What does not run here is said by the launcher, and is not started.
    private func keepWarm(_ pool: FunctionPool) {
        guard services.pooling.warmth == .eager || pool.definition.debugging != nil else { return }
        let loopBound = NIOLoopBound(pool, eventLoop: services.eventLoop)
        let services = services
        services.code.place(pool.definition, eventLoop: services.eventLoop).flatMap { placed in
            services.launcher.plan(for: placed.definition, eventLoop: services.eventLoop)
        }.whenSuccess { _ in
            loopBound.value.keepWarm()
        }
    }

    private func close(_ pool: FunctionPool) {
        closing[ObjectIdentifier(pool)] = pool
        pool.close()
        pool.whenEmpty { [weak self] in self?.closing[ObjectIdentifier(pool)] = nil }
    }

    /// Prepares the functions whose code or layers these are for new code.
    func codeIsChanging(_ paths: Set<String>) {
        for pool in pools.values where pool.definition.watchedPaths.contains(where: paths.contains) {
            pool.codeIsChanging()
        }
    }

    /// Replaces the processes of the functions whose code or layers these are.
    func refresh(_ paths: Set<String>) {
        for pool in pools.values where pool.definition.watchedPaths.contains(where: paths.contains) {
            services.logger.info("code changed", metadata: ["function": "\(pool.definition.id)"])
            services.metrics.value.function(pool.definition.id).noteRefresh()
            pool.refresh()
        }
    }

    /// The code and the layers of all functions.
    var watchedPaths: Set<String> { Set(pools.values.flatMap(\.definition.watchedPaths)) }

    /// The state of each function, by logical id.
    var statistics: [(function: String, statistics: PoolStatistics)] {
        pools.sorted { $0.key < $1.key }.map { ($0.key, $0.value.statistics) }
    }

    /// How many requests wait or run.
    var pendingCount: Int { (Array(pools.values) + closing.values).reduce(0) { $0 + $1.pendingCount } }

    /// Kills all processes and calls back once there is none.
    func kill(whenEmpty callback: @escaping () -> Void) {
        let all = Array(pools.values) + Array(closing.values)
        var remaining = all.count
        guard remaining > 0 else { return callback() }
        for pool in all {
            pool.kill()
            pool.whenEmpty {
                remaining -= 1
                if remaining == 0 { callback() }
            }
        }
    }
}
