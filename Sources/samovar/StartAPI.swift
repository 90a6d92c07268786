// `samovar start-api`: what `sam local start-api` does, with processes in place of containers.

internal import ArgumentParser
internal import Compiler

/// Serves the APIs of a template on this machine; the flags have SAM CLI's names and defaults.
struct StartAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-api",
        abstract: "Serve the APIs of a template on this machine.",
        discussion: """
            Compiles the template, runs its functions with samovar-host and serves its routes with samovar-proxy. \
            Changes of the template, of the environment file and of code take effect while it runs. Ctrl-C ends it.

            The options of SAM CLI that steer Docker, and others that mean nothing here, are accepted without effect; \
            --help-hidden lists them.
            """
    )

    @OptionGroup var sources: TemplateSources

    @Option(help: "The address to listen on; 127.0.0.1 unless given.")
    var host: String?

    @Option(name: .shortAndLong, help: "The port to listen on, 3000 unless given; 0 takes a free one.")
    var port: Int?

    @Option(
        name: [.short, .long],
        help: "A folder beside the template whose files answer where no route does; 'public' where there is one.",
        completion: .directory
    )
    var staticDir: String?

    @Option(
        help: "Settings of the gateway, as in samovar-proxy.json(5): keys of issuers, access keys, limits.",
        completion: .file(extensions: ["json"])
    )
    var proxyConfig: String?

    @Option(help: "The certificate of an HTTPS listener. Not supported yet.")
    var sslCertFile: String?

    @Option(help: "The key of an HTTPS listener. Not supported yet.")
    var sslKeyFile: String?

    @OptionGroup var pool: PoolArguments
    @OptionGroup var hosting: HostArguments

    @Flag(help: "Call routes without asking their authorizers; only on a loopback address.")
    var disableAuthorizer = false

    @Flag(help: "Take --disable-authorizer on any address: everyone who reaches it may call every route.")
    var exposeWithoutAuthorizers = false

    @Option(
        name: [.short, .long],
        help: "A file to append the functions' output and the access log to, in place of the terminal.",
        completion: .file()
    )
    var logFile: String?

    @Flag(help: "Do not watch the template and the environment file. Changed code takes effect all the same.")
    var noWatch = false

    @Flag(help: "Show the programs that are started.")
    var debug = false

    @OptionGroup(title: "Options of SAM CLI without effect", visibility: .hidden)
    var containers: ContainerOptions

    func validate() throws {
        guard (0...65535).contains(port ?? 0) else {
            throw ValidationError("'\(port ?? 0)' is no port; it is from 0 to 65535")
        }
    }

    func run() async throws {
        do {
            let (settings, source) = sources.settings(of: .startAPI)
            if sslCertFile ?? settings.text("ssl_cert_file") ?? sslKeyFile ?? settings.text("ssl_key_file") != nil {
                throw CommandError("HTTPS is not supported yet: leave out --ssl-cert-file and --ssl-key-file")
            }
            containers.note()
            let session = StartAPISession(
                functions: FunctionSession(
                    options: try sources.compilerOptions(settings, from: source),
                    hostArguments: try pool.rendered(settings)
                        + hosting.rendered(settings, debugging: pool.debugFunction),
                    logFile: logFile ?? settings.text("log_file"),
                    isVerbose: debug || settings.flag("debug")
                ),
                listen: try ListenAddress.text(host, port, settings, standardPort: 3000),
                staticFolder: staticDir ?? settings.text("static_dir") ?? "public",
                proxySettings: proxyConfig ?? settings.text("proxy_config"),
                logFormat: hosting.logFormat ?? "text",
                withoutAuthorizers: disableAuthorizer || settings.flag("disable_authorizer"),
                exposesWithoutAuthorizers: exposeWithoutAuthorizers || settings.flag("expose_without_authorizers"),
                isWatching: !noWatch && !settings.flag("no_watch")
            )
            _ = try await InterruptibleRun.run { try await session.serve() }
        } catch let error as CommandError {
            Console.say("Error: \(error.message)\n")
            throw ExitCode(1)
        }
    }
}
