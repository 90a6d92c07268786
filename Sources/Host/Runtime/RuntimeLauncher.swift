// Finds the program for each runtime on this machine, and remembers it.

internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Makes launch plans. Searching starts programs, so it happens off the event loop.
final class RuntimeLauncher: Sendable {
    private let finder: InterpreterFinder
    private let bootstraps: BootstrapFiles
    private let logger: Logger
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let found = Mutex<[RuntimeKind: Interpreter]>([:])

    init(finder: InterpreterFinder, bootstraps: BootstrapFiles, logger: Logger) {
        self.finder = finder
        self.bootstraps = bootstraps
        self.logger = logger
        threads.start()
    }

    /// Ends searches; nothing is planned any more.
    func stop() async { try? await threads.shutdownGracefully() }

    /// The plan for a function; fails with `FunctionFailure`.
    func plan(for function: FunctionDefinition, eventLoop: any EventLoop) -> EventLoopFuture<LaunchPlan> {
        if let known = cachedPlan(for: function) { return eventLoop.makeSucceededFuture(known) }
        return threads.runIfActive(eventLoop: eventLoop) { try self.makePlan(for: function) }
    }

    /// Finds the programs of these functions ahead of their first requests, and says in the log what will not run.
    func prepare(_ functions: [FunctionDefinition], eventLoop: any EventLoop) {
        for function in functions {
            let logger = logger
            plan(for: function, eventLoop: eventLoop).whenFailure { error in
                let reason = (error as? FunctionFailure)?.reason ?? "\(error)"
                logger.warning(
                    "function cannot run here",
                    metadata: ["function": "\(function.id)", "reason": "\(reason)"]
                )
            }
        }
    }

    private func cachedPlan(for function: FunctionDefinition) -> LaunchPlan? {
        guard let kind = function.runtime.flatMap(RuntimeKind.init), kind != .provided else { return nil }
        guard let directory = function.codeDirectory, let handler = function.handler, !handler.isEmpty else {
            return nil
        }
        guard let interpreter = found.withLock({ $0[kind] }) else { return nil }
        return plan(kind, interpreter: interpreter, directory: directory)
    }

    private func makePlan(for function: FunctionDefinition) throws(FunctionFailure) -> LaunchPlan {
        guard !function.isImage else {
            throw .unstartable(
                type: "Runtime.Unsupported",
                message: "the function '\(function.id)' is a container image, which does not run here; "
                    + "give it an endpoint of its own"
            )
        }
        guard let runtime = function.runtime else {
            throw .unstartable(
                type: "Runtime.Unsupported",
                message: "the function '\(function.id)' names no runtime; give it an endpoint of its own"
            )
        }
        guard let kind = RuntimeKind(runtime) else {
            throw .unstartable(
                type: "Runtime.Unsupported",
                message: "the runtime '\(runtime)' of the function '\(function.id)' does not run here; "
                    + "python3.*, nodejs*.x and provided* do, for others give the function an endpoint of its own"
            )
        }
        guard let directory = function.codeDirectory else {
            throw .unstartable(
                type: "Runtime.InvalidEntrypoint",
                message: function.inlineCode == nil
                    ? "the code of the function '\(function.id)' is not on this machine; give it an endpoint of its own"
                    : "the code of the function '\(function.id)' stands in the manifest, which '\(runtime)' cannot run"
            )
        }
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .unstartable(
                type: "Runtime.InvalidEntrypoint",
                message: "the code of the function '\(function.id)' is no directory: '\(directory)'"
            )
        }
        switch kind {
        case .provided:
            let executable = directory + "/bootstrap"
            guard access(executable, X_OK) == 0 else {
                throw .unstartable(
                    type: "Runtime.InvalidEntrypoint",
                    message: "Couldn't find valid bootstrap(s): [\(executable)] (\(errorText(errno)))"
                )
            }
            return LaunchPlan(executable: executable, arguments: [], directory: directory)
        case .python, .node:
            guard let handler = function.handler, !handler.isEmpty else {
                throw .unstartable(
                    type: "Runtime.MalformedHandlerName",
                    message: "the function '\(function.id)' names no handler"
                )
            }
            return plan(kind, interpreter: try interpreter(for: kind, runtime: runtime), directory: directory)
        }
    }

    private func interpreter(for kind: RuntimeKind, runtime: String) throws(FunctionFailure) -> Interpreter {
        if let known = found.withLock({ $0[kind] }) { return known }
        guard let interpreter = finder.find(kind) else {
            let advice: String =
                switch kind {
                case .node: "install the package 'nodejs' or put 'node' on the PATH"
                case .python, .provided: "install the package 'python3' or put 'python3' on the PATH"
                }
            throw .unstartable(
                type: "Runtime.InvalidEntrypoint",
                message: "no interpreter for the runtime '\(runtime)' is on this machine; \(advice)"
            )
        }
        // Two functions may have searched at the same time; only the first says what it found.
        let isNews = found.withLock { $0.updateValue(interpreter, forKey: kind) == nil }
        if isNews && !interpreter.isExact {
            logger.notice(
                "the nearest runtime on this machine is used",
                metadata: [
                    "runtime": "\(runtime)", "version": "\(interpreter.version)", "path": "\(interpreter.path)",
                ]
            )
        }
        return interpreter
    }

    private func plan(_ kind: RuntimeKind, interpreter: Interpreter, directory: String) -> LaunchPlan {
        let arguments: [String] =
            switch kind {
            case .python: [bootstraps.python]
            case .node: [bootstraps.node]
            case .provided: []
            }
        return LaunchPlan(executable: interpreter.path, arguments: arguments, directory: directory)
    }
}
