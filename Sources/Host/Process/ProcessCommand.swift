// What to start as a child process, and how it ended.

/// A program with everything that it starts with; nothing else is inherited.
package struct ProcessCommand: Hashable, Sendable {
    /// The absolute path of the executable.
    package var executable: String
    /// What follows the executable's own name.
    package var arguments: [String]
    package var environment: [String: String]
    /// The working directory.
    package var directory: String
    /// What the process is kept in; nil for one of the host's own.
    package var sandbox: Sandbox?

    package init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        directory: String,
        sandbox: Sandbox? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.sandbox = sandbox
    }
}

extension ProcessCommand {
    /// Refuses what the kernel would cut short: its texts end at the first NUL.
    ///
    /// - Throws: `ProcessStartError` that names the variable or the argument, not its value, which may be secret.
    func requireWholeTexts() throws(ProcessStartError) {
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.utf8.contains(0) || value.utf8.contains(0) {
            throw ProcessStartError(
                "the variable '\(name.filter { $0 != "\0" })' has a NUL in it, which no process can be given"
            )
        }
        for (index, argument) in ([executable, directory] + arguments).enumerated() where argument.utf8.contains(0) {
            let place = index == 0 ? "the program" : index == 1 ? "the working directory" : "argument \(index - 1)"
            throw ProcessStartError("\(place) has a NUL in its text, which no process can be given")
        }
    }
}

/// A child process as it was started.
package struct StartedProcess: Hashable, Sendable {
    /// The process and its group.
    package let identifier: Int32
    /// The reading end of its standard output; the receiver owns it.
    package let output: Int32
    /// The reading end of its standard error; the receiver owns it.
    package let errorOutput: Int32
    /// How much memory it has used at most.
    package let memory: MemoryPeak
}

/// How a process ended, in the words that Lambda has for it.
package enum ProcessExit: Hashable, Sendable, CustomStringConvertible {
    case exited(code: Int32)
    case signaled(Int32)
    /// Killed by the kernel, as it wanted more memory than the function has.
    case outOfMemory

    package var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .outOfMemory: "signal: killed"
        case .signaled(let signal): "signal: \(Self.names[signal] ?? String(signal))"
        }
    }

    private static let names: [Int32: String] = [
        1: "hangup", 2: "interrupt", 3: "quit", 4: "illegal instruction", 6: "aborted", 7: "bus error",
        8: "floating point exception", 9: "killed", 11: "segmentation fault", 13: "broken pipe", 15: "terminated",
    ]
}

/// Why a process could not be started.
package struct ProcessStartError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
