// Finds the program for each runtime on this machine, and remembers it.

internal import Glibc
internal import Logging
internal import Manifest
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
    func prepare(_ functions: [FunctionDefinition], code: CodeStore, eventLoop: any EventLoop) {
        for function in functions {
            let logger = logger
            code.place(function, eventLoop: eventLoop).flatMap { placed in
                self.plan(for: placed.definition, eventLoop: eventLoop).map { _ in placed.definition }
            }.flatMap { definition in
                self.threads.runIfActive(eventLoop: eventLoop) {
                    guard let source = definition.unbuiltSource else { return }
                    logger.warning(
                        "function has not been built",
                        metadata: ["function": "\(function.id)", "reason": "\(source)"]
                    )
                }
            }.whenFailure { error in
                // The host ends before it has looked.
                if error is NIOThreadPoolError.ThreadPoolInactive { return }
                let reason = (error as? FunctionFailure)?.reason ?? "\(error)"
                logger.warning(
                    "function cannot run here",
                    metadata: ["function": "\(function.id)", "reason": "\(reason)"]
                )
            }
        }
    }

    /// The plan where nothing needs to be looked for on the disk.
    private func cachedPlan(for function: FunctionDefinition) -> LaunchPlan? {
        guard function.debugging == nil, ExecWrapper.name(of: function) == nil else { return nil }
        guard let kind = function.runtime.flatMap(RuntimeKind.init), let bootstrap = bootstraps.file(for: kind) else {
            return nil
        }
        guard let directory = function.codeDirectory, let handler = function.handler, !handler.isEmpty else {
            return nil
        }
        guard let interpreter = found.withLock({ $0[kind] }) else { return nil }
        return LaunchPlan(executable: interpreter.path, arguments: [bootstrap], directory: directory)
    }

    private func makePlan(for function: FunctionDefinition) throws(FunctionFailure) -> LaunchPlan {
        let (runtime, kind) = try runtime(of: function)
        let directory = try directory(of: function, runtime: runtime)
        if kind == .provided {
            let executable = try Self.bootstrap(of: function, directory: directory)
            if function.debugging != nil { throw Self.notDebugged(function, runtime) }
            return LaunchPlan(executable: executable, arguments: [], directory: directory)
        }
        guard let handler = function.handler, !handler.isEmpty else {
            throw .unstartable(
                type: "Runtime.MalformedHandlerName",
                message: "the function '\(function.id)' names no handler"
            )
        }
        let interpreter = try interpreter(for: kind, runtime: runtime)
        var arguments: [String]
        switch kind {
        case .java:
            arguments = try JavaCode(directory: directory, layers: function.optDirectory.map { [$0] } ?? [])
                .arguments(function: function.id, handler: handler)
        case .dotnet:
            arguments = try DotnetCode(directory: directory, function: function.id).arguments(
                handler: handler,
                mainAssembly: function.environment["LAMBDA_DOTNET_MAIN_ASSEMBLY"],
                isExact: interpreter.isExact
            )
        case .python, .node, .ruby, .provided:
            arguments = bootstraps.file(for: kind).map { [$0] } ?? []
        }
        if let debugging = function.debugging {
            switch kind {
            case .python:
                arguments = try debugging.python(interpreter, program: arguments) {
                    hasDebugpy(interpreter, function, directory: directory)
                }
            case .node: arguments = debugging.node(program: arguments)
            case .java: arguments = debugging.java(program: arguments)
            case .ruby, .dotnet, .provided: throw Self.notDebugged(function, runtime)
            }
        }
        let plan = LaunchPlan(executable: interpreter.path, arguments: arguments, directory: directory)
        return try ExecWrapper.wrap(plan, of: function)
    }

    /// The program of a `provided` function: its own one comes before that of a layer (Lambda developer guide, "Building
    /// a custom runtime").
    private static func bootstrap(
        of function: FunctionDefinition,
        directory: String
    ) throws(FunctionFailure) -> String {
        let own = "\(directory)/bootstrap"
        if access(own, X_OK) == 0 { return own }
        let reason = errorText(errno)
        if access(own, F_OK) != 0, let shared = function.optDirectory.map({ "\($0)/bootstrap" }),
            access(shared, X_OK) == 0
        {
            return shared
        }
        throw .unstartable(
            type: "Runtime.InvalidEntrypoint",
            message: "Couldn't find valid bootstrap(s): [\(own) /opt/bootstrap] (\(reason))"
        )
    }

    private static func notDebugged(_ function: FunctionDefinition, _ runtime: String) -> FunctionFailure {
        .unstartable(
            type: "Runtime.Unsupported",
            message:
                "the function '\(function.id)' cannot be debugged with '--debug-port': its runtime is '\(runtime)', "
                + "and only python3.*, nodejs*.x and java* can"
        )
    }

    /// Whether a function's Python finds debugpy, which its own code or a layer may bring.
    private func hasDebugpy(_ interpreter: Interpreter, _ function: FunctionDefinition, directory: String) -> Bool {
        let program = "import importlib.util; print(importlib.util.find_spec('debugpy') is not None)"
        let paths = SearchPaths(runtime: function.runtime, code: directory, opt: function.optDirectory)
        let answer = finder.probe.run(
            interpreter.path,
            ["-c", program],
            directory: directory,
            variables: ["PYTHONPATH": paths.value(of: "PYTHONPATH", after: function.environment["PYTHONPATH"]) ?? ""]
        )
        return answer?.output == "True\n"
    }

    private func runtime(of function: FunctionDefinition) throws(FunctionFailure) -> (String, RuntimeKind) {
        let fault: String
        if function.isImage {
            fault = "the function '\(function.id)' is a container image, which does not run here"
        } else if let runtime = function.runtime {
            if let kind = RuntimeKind(runtime) { return (runtime, kind) }
            fault =
                "the runtime '\(runtime)' of the function '\(function.id)' does not run here, as "
                + "\(RuntimeKind.names) do"
        } else {
            fault = "the function '\(function.id)' names no runtime"
        }
        throw .unstartable(type: "Runtime.Unsupported", message: fault + Self.elsewhere(function))
    }

    private func directory(of function: FunctionDefinition, runtime: String) throws(FunctionFailure) -> String {
        let fault: String
        if let directory = function.codeDirectory {
            if Folder.exists(directory) { return directory }
            fault = "the code of the function '\(function.id)' is no directory: '\(directory)'"
        } else if function.inlineCode != nil {
            fault = "the code of the function '\(function.id)' stands in the manifest, which '\(runtime)' cannot run"
        } else {
            fault = "the code of the function '\(function.id)' is not on this machine" + Self.elsewhere(function)
        }
        throw .unstartable(type: "Runtime.InvalidEntrypoint", message: fault)
    }

    /// How to tell the gateway where a function runs that does not run here.
    private static func elsewhere(_ function: FunctionDefinition) -> String {
        "; give it the address of a place where it runs, with 'samovar-proxy --endpoint \(function.id)=URL' or a file "
            + "for 'samovar start-api --endpoints'"
    }

    private func interpreter(for kind: RuntimeKind, runtime: String) throws(FunctionFailure) -> Interpreter {
        if let known = found.withLock({ $0[kind] }) { return known }
        guard let interpreter = finder.find(kind) else {
            throw .unstartable(
                type: "Runtime.InvalidEntrypoint",
                message: "no program for the runtime '\(runtime)' is on this machine; \(kind.installation)"
            )
        }
        // Two functions may have searched at the same time; only the first says what it found.
        let isNews = found.withLock { $0.updateValue(interpreter, forKey: kind) == nil }
        if isNews { note(interpreter, kind, runtime) }
        return interpreter
    }

    private func note(_ interpreter: Interpreter, _ kind: RuntimeKind, _ runtime: String) {
        let metadata: Logger.Metadata = [
            "runtime": "\(runtime)", "version": "\(interpreter.version)", "path": "\(interpreter.path)",
        ]
        if !interpreter.isExact {
            logger.notice("the nearest runtime on this machine is used", metadata: metadata)
        }
        if case .python = kind, let folder = InterpreterPlaces.virtualEnvironment(finder.environment),
            !interpreter.path.hasPrefix("\(folder)/")
        {
            logger.notice(
                "the active virtual environment has another version of Python and is not used",
                metadata: metadata.merging(["environment": "\(folder)"]) { $1 }
            )
        }
    }
}

extension BootstrapFiles {
    /// The runtime client for a language; nil where functions bring their own.
    fileprivate func file(for kind: RuntimeKind) -> String? {
        switch kind {
        case .python: python
        case .node: node
        case .ruby: ruby
        case .java, .dotnet, .provided: nil
        }
    }
}

extension RuntimeKind {
    /// What to do about a runtime that is not on the machine.
    fileprivate var installation: String {
        switch self {
        case .python(let version): "install the package 'python3', or put 'python\(version)' on the PATH"
        case .node: "install the package 'nodejs', or put 'node' on the PATH"
        case .ruby(let version): "install the package 'ruby', or put 'ruby\(version)' on the PATH"
        case .java(let version): "install Java \(version), or say where it is with JAVA_HOME"
        case .dotnet(let version): "install .NET \(version), or put 'dotnet' on the PATH"
        case .provided: "put an executable file 'bootstrap' into the folder of the code"
        }
    }
}
