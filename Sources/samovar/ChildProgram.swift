// A server that a command runs, from its start to its end.

internal import Subprocess
internal import SystemPackage

/// A server that says where it listens in a line of its own on standard error.
struct ChildProgram: Sendable {
    /// How the line begins that says where the program listens.
    static let readyPrefix = "Listening on http://"

    /// The name of the program.
    let name: String
    let arguments: [String]
    /// What `AWS_REGION` says.
    let region: String
    /// Where it puts temporary files.
    let temporaryFolder: String
    /// Where its output goes: the log file, or nil for our own standard output and standard error.
    let log: FileDescriptor?
    /// Who ends it should we be killed.
    let keeper: ProgramKeeper
    /// How long it may take to finish what it has begun when it is asked to end.
    var patience = Duration.seconds(5)

    /// Runs the program while `body` runs.
    ///
    /// - Parameter body: receives the address, `host:port`, where the program listens. It is cancelled when the
    ///   program ends before it.
    /// - Returns: what `body` returns.
    /// - Throws: `CommandError` when the program cannot start or ends by itself, and what `body` throws.
    func withRunning<Value: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Value
    ) async throws -> Value {
        let (addresses, address) = AsyncStream.makeStream(of: String.self)
        let (endings, ending) = AsyncStream.makeStream(of: Ending.self)
        let (stops, stop) = AsyncStream.makeStream(of: Void.self)
        // A task of its own: cancelling ours must end `body`, and what runs inside of it, before this program.
        let running = Task {
            let end = await run(until: stops) { address.yield($0) }
            ending.yield(end)
            ending.finish()
            return end
        }
        let outcome: Outcome<Value> = await withTaskGroup(of: Outcome<Value>.self) { group in
            group.addTask {
                for await address in addresses {
                    do { return .body(.success(try await body(address))) } catch { return .body(.failure(error)) }
                }
                return .body(.failure(CancellationError()))
            }
            group.addTask {
                for await end in endings { return .ended(end) }
                return .body(.failure(CancellationError()))
            }
            let first = await group.next() ?? .body(.failure(CancellationError()))
            group.cancelAll()
            return first
        }
        stop.finish()
        let end = await running.value
        switch outcome {
        case .ended(let end): throw CommandError(end.reason)
        case .body(let result):
            // Who gives it next to no time has cut its end short, and takes nothing amiss.
            if !end.isClean, patience >= .seconds(1) {
                Console.say("Warning: \(end.reason) when it was asked to end\n")
            }
            return try result.get()
        }
    }

    /// How the program came to its end.
    private struct Ending: Sendable {
        let reason: String
        var isClean = false
    }

    /// What came first: the end of the body or the end of the program.
    private enum Outcome<Value: Sendable>: Sendable {
        case body(Result<Value, any Error>)
        case ended(Ending)
    }

    /// Runs the program until it ends by itself, or ends it when `stops` finishes.
    private func run(
        until stops: AsyncStream<Void>,
        _ isReady: @escaping @Sendable (String) -> Void
    ) async -> Ending {
        var options = PlatformOptions()
        // A group of its own: Ctrl-C in the terminal reaches us, and we end the programs in their order.
        options.processGroupID = 0
        do {
            let result = try await Subprocess.run(
                SiblingProgram.executable(name),
                arguments: Arguments(arguments),
                environment: .inherit.updating(variables),
                platformOptions: options,
                input: .none,
                output: .fileDescriptor(log ?? .standardOutput, closeAfterSpawningProcess: false),
                error: .sequence
            ) { execution in
                keeper.watch(execution.processIdentifier.value)
                // What the program says while it ends is passed on as well.
                let ending = Task {
                    for await _ in stops {}
                    guard !Task.isCancelled else { return }
                    await execution.teardown(using: teardown)
                }
                defer { ending.cancel() }
                return try await forward(execution.standardError, isReady)
            }
            let reason = reason(result.terminationStatus, lastLine: result.closureResult)
            return Ending(reason: reason, isClean: result.terminationStatus == .exited(0))
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return Ending(reason: SiblingProgram.missing(name))
        } catch {
            return Ending(reason: "the program '\(name)' cannot run: \(error)")
        }
    }

    private var variables: [Environment.Key: String?] {
        var variables: [Environment.Key: String?] = ["AWS_REGION": region, "TMPDIR": temporaryFolder]
        // It sees a pipe, and what it writes there goes to our terminal.
        if log == nil, Console.isColored { variables["CLICOLOR_FORCE"] = "1" }
        return variables
    }

    /// How a program is asked to end, and what happens to one that does not.
    private var teardown: [TeardownStep] {
        [
            .send(signal: .terminate, allowedDurationToNextStep: patience),
            // Who is asked twice ends at once, and still takes along what it has started.
            .send(signal: .terminate, allowedDurationToNextStep: .seconds(1)),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1)),
        ]
    }

    /// Passes standard error on, but for the line that says where the program listens.
    ///
    /// - Returns: what the program said last before it listened; nil once it did.
    private func forward(
        _ output: SubprocessOutputSequence,
        _ isReady: @Sendable (String) -> Void
    ) async throws -> String? {
        let target = log ?? .standardError
        var pending: [UInt8] = []
        var lastLine: [UInt8]?
        var isListening = false
        for try await buffer in output {
            let bytes = buffer.withUnsafeBytes { Array($0) }
            if isListening {
                _ = try? target.writeAll(bytes)
                continue
            }
            pending += bytes
            while !isListening, let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(pending[..<end])
                pending.removeSubrange(...end)
                let text = String(decoding: line, as: UTF8.self)
                if text.hasPrefix(Self.readyPrefix) {
                    isListening = true
                    isReady(String(text.dropFirst(Self.readyPrefix.count)))
                } else {
                    // The last line before an early end becomes our own error message.
                    if let lastLine { _ = try? target.writeAll(lastLine + [UInt8(ascii: "\n")]) }
                    lastLine = line
                }
            }
            if isListening {
                if let lastLine { _ = try? target.writeAll(lastLine + [UInt8(ascii: "\n")]) }
                lastLine = nil
                _ = try? target.writeAll(pending)
                pending = []
            }
        }
        guard !isListening else { return nil }
        return String(decoding: pending.isEmpty ? lastLine ?? [] : pending, as: UTF8.self)
    }

    private func reason(_ status: TerminationStatus, lastLine: String?) -> String {
        let how =
            switch status {
            case .exited(let code): "exited with code \(code)"
            case .signaled(let signal): "was ended by signal \(signal)"
            }
        guard let lastLine else { return "'\(name)' \(how)" }
        var reason = lastLine[...]
        for prefix in ["\(name): ", "error: ", "Error: "] where reason.hasPrefix(prefix) {
            reason = reason.dropFirst(prefix.count)
        }
        return reason.isEmpty ? "'\(name)' could not start: it \(how)" : String(reason)
    }
}
