// The program samovar-proxy: reads its command line, serves a manifest until a signal ends it.

internal import ArgumentParser
internal import Glibc
internal import Logging
internal import Manifest
internal import Proxy
internal import UnixSignals

@main
struct SamovarProxy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samovar-proxy",
        abstract: "Serve the routes of a manifest as Amazon API Gateway would."
    )

    @Argument(help: "The manifest that samovar compile has written.", completion: .file(extensions: ["json"]))
    var manifest = "routes.json"

    @Option(help: "The settings, as in samovar-proxy.json(5).", completion: .file(extensions: ["json"]))
    var config: String?

    @Option(help: "Where to listen, as HOST:PORT; port 0 takes any free one. (default: 127.0.0.1:8080)")
    var listen: String?

    @Option(help: "Where the admin port is, as HOST:PORT, or 'off'. (default: 127.0.0.1:9901)")
    var admin: String?

    @Option(
        name: .customLong("endpoint"),
        help: ArgumentHelp("Where a function is: the Invoke API, or PROTOCOL+URL.", valueName: "NAME=URL")
    )
    var endpoints: [String] = []

    @Option(help: ArgumentHelp("Where functions without an endpoint of their own are.", valueName: "URL"))
    var defaultEndpoint: String?

    @Option(
        name: .customLong("mount"),
        help: ArgumentHelp("Serve an API below a prefix of paths.", valueName: "PREFIX=API")
    )
    var mounts: [String] = []

    @Option(help: "A folder of files that answer where no route does.", completion: .directory)
    var staticDir: String?

    @Flag(
        name: .customLong("disable-authorizer"),
        help: "Call routes without asking their authorizers; only on a loopback address."
    )
    var disableAuthorizers = false

    @Flag(help: "Take --disable-authorizer on any address: everyone who reaches it may call every route.")
    var exposeWithoutAuthorizers = false

    @Flag(help: "Wait ten hours for each function in place of API Gateway's 29 or 30 seconds, for debugging.")
    var noIntegrationTimeout = false

    @Option(help: ArgumentHelp("The region that ARNs name and signatures are for.", valueName: "REGION"))
    var region: String?

    @Option(help: "How much to log: trace, debug, info, notice, warning, error or critical.")
    var logLevel = "info"

    @Option(
        help: """
            How the log is spelled: text for people, json for machines. (default: the access log as the settings say, or \
            json; the proxy's own as text)
            """
    )
    var logFormat: LogFormat?

    @Flag(help: "Check the manifest and the settings, and end.")
    var check = false

    @Option(
        help: """
            Read a request from standard input, print the event that the function or the authorizer of its route would \
            get, and end.
            """
    )
    var event: EventPreview.Recipient?

    func run() async throws {
        do {
            let options = ProxyOptions(manifestPath: manifest, configuration: try settings(), logFormat: logFormat)
            guard !check else {
                try ProxyServer.check(options)
                return
            }
            if let event { return try await printEvent(for: event, options) }
            try await serve(options)
        } catch let error as ProxyError {
            say("Error: \(error)")
            throw ExitCode(1)
        }
    }

    /// Prints the event on standard output, and on standard error whose it is.
    private func printEvent(for recipient: EventPreview.Recipient, _ options: ProxyOptions) async throws {
        let preview = try await EventPreview.make(of: Self.standardInput(), for: recipient, options)
        say("'\(preview.function)' gets this for '\(preview.route)'")
        var output = (preview.event + Array("\n".utf8))[...]
        while !output.isEmpty {
            let count = output.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else {
                throw ProxyError("cannot write to standard output: \(String(cString: strerror(errno)))")
            }
            output = output.dropFirst(count)
        }
    }

    private static func standardInput() throws(ProxyError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            guard count >= 0 else {
                throw ProxyError("cannot read standard input: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= 64 << 20 else { throw ProxyError("the request is larger than 64 MiB") }
        }
    }

    private func serve(_ options: ProxyOptions) async throws {
        signal(SIGPIPE, SIG_IGN)
        guard let level = Logger.Level(rawValue: logLevel) else { throw ProxyError("no log level '\(logLevel)'") }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1)
        let logs = ProxyLogs()
        let logger = try ProxyServer.makeLogger(logs, level: level, format: logFormat ?? .text)
        let server = try await ProxyServer.start(options, logs: logs, logger: logger)
        if let admin = server.adminAddress { say("Admin port on http://\(admin)") }
        say("Listening on http://\(server.address)")
        var isDraining = false
        for await signal in signals {
            switch signal {
            case .sighup: await server.reload()
            case .sigusr1: server.reopenLogs()
            // A second signal means now. The sequence has one iterator only, so this loop has to see it.
            case _ where isDraining: _exit(1)
            default:
                isDraining = true
                Task {
                    let isClean = await server.drain()
                    SamovarProxy.exit(withError: ExitCode(isClean ? 0 : 1))
                }
            }
        }
    }

    /// The settings of the file with those of the command line over them.
    private func settings() throws(ProxyError) -> ProxyConfiguration {
        var settings = ProxyConfiguration()
        if let config {
            let bytes: [UInt8]
            do throws(FileReader.Failure) { bytes = try FileReader.read(config, limit: 4 << 20) } catch {
                throw ProxyError("\(config): \(error.reason)")
            }
            do throws(ManifestError) { settings = try ProxyConfiguration(parsing: bytes) } catch {
                throw ProxyError("\(config): \(error)")
            }
        }
        if let region {
            guard ProxyConfiguration.isRegion(region) else { throw ProxyError("--region: '\(region)' is no region") }
            settings.region = region
        }
        if let listen { settings.listen = try address(listen, option: "--listen") }
        if let admin { settings.admin = admin == "off" ? nil : try address(admin, option: "--admin") }
        if let defaultEndpoint {
            settings.defaultEndpoint = try endpoint(defaultEndpoint, option: "--default-endpoint")
        }
        if disableAuthorizers { settings.disableAuthorizers = true }
        if noIntegrationTimeout { settings.waitsForDebuggers = true }
        if exposeWithoutAuthorizers { settings.exposeWithoutAuthorizers = true }
        for text in endpoints {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw ProxyError("--endpoint: expected NAME=URL, not '\(text)'")
            }
            let url = String(text[text.index(after: equals)...])
            settings.endpoints[String(text[..<equals])] = try endpoint(url, option: "--endpoint")
        }
        for text in mounts {
            guard let equals = text.lastIndex(of: "="), text.index(after: equals) < text.endIndex,
                let prefix = MountPrefix.canonical(String(text[..<equals]))
            else { throw ProxyError("--mount: expected PREFIX=API, such as /shop=ShopApi, not '\(text)'") }
            settings.mounts[prefix] = String(text[text.index(after: equals)...])
        }
        if let staticDir { settings.staticDirectory = staticDir }
        return settings
    }

    private func address(_ text: String, option: String) throws(ProxyError) -> ProxyConfiguration.Address {
        guard let address = ProxyConfiguration.Address(text) else {
            throw ProxyError("\(option): expected HOST:PORT, not '\(text)'")
        }
        return address
    }

    /// Reads `http://…` as an Invoke API, and `http+http://…` and the like as what they say.
    private func endpoint(_ text: String, option: String) throws(ProxyError) -> Endpoint {
        var wire = Endpoint.Wire.lambda
        var url = text
        if let plus = text.firstIndex(of: "+"), let named = Endpoint.Wire(rawValue: String(text[..<plus])) {
            wire = named
            url = String(text[text.index(after: plus)...])
        }
        do throws(EndpointError) { return try Endpoint(wire: wire, url: url) } catch {
            throw ProxyError("\(option): \(error)")
        }
    }

    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}

extension EventPreview.Recipient: ExpressibleByArgument {}

extension LogFormat: ExpressibleByArgument {}
