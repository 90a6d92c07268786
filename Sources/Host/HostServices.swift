// What all functions of a host share.

internal import Logging
internal import NIOCore

/// The parts of the host that its functions use.
struct HostServices {
    /// Everything about functions happens on this loop.
    let eventLoop: any EventLoop
    let keeper: ProcessKeeper
    let launcher: RuntimeLauncher
    let bootstraps: BootstrapFiles
    let code: CodeStore
    let sandboxes: Sandboxes
    let cleaner: Cleaner
    let identity: HostIdentity
    let logger: Logger
    /// Where the lines of functions go.
    let log: any FunctionLog
    /// What is counted.
    let metrics: NIOLoopBoundBox<HostMetrics>
    let pooling: PoolSettings
}

extension HostServices {
    /// Removes all that the host has written, once no process needs it.
    func removeFiles() async {
        await code.stop()
        await cleaner.finish()
        bootstraps.remove()
    }

    /// What starts a process of an execution environment.
    ///
    /// - Parameters:
    ///   - definition: the function, with its code and layers placed.
    ///   - plan: the program.
    ///   - sandbox: what all processes of the environment are kept in.
    ///   - runtimeAPI: `host:port` of the environment's own Runtime API.
    ///   - logStream: the name of the environment's log stream.
    /// - Returns: the program with its words, variables and folder.
    func command(
        for definition: FunctionDefinition,
        plan: LaunchPlan,
        sandbox: Sandbox,
        runtimeAPI: String,
        logStream: String
    ) -> ProcessCommand {
        ProcessCommand(
            executable: plan.executable,
            arguments: plan.arguments,
            environment: identity.environment(
                of: definition,
                optDirectory: sandbox.optDirectory,
                temporaryDirectory: sandbox.temporaryVariable,
                runtimeAPI: runtimeAPI,
                runtimeDirectory: bootstraps.directory,
                logStream: logStream
            ),
            directory: plan.directory,
            sandbox: sandbox
        )
    }
}
