// One execution environment of a function: performs what its state machine decides.

internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// What an execution environment tells the pool that it belongs to.
protocol ExecutionEnvironmentDelegate: AnyObject {
    func environmentDidBecomeReady(_ environment: ExecutionEnvironment)
    /// It was ready and is not any more.
    func environmentDidLeave(_ environment: ExecutionEnvironment)
    /// It has answered and will probably be ready soon.
    func environmentDidAnswer(_ environment: ExecutionEnvironment)
    func environment(_ environment: ExecutionEnvironment, didFailToStart failure: FunctionFailure)
    func environment(_ environment: ExecutionEnvironment, didFail failure: FunctionFailure)
    func environmentDidEnd(_ environment: ExecutionEnvironment)
}

/// What Lambda calls an execution environment: one runtime process with a Runtime API address of its own, which handles
/// one request at a time. Confined to the host's event loop.
final class ExecutionEnvironment {
    /// How long the last words of a process are waited for that has not begun with its answer.
    private static let exitPatience = TimeAmount.seconds(1)
    private static let acceptPatience = TimeAmount.milliseconds(20)

    /// How many connections its processes may have to their Runtime API: they share descriptors with all functions.
    static let maximumConnections = 64

    /// The function; its code and layers are placed when it starts.
    private(set) var definition: FunctionDefinition
    /// What the host has unpacked and merged for it, kept for as long as it may run.
    private var folders: [CodeFolder] = []
    private let services: HostServices
    private weak var delegate: (any ExecutionEnvironmentDelegate)?
    /// Whether the start is the second one of a request, and has its time.
    private let isRestart: Bool
    private var machine = EnvironmentStateMachine()
    private var listener: (any Channel)?
    private let connections = ConnectionRegistry(maximumCount: maximumConnections)
    private let extensions: ExtensionProcesses
    /// The program of the runtime, while extensions are started before it.
    private var plan: LaunchPlan?
    private var identifier: Int32?
    private var isKilled = false
    /// The end of the process, while its last words are read.
    private var heldExit: ProcessExit?
    private var parked: BufferedExchange?
    private var invocation: Invocation?
    /// The request that has been answered and that the runtime has not finished.
    private var settling: Invocation?
    private let timer: EnvironmentTimer
    /// When the request times out, in milliseconds of Unix time.
    private var deadline: Int64 = 0
    /// The answer or error that the current event brought.
    private var incoming = ByteBuffer()
    /// The exchange of the current event.
    private var exchange: BufferedExchange?
    private let log: EnvironmentLog
    private let logStream: String
    /// What all processes are kept in, from the first one on.
    private var sandbox: Sandbox?

    /// - Parameters:
    ///   - definition: the function.
    ///   - services: the parts of the host that it uses.
    ///   - isRestart: whether a request has seen one start that took too long; this one may take as long as a request
    ///     (Lambda developer guide, "Init phase").
    ///   - delegate: the pool.
    init(
        definition: FunctionDefinition,
        services: HostServices,
        isRestart: Bool,
        delegate: any ExecutionEnvironmentDelegate
    ) {
        self.definition = definition
        self.isRestart = isRestart
        self.services = services
        self.delegate = delegate
        log = EnvironmentLog(
            definition: definition,
            log: services.log,
            metrics: services.metrics.value.function(definition.id)
        )
        extensions = ExtensionProcesses(services: services)
        timer = EnvironmentTimer(
            eventLoop: services.eventLoop,
            initSeconds: isRestart || definition.debugging != nil ? nil : services.pooling.initSeconds
        )
        let date = Timestamp.now().text.prefix(10).map { $0 == "-" ? "/" : $0 }
        logStream = "\(String(date))/[$LATEST]\(RequestIdentifier.make().filter { $0 != "-" })"
    }

    /// Whether a request can be given to it now.
    var isIdle: Bool { machine.state == .idle }
    /// Whether it has not asked for its first request yet.
    var isStarting: Bool { machine.state == .starting }
    /// Whether it has answered and not asked for more yet.
    var isSettling: Bool { machine.state == .settling }

    /// Binds the Runtime API and starts the program.
    func start() {
        services.eventLoop.assertInEventLoop()
        let loopBound = NIOLoopBound(self, eventLoop: services.eventLoop)
        let services = services
        services.code.place(definition, eventLoop: services.eventLoop).flatMap { placed in
            loopBound.value.definition = placed.definition
            loopBound.value.folders = placed.folders
            return services.launcher.plan(for: placed.definition, eventLoop: services.eventLoop)
        }.whenComplete { result in
            let environment = loopBound.value
            switch result {
            case .failure(let error):
                environment.handle(
                    .startFailed(
                        error as? FunctionFailure ?? .unstartable(type: "Runtime.Unknown", message: "\(error)")
                    )
                )
            case .success(let plan):
                environment.bind(plan)
            }
        }
    }

    private func bind(_ plan: LaunchPlan) {
        let loopBound = NIOLoopBound(self, eventLoop: services.eventLoop)
        HTTPListener(eventLoop: services.eventLoop, idleTimeout: nil, largestField: RuntimeAPI.largestField)
            .bind(host: "127.0.0.1", port: 0, responder: RuntimeAPI(environment: self), connections: connections)
            .whenComplete { result in
                let environment = loopBound.value
                switch result {
                case .failure(let error):
                    environment.handle(
                        .startFailed(.unstartable(type: "Sandbox.Failure", message: "no port: \(error)"))
                    )
                case .success(let channel):
                    environment.listener = channel
                    environment.plan = plan
                    environment.findExtensions()
                }
            }
    }

    private func findExtensions() {
        let loopBound = NIOLoopBound(self, eventLoop: services.eventLoop)
        extensions.find(in: definition.layerDirectories).whenComplete { result in
            let environment = loopBound.value
            guard !environment.isKilled else { return environment.refuseStart() }
            environment.log.start()
            environment.handle(.extensionsFound((try? result.get()) ?? []))
        }
    }

    /// The command of a program of this environment: the runtime's, or an extension's.
    private func command(_ plan: LaunchPlan) -> ProcessCommand {
        // As it suits the runtime; extensions share what it sees.
        let sandbox = sandbox ?? services.sandboxes.make(for: definition, plan: self.plan ?? plan)
        self.sandbox = sandbox
        return services.command(
            for: definition,
            plan: plan,
            sandbox: sandbox,
            runtimeAPI: "127.0.0.1:\(listener?.localAddress?.port ?? 0)",
            logStream: logStream
        )
    }

    private func refuseStart() { handle(.startFailed(.unstartable(type: "Sandbox.Failure", message: "stopped"))) }

    private func launch() {
        guard !isKilled, let plan else { return refuseStart() }
        let command = command(plan)
        let loopBound = NIOLoopBound(self, eventLoop: services.eventLoop)
        let eventLoop = services.eventLoop
        services.keeper.start(command) { exit in
            eventLoop.execute { loopBound.value.didExit(exit) }
        } completion: { result in
            eventLoop.execute { loopBound.value.didLaunch(result) }
        }
    }

    private func didLaunch(_ result: Result<StartedProcess, ProcessStartError>) {
        switch result {
        case .failure(let error):
            handle(.startFailed(.unstartable(type: "Runtime.InvalidEntrypoint", message: error.description)))
        case .success(let started):
            identifier = started.identifier
            if isStarting, !machine.extensions.hasExternal { startTimer(.initialization) }
            if isKilled { services.keeper.kill(started.identifier) }
            log.attach(started, eventLoop: services.eventLoop)
        }
    }

    /// Notes the end of the process. What it has sent before, its answer perhaps, may still be on its way.
    private func didExit(_ exit: ProcessExit) {
        guard !isKilled, machine.owesAnswer else { return handle(.exited(exit)) }
        heldExit = exit
        awaitLastWords()
        // A process that has left the group may hold the connection open.
        services.eventLoop.assumeIsolated().scheduleTask(in: Self.exitPatience) { [weak self] in
            guard let self, case .invoking = self.machine.state else { return }
            self.releaseExit()
        }
    }

    private func awaitLastWords() {
        connections.whenEmpty { [weak self] in
            guard let self else { return }
            // The last connection may wait to be accepted.
            self.services.eventLoop.assumeIsolated().scheduleTask(in: Self.acceptPatience) { [weak self] in
                guard let self else { return }
                if self.connections.isEmpty { self.releaseExit() } else { self.awaitLastWords() }
            }
        }
    }

    private func releaseExit() {
        guard let exit = heldExit else { return }
        heldExit = nil
        handle(.exited(exit))
    }

    /// Gives a request to the process, which is idle.
    func assign(_ invocation: Invocation) {
        self.invocation = invocation
        log.begin(invocation)
        handle(.assign(requestID: invocation.requestID))
    }

    /// Ends the process, after its request if it has one.
    func retire() { handle(.retire) }

    /// Ends the process now, but for what its extensions need; a request that it has fails.
    func kill() { handle(.stop) }

    private func killAll() {
        killRuntime()
        extensions.killAll()
    }

    private func killRuntime() {
        isKilled = true
        log.willKill()
        if let identifier { services.keeper.kill(identifier) }
        releaseExit()
    }

    /// Takes a request of the runtime.
    func handle(_ event: EnvironmentStateMachine.Event, exchange: BufferedExchange, body: ByteBuffer) {
        self.exchange = exchange
        incoming = body
        handle(event)
        self.exchange = nil
        incoming = ByteBuffer()
    }

    /// Takes the head of a response that comes part by part; nil where it is refused.
    func beginStream(requestID: String, exchange: BufferedExchange) -> StreamedResponse? {
        handle(.streamBegan(requestID: requestID), exchange: exchange, body: ByteBuffer())
        guard case .streaming(requestID) = machine.state, let invocation else { return nil }
        return StreamedResponse(environment: self, exchange: exchange, stream: invocation.stream)
    }

    /// Takes a response that is too long to be read; returns what to answer the runtime.
    func refuseResponse(requestID: String) -> BufferedResponse {
        var answer = RuntimeRefusal.responseTooLarge
        for action in machine.handle(.responseTooLarge(requestID: requestID)) {
            if case .refuse(let refusal) = action { answer = refusal } else { perform(action) }
        }
        return answer.response
    }

    private func handle(_ event: EnvironmentStateMachine.Event) {
        for action in machine.handle(event) { perform(action) }
    }

    private func perform(_ action: EnvironmentStateMachine.Action) {
        switch action {
        case .hold: keepNext()
        case .park:
            log.ready()
            if parked == nil { keepNext() }
            endInvocation()
            delegate?.environmentDidBecomeReady(self)
        case .leave: delegate?.environmentDidLeave(self)
        case .deliver: deliver()
        case .accept: exchange?.respond(BufferedResponse(status: .accepted, json: #"{"status":"OK"}"#))
        case .refuse(let refusal): exchange?.respond(refusal.response)
        case .receiveParts: invocation?.stream?.begin()
        case .completeParts:
            // A response that was collected is what the event brought.
            finish(invocation?.stream == nil ? .payload(incoming) : .streamed)
            delegate?.environmentDidAnswer(self)
        case .complete:
            finish(.payload(incoming))
            delegate?.environmentDidAnswer(self)
        case .completeWithError:
            log.functionErred()
            finish(.functionError(incoming))
            delegate?.environmentDidAnswer(self)
        case .fail(let requestID, let failure):
            log.failed(failure)
            finish(.functionError(failurePayload(failure, requestID: requestID)))
            delegate?.environment(self, didFail: failure)
        case .failStart(let decided):
            var failure = decided ?? .reported(payload: String(buffer: incoming))
            if isRestart, failure == .initTimedOut { failure = .timedOut }
            log.startFailed(failure, phase: isRestart ? .invoke : .initialization)
            delegate?.environment(self, didFailToStart: failure)
        case .startTimer(let timer): startTimer(timer)
        case .cancelTimer: timer.cancel()
        case .kill: killAll()
        case .remove: end()
        case .launchRuntime: launch()
        case .terminateRuntime:
            if let identifier { services.keeper.terminate(identifier) } else { isKilled = true }
        case .killRuntime: killRuntime()
        case .launchExtension, .killExtension, .acceptRegistration, .parkExtension, .deliverInvoke, .deliverShutdown:
            performForExtensions(action)
        }
    }

    private func performForExtensions(_ action: EnvironmentStateMachine.Action) {
        switch action {
        case .launchExtension(let name):
            let eventLoop = services.eventLoop
            extensions.launch(name, command: command) { [self] process in
                log.attachExtension(process, eventLoop: eventLoop)
            } report: { [self] event in
                handle(event)
            }
        case .killExtension(let name): extensions.kill(name)
        case .acceptRegistration(let identifier):
            exchange?.respond(
                ExtensionsAPI.registration(of: definition, identifier: identifier, account: services.identity.account)
            )
        case .parkExtension(let identifier):
            extensions.park(identifier, exchange: exchange) { [weak self] in
                self?.handle(.extensionNextAbandoned(identifier: identifier))
            }
        case .deliverInvoke(let identifiers):
            guard let invocation else { return }
            extensions.deliver(ExtensionEvent(invoke: invocation, deadline: deadline), to: identifiers)
        case .deliverShutdown(let identifiers, let reason):
            extensions.deliver(ExtensionEvent(shutdown: reason, deadline: timer.shutdownEnd), to: identifiers)
        default: break
        }
    }

    /// Keeps the `next` that the event brought until there is a request.
    private func keepNext() {
        let exchange = exchange
        parked = exchange
        exchange?.onAbandon = { [weak self] in
            guard let self else { return }
            self.parked = nil
            self.handle(.nextAbandoned)
        }
    }

    private func finish(_ outcome: Invocation.Outcome) {
        let invocation = invocation
        self.invocation = nil
        settling = invocation
        invocation?.answer(outcome)
    }

    private func endInvocation() {
        log.end()
        let invocation = settling
        settling = nil
        invocation?.end()
    }

    private func failurePayload(_ failure: FunctionFailure, requestID: String) -> ByteBuffer {
        ByteBuffer(
            string: failure.payload(requestID: requestID, timeoutSeconds: definition.timeoutSeconds, time: .now())
        )
    }

    private func deliver() {
        guard let invocation, let parked else { return }
        self.parked = nil
        deadline = Timestamp.now().milliseconds + Int64(definition.timeoutSeconds) * 1000
        parked.respond(RuntimeAPI.next(invocation, deadline: deadline))
    }

    private func startTimer(_ kind: EnvironmentStateMachine.Timer) {
        timer.start(kind, of: definition) { [weak self] in self?.handle(.timerFired) }
    }

    private func end() {
        folders = []
        parked = nil
        extensions.end()
        listener?.close(promise: nil)
        listener = nil
        connections.close()
        endInvocation()
        delegate?.environmentDidEnd(self)
    }
}
