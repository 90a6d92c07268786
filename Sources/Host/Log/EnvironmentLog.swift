// The log of one execution environment: its output and Lambda's own lines, in their order.

internal import NIOCore

/// Writes the lines of one execution environment. Confined to the host's event loop.
///
/// What the process prints while it has a request stands between the request's `START` and `END`; what it prints
/// before, between and after requests is the environment's own.
final class EnvironmentLog {
    /// A request from its delivery to the end of the runtime's work on it.
    private struct Request {
        let invocation: Invocation
        let start = NIODeadline.now()
        var end: NIODeadline?
        var status = ReportStatus.success
        var tail: LogTail?
    }

    /// A stream of a process, and what it has printed of a line.
    private final class Output {
        let stream: FunctionLogEvent.Stream
        var cutter = LineCutter()

        init(_ stream: FunctionLogEvent.Stream) { self.stream = stream }
    }

    private let definition: FunctionDefinition
    private let log: any FunctionLog
    private let metrics: FunctionMetrics
    /// Those of the runtime and of external extensions.
    private var outputs: [Output] = []
    private var pipes: [OutputPipe] = []
    private var memory: MemoryPeak?
    /// The most that was seen, in bytes.
    private var peakMemory: Int?
    private var request: Request?
    /// When the process was started; nil once it is ready.
    private var initStart: NIODeadline?
    /// How long the process took to get ready, until a request has reported it.
    private var initDuration: MillisecondCount?

    init(definition: FunctionDefinition, log: any FunctionLog, metrics: FunctionMetrics) {
        self.definition = definition
        self.log = log
        self.metrics = metrics
    }

    /// Writes the lines of a request that no process ever got, since none could start.
    static func writeUnstarted(
        _ invocation: Invocation,
        _ failure: FunctionFailure,
        definition: FunctionDefinition,
        services: HostServices
    ) {
        let log = EnvironmentLog(
            definition: definition,
            log: services.log,
            metrics: services.metrics.value.function(definition.id)
        )
        log.begin(invocation)
        log.failed(failure)
        log.end()
    }

    /// The process is about to be started.
    func start() {
        initStart = .now()
        write(.initStart(runtime: definition.runtime ?? "provided"))
    }

    /// The process runs.
    ///
    /// - Parameters:
    ///   - process: what was started; its pipes are read until their ends, and their descriptors are owned.
    ///   - eventLoop: the host's event loop.
    func attach(_ process: StartedProcess, eventLoop: any EventLoop) {
        memory = process.memory
        read(process, eventLoop: eventLoop)
    }

    /// An external extension runs; what it prints is the environment's as well.
    func attachExtension(_ process: StartedProcess, eventLoop: any EventLoop) { read(process, eventLoop: eventLoop) }

    private func read(_ process: StartedProcess, eventLoop: any EventLoop) {
        let streams = [(process.output, Output(.standardOutput)), (process.errorOutput, Output(.standardError))]
        for (descriptor, output) in streams {
            outputs.append(output)
            pipes.append(
                OutputPipe(descriptor: descriptor, eventLoop: eventLoop) { [self] bytes in
                    output.cutter.take(bytes) { write(.output(output.stream, $0)) }
                }
            )
        }
    }

    /// The runtime has asked for a request.
    func ready() {
        guard let initStart else { return }
        drain()
        self.initStart = nil
        let duration = NIODeadline.now() - initStart
        initDuration = MillisecondCount(nanoseconds: duration.nanoseconds)
        metrics.noteStart(duration)
    }

    /// The process did not get ready.
    func startFailed(_ failure: FunctionFailure, phase: InitReport.Phase) {
        guard let initStart else { return }
        drain()
        self.initStart = nil
        metrics.noteFailedStart()
        let duration = MillisecondCount(nanoseconds: (NIODeadline.now() - initStart).nanoseconds)
        write(.initReport(InitReport(duration: duration, phase: phase, status: failure.status)))
    }

    /// The process gets a request.
    func begin(_ invocation: Invocation) {
        drain()
        request = Request(invocation: invocation, tail: invocation.requestedLog.map { _ in LogTail() })
        write(.start)
    }

    /// The runtime has reported an error of the function's.
    func functionErred() { request?.status = .functionError }

    /// The request has failed without the runtime's word.
    func failed(_ failure: FunctionFailure) {
        guard let request else { return }
        drain()
        self.request?.status = failure.status
        self.request?.end = .now()
        for line in failure.logLines(
            requestID: request.invocation.requestID,
            timeoutSeconds: definition.timeoutSeconds,
            time: .now()
        ) { write(.fault(line)) }
    }

    /// The process is about to be killed: what it has used is known no longer.
    func willKill() { if request != nil { noteMemory() } }

    /// The runtime is done with its request, or gone.
    func end() {
        drain()
        guard let request = self.request else { return }
        write(.end)
        if isKept { noteMemory() }
        let duration = (self.request?.end ?? .now()) - request.start
        let report = InvocationReport(
            duration: MillisecondCount(nanoseconds: duration.nanoseconds),
            initDuration: initDuration,
            memoryMegabytes: definition.memoryMegabytes,
            usedMegabytes: peakMemory.map { ($0 + (1 << 20) - 1) >> 20 },
            status: request.status
        )
        initDuration = nil
        write(.report(report))
        metrics.noteRequest(duration, status: request.status)
        if let tail = self.request?.tail { request.invocation.requestedLog?.result = tail.base64 }
        self.request = nil
    }

    /// Takes what the process has printed so far, parts of lines included.
    private func drain() {
        for pipe in pipes { pipe.drain() }
        for output in outputs { output.cutter.flush { write(.output(output.stream, $0)) } }
    }

    /// Whether anybody sees the report of the request.
    private var isKept: Bool { log.isVerbose || request?.tail != nil }

    private func noteMemory() {
        guard isKept, let peak = memory?.peakMemory() else { return }
        peakMemory = max(peak, peakMemory ?? 0)
    }

    private func write(_ content: FunctionLogEvent.Content) {
        let isFault = if case .fault = content { true } else { false }
        guard isFault || isKept else { return }
        let event = FunctionLogEvent(
            time: .now(),
            function: definition.id,
            requestID: request?.invocation.requestID,
            content: content
        )
        request?.tail?.append(event.line)
        if isFault || log.isVerbose { log.write(event) }
    }
}
