// Child processes: what they start with, and that none is left.

import CProcess
import Foundation
import Synchronization
import Testing

@testable import Host

struct ProcessKeeperTests {
    /// Runs a shell script to its end.
    private func run(
        _ script: String,
        environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) async throws -> (exit: ProcessExit, output: String) {
        let keeper = try ProcessKeeper()
        defer { keeper.stop() }
        let command = ProcessCommand(
            executable: "/bin/sh",
            arguments: ["-c", script],
            environment: environment,
            directory: "/tmp"
        )
        let output = Mutex("")
        let exit = try await withCheckedThrowingContinuation { continuation in
            keeper.start(command) {
                continuation.resume(returning: $0)
            } completion: { result in
                switch result {
                case .failure(let error): continuation.resume(throwing: error)
                case .success(let process): output.withLock { $0 = readAll(process) }
                }
            }
        }
        return (exit, output.withLock { $0 })
    }

    @Test func whatAProcessStartsWith() async throws {
        let script = "pwd; echo $$ $(ps -o pgid= -p $$); readlink /proc/$$/fd/0; ls /proc/$$/fd; env | sort"
        let (exit, output) = try await run(script, environment: ["PATH": "/usr/bin:/bin", "ONE": "1"])
        #expect(exit == .exited(code: 0))
        let lines = output.split(separator: "\n").map(String.init)
        #expect(lines.first == "/tmp")
        let numbers = lines[1].split(separator: " ")
        #expect(numbers.first == numbers.last)
        #expect(Array(lines[2...5]) == ["/dev/null", "0", "1", "2"])
        let names = Set(lines[6...].map { String($0.prefix { $0 != "=" }) })
        #expect(names.isSubset(of: ["PATH", "ONE", "PWD", "OLDPWD", "SHLVL", "_"]))
        #expect(names.isSuperset(of: ["PATH", "ONE"]))
    }

    @Test func exits() async throws {
        #expect(try await run("exit 3").exit == .exited(code: 3))
        #expect(try await run("kill -TERM $$").exit == .signaled(15))
        #expect(ProcessExit.signaled(9).description == "signal: killed")
        #expect(ProcessExit.exited(code: 3).description == "exit status 3")
    }

    @Test func textsAreNotCutShort() {
        func fault(_ arguments: [String], _ environment: [String: String]) -> String? {
            let command = ProcessCommand(
                executable: "/bin/sh",
                arguments: arguments,
                environment: environment,
                directory: "/"
            )
            do throws(ProcessStartError) { try command.requireWholeTexts() } catch { return error.description }
            return nil
        }
        #expect(fault(["-c", "true"], ["A": "1"]) == nil)
        let ofVariable = fault([], ["A": "1", "B": "secret\0rest"])
        #expect(ofVariable == "the variable 'B' has a NUL in it, which no process can be given")
        #expect(fault([], ["B\0C": "1"])?.hasPrefix("the variable 'BC'") == true)
        #expect(fault(["-c", "a\0b"], [:])?.hasPrefix("argument 2") == true)
    }

    @Test func aProgramWithANulInAVariableIsNotStarted() async throws {
        let keeper = try ProcessKeeper()
        defer { keeper.stop() }
        let command = ProcessCommand(executable: "/bin/sh", arguments: [], environment: ["A": "\0"], directory: "/")
        let result = await withCheckedContinuation { continuation in
            keeper.start(command) { _ in
            } completion: {
                continuation.resume(returning: $0)
            }
        }
        #expect(throws: ProcessStartError.self) { try result.get() }
    }

    @Test func whatCannotBeStarted() async throws {
        let keeper = try ProcessKeeper()
        defer { keeper.stop() }
        for (executable, directory, reason) in [
            ("/nowhere/at-all", "/", "execve: No such file or directory"),
            ("/bin/sh", "/nowhere/at-all", "working directory: No such file or directory"),
            ("/etc/passwd", "/", "execve: Permission denied"),
        ] {
            let command = ProcessCommand(executable: executable, arguments: [], environment: [:], directory: directory)
            let result = await withCheckedContinuation { continuation in
                keeper.start(command) { _ in
                } completion: {
                    continuation.resume(returning: $0)
                }
            }
            guard case .failure(let error) = result else {
                Issue.record("'\(executable)' was started")
                continue
            }
            #expect(error.description == "cannot start '\(executable)' in '\(directory)': \(reason)")
        }
    }

    @Test func stopEndsWhatRuns() async throws {
        let keeper = try ProcessKeeper()
        let command = ProcessCommand(executable: "/bin/sleep", arguments: ["60"], environment: [:], directory: "/")
        let exits = Mutex<[ProcessExit]>([])
        let started = await withCheckedContinuation { continuation in
            keeper.start(command) { exit in
                exits.withLock { $0.append(exit) }
            } completion: {
                continuation.resume(returning: $0)
            }
        }
        let process = try started.get()
        #expect(isAlive(Int64(process.identifier)))
        keeper.stop()
        #expect(try await eventually { !isAlive(Int64(process.identifier)) })
        #expect(try await eventually { exits.withLock { $0 } == [.signaled(9)] })
        close(process.output)
        close(process.errorOutput)
    }
}

struct GuardianTests {
    @Test func groupsDieWithTheHost() async throws {
        let keeper = try ProcessKeeper()
        defer { keeper.stop() }
        let guardian = try Guardian()
        let command = ProcessCommand(
            executable: "/bin/sh",
            arguments: ["-c", "sleep 60 & echo $!; exec sleep 60"],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: "/"
        )
        let exits = Mutex<[ProcessExit]>([])
        let started = await withCheckedContinuation { continuation in
            keeper.start(command) { exit in
                exits.withLock { $0.append(exit) }
            } completion: {
                continuation.resume(returning: $0)
            }
        }
        let process = try started.get()
        guardian.watch(process.identifier)
        guardian.watch(process.identifier + 1_000_000_000)
        guardian.forget(process.identifier + 1_000_000_000)
        // Both sleepers hold the pipe: it ends once both are gone.
        guardian.stop()
        let output = readAll(process)
        #expect(try await eventually { exits.withLock { $0 } == [.signaled(9)] })
        #expect(output.split(separator: "\n").count <= 1)
    }
}

/// The thread that starts a process stands for the host: the kernel cannot tell its end from that of the program.
struct DeathSignalTests {
    /// Entering a user namespace clears the signal, so it must be set afterwards.
    @Test(arguments: [SAMOVAR_NAMESPACE_NONE, SAMOVAR_NAMESPACE_MOUNT, SAMOVAR_NAMESPACE_USER_AND_MOUNT])
    func theEndOfTheThreadEndsTheProcess(namespaces: Int) async throws {
        let settings = SandboxSettings(namespaces: Int32(namespaces))
        var step: UnsafePointer<CChar>?
        guard settings.withCStructure(groups: [], { samovar_sandbox_try($0, &step) }) == 0 else { return }
        let process = await withCheckedContinuation { (continuation: CheckedContinuation<Int32, Never>) in
            Thread.detachNewThread {
                var process: Int32 = -1
                var step: UnsafePointer<CChar>?
                let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sleep"), strdup("60"), nil]
                let environment: [UnsafeMutablePointer<CChar>?] = [nil]
                let status = settings.withCStructure(groups: []) {
                    samovar_process_spawn("/bin/sleep", arguments, environment, "/", 2, 2, $0, &process, &step)
                }
                for argument in arguments { free(argument) }
                continuation.resume(returning: status == 0 ? process : -1)
            }
        }
        try #require(process > 0)
        #expect(samovar_process_signal(samovar_process_reap(process)) == SIGKILL)
    }
}

/// What a process prints until it closes its output.
private func readAll(_ process: StartedProcess) -> String {
    close(process.errorOutput)
    let file = FileHandle(fileDescriptor: process.output, closeOnDealloc: true)
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
}
