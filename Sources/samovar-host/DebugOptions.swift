// The options that say which function is debugged, and how.

internal import ArgumentParser
internal import Glibc
internal import Host

/// `--debug-port` and what goes with it, with the names of SAM CLI.
struct DebugOptions: ParsableArguments {
    @Option(help: "Debug a function: its debugger listens on this port of 127.0.0.1, and it has no timeout.")
    var debugPort: Int?

    @Option(help: "The function that is debugged; the only one by default.")
    var debugFunction: String?

    @Option(help: "The folder that debugpy has been installed into.", completion: .directory)
    var debuggerPath: String?

    @Option(
        parsing: .unconditional,
        help: "More words for the debugger, as --wait-for-client for Python or --inspect-brk for Node.js."
    )
    var debugArgs: String?

    func validate() throws {
        if let debugPort {
            guard (1...65535).contains(debugPort) else { throw ValidationError("'--debug-port' is 1 to 65535") }
        } else {
            for (name, value) in [
                ("function", debugFunction), ("args", debugArgs), ("path", debuggerPath),
            ] where value != nil {
                let option = name == "path" ? "--debugger-path" : "--debug-\(name)"
                throw ValidationError("'\(option)' says something of a debugger; it needs '--debug-port'")
            }
        }
        if let debuggerPath, absolute(debuggerPath) == nil {
            throw ValidationError("'--debugger-path' names '\(debuggerPath)', which is not there")
        }
    }

    /// What the options come to; nil where nothing is debugged.
    var settings: DebugSettings? {
        debugPort.map { port in
            DebugSettings(
                port: port,
                function: debugFunction,
                debuggerPath: debuggerPath.flatMap(absolute),
                arguments: debugArgs ?? ""
            )
        }
    }

    private func absolute(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
