// All functions of a host by their names, and what a new manifest changes in them.

internal import Logging
internal import NIOCore

/// The functions that can be invoked. Confined to the host's event loop.
final class FunctionTable: InvocationTarget {
    private let services: HostServices
    private var pools: [String: FunctionPool] = [:]
    private var names: [String: FunctionPool] = [:]
    /// Those that no manifest names any more and that still have processes.
    private var closing: [ObjectIdentifier: FunctionPool] = [:]

    init(services: HostServices) { self.services = services }

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
            } else {
                pools[id] = FunctionPool(definition: definition, services: services)
            }
            if !definition.missingSecrets.isEmpty {
                services.logger.warning(
                    "secret variables have no value in the sidecar of the manifest and stay unset",
                    metadata: ["function": "\(id)", "variables": "\(definition.missingSecrets)"]
                )
            }
        }
        names = [:]
        for pool in pools.values { names[pool.definition.name] = pool }
        services.launcher.prepare(
            pools.values.map(\.definition).sorted { $0.id < $1.id },
            eventLoop: services.eventLoop
        )
    }

    private func close(_ pool: FunctionPool) {
        closing[ObjectIdentifier(pool)] = pool
        pool.close()
        pool.whenEmpty { [weak self] in self?.closing[ObjectIdentifier(pool)] = nil }
    }

    /// Replaces the processes of the functions whose code stands in one of these folders.
    func refresh(codeDirectories: Set<String>) {
        for pool in pools.values {
            guard pool.definition.watchedDirectories.contains(where: codeDirectories.contains) else { continue }
            services.logger.info("code changed", metadata: ["function": "\(pool.definition.id)"])
            pool.refresh()
        }
    }

    /// The folders of all functions and their layers.
    var codeDirectories: Set<String> { Set(pools.values.flatMap(\.definition.watchedDirectories)) }

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
