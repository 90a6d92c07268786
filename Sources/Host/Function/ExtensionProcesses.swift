// The processes of an environment's external extensions, and the waiting requests of all its extensions.

internal import Glibc
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Performs what the state machine of an environment decides about extensions. Confined to the host's event loop.
final class ExtensionProcesses {
    private let services: HostServices
    /// The programs by the names of the extensions.
    private var programs: [String: String] = [:]
    private var identifiers: [String: Int32] = [:]
    private var killed: Set<String> = []
    private var isKilled = false
    private var parked: [String: BufferedExchange] = [:]

    init(services: HostServices) { self.services = services }

    /// Looks for external extensions: the executable files of the folder `extensions` of each layer.
    ///
    /// - Parameter roots: the folders of the layers; a later one lies above an earlier one.
    /// - Returns: the names of the extensions, sorted.
    func find(in roots: [String]) -> EventLoopFuture<[String]> {
        guard !roots.isEmpty else { return services.eventLoop.makeSucceededFuture([]) }
        let loopBound = NIOLoopBound(self, eventLoop: services.eventLoop)
        return NIOThreadPool.singleton.runIfActive(eventLoop: services.eventLoop) { Self.programs(in: roots) }
            .map { programs in
                loopBound.value.programs = programs
                return programs.keys.sorted()
            }
    }

    static func programs(in roots: [String]) -> [String: String] {
        var programs: [String: String] = [:]
        for root in roots {
            for name in Folder.names(in: "\(root)/extensions") {
                let path = "\(root)/extensions/\(name)"
                if access(path, X_OK) == 0, !Folder.exists(path) { programs[name] = path }
            }
        }
        return programs
    }

    /// Starts an extension.
    ///
    /// - Parameters:
    ///   - name: one of those that were found.
    ///   - command: what makes the command of a program.
    ///   - attach: what reads the output of the process.
    ///   - report: what takes the end of the process.
    func launch(
        _ name: String,
        command: (LaunchPlan) -> ProcessCommand,
        attach: @escaping (StartedProcess) -> Void,
        report: @escaping (EnvironmentStateMachine.Event) -> Void
    ) {
        guard let program = programs[name] else { return }
        let directory = program.prefix(program.count - name.count - "/extensions/".count)
        let loopBound = NIOLoopBound((self, attach, report), eventLoop: services.eventLoop)
        let eventLoop = services.eventLoop
        services.keeper.start(
            command(LaunchPlan(executable: program, arguments: [], directory: String(directory)))
        ) { exit in
            eventLoop.execute { loopBound.value.2(.extensionExited(name: name, exit)) }
        } completion: { result in
            eventLoop.execute {
                let (processes, attach, report) = loopBound.value
                switch result {
                case .failure(let error):
                    report(.extensionStartFailed(name: name, message: error.description))
                case .success(let started):
                    processes.identifiers[name] = started.identifier
                    attach(started)
                    if processes.isKilled || processes.killed.contains(name) {
                        processes.services.keeper.kill(started.identifier)
                    }
                }
            }
        }
    }

    func kill(_ name: String) {
        killed.insert(name)
        if let identifier = identifiers[name] { services.keeper.kill(identifier) }
    }

    func killAll() {
        isKilled = true
        for identifier in identifiers.values { services.keeper.kill(identifier) }
    }

    /// Keeps the request of an extension until there is an event for it.
    func park(_ identifier: String, exchange: BufferedExchange?, onAbandon: @escaping () -> Void) {
        parked[identifier] = exchange
        exchange?.onAbandon = { [weak self] in
            self?.parked[identifier] = nil
            onAbandon()
        }
    }

    /// Answers waiting extensions with an event.
    func deliver(_ event: ExtensionEvent, to identifiers: [String]) {
        let body = ByteBuffer(string: event.text)
        for identifier in identifiers {
            parked.removeValue(forKey: identifier)?.respond(
                BufferedResponse(
                    status: .ok,
                    headers: [
                        (name: "Content-Type", value: "application/json"),
                        (name: "Lambda-Extension-Event-Identifier", value: RequestIdentifier.make()),
                    ],
                    body: body
                )
            )
        }
    }

    /// Forgets the requests that wait.
    func end() { parked = [:] }
}

/// What an extension is told (Lambda developer guide, "Using the Lambda Extensions API", "Next").
struct ExtensionEvent {
    let text: String

    /// A request begins.
    init(invoke invocation: Invocation, deadline: Int64) {
        let tracing = JSONObject([("type", "X-Amzn-Trace-Id"), ("value", .string(invocation.traceID))])
        text =
            JSONValue.object(
                JSONObject([
                    ("eventType", "INVOKE"), ("deadlineMs", .integer(deadline)),
                    ("requestId", .string(invocation.requestID)),
                    ("invokedFunctionArn", .string(invocation.functionARN)), ("tracing", .object(tracing)),
                ])
            ).compactText
    }

    /// The environment ends.
    init(shutdown reason: EnvironmentStateMachine.ShutdownReason, deadline: Int64) {
        text =
            JSONValue.object(
                JSONObject([
                    ("eventType", "SHUTDOWN"), ("deadlineMs", .integer(deadline)),
                    ("shutdownReason", .string(reason.rawValue)),
                ])
            ).compactText
    }
}
