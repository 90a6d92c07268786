// The program samovar-host: reads its command line, runs a host until a signal ends it.

internal import ArgumentParser
internal import Glibc
internal import Host
internal import Logging
internal import UnixSignals

@main
struct SamovarHost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samovar-host",
        abstract: "Run the functions of a manifest on this machine and offer the Lambda Invoke API."
    )

    @Argument(help: "The manifest that samovar compile has written.", completion: .file(extensions: ["json"]))
    var manifest = "routes.json"

    @Option(help: "Where to listen for invocations; port 0 takes any free one.")
    var listen = ListenAddress.standard

    @Option(help: "Where health and metrics are, as HOST:PORT, or 'off'.")
    var admin = AdminAddress.off

    @Option(help: "The folder that code paths are relative to; the manifest's own by default.", completion: .directory)
    var codeRoot: String?

    @Option(help: "How many processes one function may have; requests beyond are refused with 429.")
    var maxProcesses: Int?

    @Option(help: "How many requests of one function may wait beyond its processes; 0 with --max-processes, else 1000.")
    var maxQueue: Int?

    @Option(help: "When the first process of a function starts: with the first request, or with the host.")
    var warm = Warmth.lazy

    @Option(help: "How long a process may be idle before it ends, in seconds.")
    var idleSeconds = 600

    @OptionGroup
    var debug: DebugOptions

    @Option(
        help: "Where to look for layers that only AWS has; ~/.cache/samovar/layers by default.",
        completion: .directory
    )
    var layerCache: String?

    @Option(help: "How much to log.")
    var logLevel = LogLevel.info

    @Option(help: "How the log is spelled: text for people, json for machines.")
    var logFormat = HostLog.Format.text

    func validate() throws {
        if let maxProcesses, maxProcesses < 1 { throw ValidationError("'--max-processes' is at least 1") }
        if let maxQueue, maxQueue < 0 { throw ValidationError("'--max-queue' is not less than 0") }
        guard (1...86400).contains(idleSeconds) else {
            throw ValidationError("'--idle-seconds' is a number of seconds from 1 to 86400")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let environment = hostEnvironment()
        let isColored = HostLog.isColored(environment: environment, isTerminal: isatty(STDERR_FILENO) == 1)
        let log = try HostLog(format: logFormat, level: logLevel.level, isColored: isColored)
        var settings = HostConfiguration(manifest: manifest, environment: environment)
        settings.codeRoot = codeRoot
        if let layerCache { settings.layerCache = layerCache }
        settings.listenHost = listen.host
        settings.listenPort = listen.port
        if case .on(let address) = admin { settings.admin = (address.host, address.port) }
        settings.pooling.maximumProcesses = maxProcesses
        settings.pooling.maximumQueue = maxQueue
        settings.pooling.warmth = warm.setting
        settings.pooling.idleSeconds = idleSeconds

        settings.debugging = debug.settings

        // Before anything starts that would have to be ended.
        let signals = await UnixSignalsSequence(trapping: [.sigterm, .sigint, .sighup])
        let host: HandlerHost
        do {
            host = try await HandlerHost.start(settings, logger: log.logger(), log: log)
        } catch {
            log.flush()
            say("Error: \(error)")
            throw ExitCode.failure
        }
        if case .on(let address) = admin, let port = host.adminPort {
            say("Admin port on http://\(ListenAddress(host: address.host, port: port))")
        }
        say("Listening on http://\(ListenAddress(host: host.host, port: host.port))")
        let watching = Task { await host.watchManifest() }
        var stopping: Task<Void, Never>?
        for await signal in signals {
            if signal == .sighup {
                await host.reload()
            } else if stopping == nil {
                watching.cancel()
                stopping = Task {
                    await host.stop()
                    log.flush()
                    SamovarHost.exit()
                }
            } else {
                // Who asks twice does not want to wait for requests; the kernel kills the processes with us.
                SamovarHost.exit(withError: ExitCode.failure)
            }
        }
    }

    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private func hostEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}

extension HostLog.Format: ExpressibleByArgument {}
