// The thread that starts function processes, kills them by group, and reaps them.

internal import CProcess
internal import Glibc
internal import Synchronization

/// Starts and reaps child processes on one thread.
///
/// The kernel's death signal is tied to the thread that forked, so that thread must live as long as the host. Kills go
/// through it as well: only it knows that a number has not been reaped and given to someone else.
package final class ProcessKeeper: Sendable {
    private enum Job: Sendable {
        case start(
            ProcessCommand,
            onExit: @Sendable (ProcessExit) -> Void,
            completion: @Sendable (Result<StartedProcess, ProcessStartError>) -> Void
        )
        case kill(Int32)
        case terminate(Int32)
        case guardControlGroups(String)
        case stop
    }

    private struct Child {
        let identifier: Int32
        let sandbox: Sandbox?
        let onExit: @Sendable (ProcessExit) -> Void

        func exit(status: Int32) -> ProcessExit {
            switch samovar_process_signal(status) {
            case 0: .exited(code: samovar_process_exit_code(status))
            case SIGKILL where sandbox?.hasRunOutOfMemory == true: .outOfMemory
            case let signal: .signaled(signal)
            }
        }
    }

    private let jobs = Mutex<[Job]>([])
    private let wakeup: Pipe
    private let guardian: Guardian

    /// - Throws: `ProcessStartError` where the kernel gives no descriptors or no thread.
    package init() throws(ProcessStartError) {
        wakeup = try Pipe(isNonBlocking: true)
        do throws(ProcessStartError) { guardian = try Guardian() } catch {
            wakeup.closeBoth()
            throw error
        }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ProcessKeeper>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            argument.toOpaque()
        )
        guard status == 0 else {
            argument.release()
            throw ProcessStartError("pthread_create: \(errorText(status))")
        }
        pthread_detach(thread)
    }

    deinit { wakeup.closeBoth() }

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - command: what to start.
    ///   - onExit: called once, on the keeper's thread, when the process has ended and its group has been killed.
    ///   - completion: called once, on the keeper's thread, before `onExit`.
    package func start(
        _ command: ProcessCommand,
        onExit: @escaping @Sendable (ProcessExit) -> Void,
        completion: @escaping @Sendable (Result<StartedProcess, ProcessStartError>) -> Void
    ) {
        submit(.start(command, onExit: onExit, completion: completion))
    }

    /// Kills a process and its group, unless it has been reaped.
    package func kill(_ identifier: Int32) { submit(.kill(identifier)) }

    /// Asks a process and its group to end, unless it has been reaped.
    package func terminate(_ identifier: Int32) { submit(.terminate(identifier)) }

    /// Kills what is in these control groups, and removes them, however the host ends.
    ///
    /// - Parameter prefix: what their paths begin with.
    package func guardControlGroups(_ prefix: String) { submit(.guardControlGroups(prefix)) }

    /// Ends the thread; what still runs is killed.
    package func stop() { submit(.stop) }

    private func submit(_ job: Job) {
        jobs.withLock { $0.append(job) }
        var byte: UInt8 = 0
        // A full pipe has woken the thread already.
        _ = write(wakeup.writing, &byte, 1)
    }

    private func run() {
        // Signals are for other threads, and a guardian that was killed must not take the host with it.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_SETMASK, &signals, nil)
        var children: [Int32: Child] = [:]
        while true {
            var watched = [pollfd(fd: wakeup.reading, events: Int16(POLLIN), revents: 0)]
            watched += children.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&watched, nfds_t(watched.count), -1) >= 0 else { continue }
            for entry in watched.dropFirst() where entry.revents != 0 {
                if let child = children.removeValue(forKey: entry.fd) { reap(child, descriptor: entry.fd) }
            }
            guard watched[0].revents != 0, perform(&children) else { continue }
            for (descriptor, child) in children {
                Glibc.kill(-child.identifier, SIGKILL)
                reap(child, descriptor: descriptor)
            }
            guardian.stop()
            return
        }
    }

    /// Does what was asked for; returns whether the thread must end.
    private func perform(_ children: inout [Int32: Child]) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 256)
        _ = read(wakeup.reading, &bytes, bytes.count)
        let pending = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        var isStopped = false
        for job in pending {
            switch job {
            case .start(let command, let onExit, let completion):
                do throws(ProcessStartError) {
                    let (process, descriptor) = try launch(command)
                    guardian.watch(process.identifier)
                    children[descriptor] = Child(
                        identifier: process.identifier,
                        sandbox: command.sandbox,
                        onExit: onExit
                    )
                    completion(.success(process))
                } catch {
                    completion(.failure(error))
                }
            case .kill(let identifier):
                if children.values.contains(where: { $0.identifier == identifier }) {
                    Glibc.kill(-identifier, SIGKILL)
                }
            case .terminate(let identifier):
                if children.values.contains(where: { $0.identifier == identifier }) {
                    Glibc.kill(-identifier, SIGTERM)
                }
            case .guardControlGroups(let prefix): guardian.watch(controlGroups: prefix)
            case .stop: isStopped = true
            }
        }
        return isStopped
    }

    private func reap(_ child: Child, descriptor: Int32) {
        // What the process itself has started goes with it; its number is still its own until it is reaped.
        Glibc.kill(-child.identifier, SIGKILL)
        guardian.forget(child.identifier)
        let status = samovar_process_reap(child.identifier)
        close(descriptor)
        let exit = child.exit(status: status)
        child.sandbox?.leave()
        child.onExit(exit)
    }

    private func launch(_ command: ProcessCommand) throws(ProcessStartError) -> (StartedProcess, descriptor: Int32) {
        try command.requireWholeTexts()
        let output = try Pipe()
        let errorOutput: Pipe
        do throws(ProcessStartError) { errorOutput = try Pipe() } catch {
            output.closeBoth()
            throw error
        }
        var identifier: Int32 = 0
        var step: UnsafePointer<CChar>?
        let spawn = { (sandbox: UnsafePointer<samovar_sandbox>?) in
            withCStrings([command.executable] + command.arguments) { arguments in
                withCStrings(command.environment.map { "\($0.key)=\($0.value)" }) { environment in
                    samovar_process_spawn(
                        command.executable,
                        arguments,
                        environment,
                        command.directory,
                        output.writing,
                        errorOutput.writing,
                        sandbox,
                        &identifier,
                        &step
                    )
                }
            }
        }
        let status: Int32
        do throws(ProcessStartError) {
            status = if let sandbox = command.sandbox { try sandbox.enter(spawn) } else { spawn(nil) }
        } catch {
            output.closeBoth()
            errorOutput.closeBoth()
            throw error
        }
        close(output.writing)
        close(errorOutput.writing)
        let descriptor = status == 0 ? samovar_process_descriptor(identifier) : -1
        guard descriptor >= 0 else {
            let reason = errorText(status == 0 ? errno : status)
            if status == 0 {
                Glibc.kill(-identifier, SIGKILL)
                _ = samovar_process_reap(identifier)
            }
            command.sandbox?.leave()
            close(output.reading)
            close(errorOutput.reading)
            let place = step.map { String(cString: $0) } ?? "start"
            throw ProcessStartError(
                "cannot start '\(command.executable)' in '\(command.directory)': \(place): \(reason)"
            )
        }
        let process = StartedProcess(
            identifier: identifier,
            output: output.reading,
            errorOutput: errorOutput.reading,
            memory: MemoryPeak(process: identifier, controlGroupFile: command.sandbox?.memoryPeakFile)
        )
        return (process, descriptor)
    }
}

/// Both ends of a pipe that no other child inherits.
private struct Pipe {
    let reading: Int32
    let writing: Int32

    init(isNonBlocking: Bool = false) throws(ProcessStartError) {
        var ends: [Int32] = [-1, -1]
        guard samovar_pipe(&ends, isNonBlocking ? 1 : 0) == 0 else {
            throw ProcessStartError("no pipe: \(errorText(errno))")
        }
        (reading, writing) = (ends[0], ends[1])
    }

    func closeBoth() {
        close(reading)
        close(writing)
    }
}

/// The kernel's words for an error number.
package func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }

/// Lends texts as an array of C strings that ends with a null pointer.
private func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("an array with a null pointer is not empty") }
        return body(start)
    }
}
