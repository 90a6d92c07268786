// The options of the host that the commands which run functions pass on.

internal import ArgumentParser
internal import Compiler

/// How functions run, by SAM CLI's names where it has one.
struct HostArguments: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Debug a function: its debugger listens on this port of 127.0.0.1, and it has no timeout."
    )
    var debugPort: Int?

    @Option(help: "The folder that debugpy has been installed into.", completion: .directory)
    var debuggerPath: String?

    @Option(
        parsing: .unconditional,
        help: "More words for the debugger, as --wait-for-client for Python or --inspect-brk for Node.js."
    )
    var debugArgs: String?

    @Option(help: "Where to look for layers that only AWS has.", completion: .directory)
    var layerCacheBasedir: String?

    @Option(help: ArgumentHelp("How the log is spelled: text or json.", valueName: "format"))
    var logFormat: String?

    func validate() throws {
        if let logFormat, !["text", "json"].contains(logFormat) {
            throw ValidationError("'\(logFormat)' is no format of a log; 'text' and 'json' are")
        }
        if let debugPort, !(1...65535).contains(debugPort) {
            throw ValidationError("'\(debugPort)' is no port; it is from 1 to 65535")
        }
    }

    /// The arguments of `samovar-host`; nothing where nothing is said.
    ///
    /// - Parameters:
    ///   - settings: what counts where the command line does not say.
    ///   - function: the function to debug, of the command line.
    /// - Returns: options and their values.
    /// - Throws: `CommandError` for what is of no use without a port.
    func rendered(_ settings: ToolConfiguration, debugging function: String? = nil) throws(CommandError) -> [String] {
        var arguments: [String] = []
        func add(_ option: String, _ value: String?) {
            // In one word: a value may begin with a dash.
            if let value { arguments.append("--\(option)=\(value)") }
        }
        let port =
            debugPort.map { "\($0)" } ?? settings.text("debug_port") ?? HostEnvironment.variable("SAM_DEBUG_PORT")
        let path = debuggerPath ?? settings.text("debugger_path")
        let words = debugArgs ?? settings.text("debug_args") ?? HostEnvironment.variable("DEBUGGER_ARGS")
        if let port {
            add("debug-port", port)
            add("debug-function", function ?? settings.text("debug_function"))
            add("debugger-path", path)
            add("debug-args", words)
        } else if debuggerPath != nil || debugArgs != nil || function != nil {
            throw CommandError("there is nothing to debug without a port: --debug-port PORT")
        }
        add(
            "layer-cache",
            layerCacheBasedir ?? settings.text("layer_cache_basedir")
                ?? HostEnvironment.variable("SAM_LAYER_CACHE_BASEDIR")
        )
        add("log-format", logFormat)
        return arguments
    }
}

/// How functions stay ready, for the commands that go on running.
struct PoolArguments: ParsableArguments {
    /// How SAM CLI keeps containers.
    enum Warmth: String, ExpressibleByArgument {
        case eager, lazy
        init?(argument: String) { self.init(rawValue: argument.lowercased()) }
        static var allValueStrings: [String] { ["EAGER", "LAZY"] }
    }

    @Option(help: "When functions start: EAGER, all at once, or LAZY, each when it is first called.")
    var warmContainers: Warmth?

    @Option(help: "How many processes one function may have; requests beyond are refused with 429.")
    var maxProcesses: Int?

    @Option(help: "The function to debug, where there are several.")
    var debugFunction: String?

    func validate() throws {
        if let maxProcesses, maxProcesses < 1 { throw ValidationError("'--max-processes' is at least 1") }
    }

    /// The arguments of `samovar-host`.
    ///
    /// - Parameter settings: what counts where the command line does not say.
    /// - Returns: options and their values.
    /// - Throws: `CommandError` for a warmth that there is not.
    func rendered(_ settings: ToolConfiguration) throws(CommandError) -> [String] {
        var warmth = warmContainers
        if warmth == nil, let text = settings.text("warm_containers") {
            warmth = Warmth(argument: text)
            guard warmth != nil else { throw CommandError("warm_containers is EAGER or LAZY, not '\(text)'") }
        }
        return (warmth.map { ["--warm=\($0.rawValue)"] } ?? [])
            + (maxProcesses.map { ["--max-processes=\($0)"] } ?? [])
    }
}
