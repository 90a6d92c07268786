// `samovar start-lambda`: what `sam local start-lambda` does, with processes in place of containers.

internal import ArgumentParser
internal import Compiler
internal import Manifest

/// Offers the functions of a template through the Lambda Invoke API; the flags have SAM CLI's names and defaults.
struct StartLambda: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-lambda",
        abstract: "Offer the functions of a template through the Lambda Invoke API.",
        discussion: """
            Compiles the template and runs its functions with samovar-host. Changes of the template, of the environment \
            file and of code take effect while it runs. Ctrl-C ends it.

            The options of SAM CLI that steer Docker, and others that mean nothing here, are accepted without effect; \
            --help-hidden lists them.
            """
    )

    @Argument(help: "The functions to offer, as samovar invoke takes them; all of them unless given.")
    var functions: [String] = []

    @OptionGroup var sources: TemplateSources

    @Option(help: "The address to listen on; 127.0.0.1 unless given. Whoever reaches it can run the functions.")
    var host: String?

    @Option(name: .shortAndLong, help: "The port to listen on, 3001 unless given; 0 takes a free one.")
    var port: Int?

    @OptionGroup var pool: PoolArguments
    @OptionGroup var hosting: HostArguments

    @Option(
        name: [.short, .long],
        help: "A file to append the functions' output to, in place of the terminal.",
        completion: .file()
    )
    var logFile: String?

    @Flag(help: "Do not watch the template and the environment file. Changed code takes effect all the same.")
    var noWatch = false

    @Flag(help: "Show the program that is started.")
    var debug = false

    @OptionGroup(title: "Options of SAM CLI without effect", visibility: .hidden)
    var containers: ContainerOptions

    func run() async throws {
        do {
            let (settings, source) = sources.settings(of: .startLambda)
            containers.note()
            let address = try ListenAddress.text(host, port, settings, standardPort: 3001)
            let session = FunctionSession(
                options: try sources.compilerOptions(settings, from: source).withoutNeedOfRoutes,
                listen: address,
                hostArguments: try pool.rendered(settings)
                    + hosting.rendered(settings, debugging: pool.debugFunction),
                logFile: logFile ?? settings.text("log_file"),
                isVerbose: debug || settings.flag("debug")
            )
            let isWatching = !noWatch && !settings.flag("no_watch")
            _ = try await InterruptibleRun.run { [functions] in
                try await Self.serve(functions, session, isWatching: isWatching)
            }
        } catch let error as CommandError {
            Console.say("Error: \(error.message)\n")
            throw ExitCode(1)
        }
    }

    private static func serve(_ names: [String], _ session: FunctionSession, isWatching: Bool) async throws {
        var compiled = try session.compile()
        compiled.manifest = try compiled.manifest.functions(named: names)
        let served = compiled
        try await session.withHost(of: served) { host in
            for id in served.manifest.functions.keys.sorted() { Console.say("Offering \(id)\n") }
            Console.say("You can now invoke the functions above, for example:\n")
            let example = served.manifest.functions.keys.min() ?? ""
            Console.say(
                "  aws lambda invoke --endpoint-url http://\(host.address) --function-name \(example) answer.json\n"
            )
            // SAM CLI's words.
            Console.say("Press CTRL+C to quit\n")
            try await host.follow(
                served,
                isWatching: isWatching,
                otherwise: "what was offered before goes on"
            ) { manifest in
                Console.say("'\(session.options.template)' compiled again\n")
                return try manifest.functions(named: names)
            }
        }
    }
}

extension Manifest {
    /// The manifest with these functions alone, and with all of them for none; without its APIs.
    ///
    /// - Throws: `CommandError` for a name that there is not, and where there are no functions.
    fileprivate func functions(named names: [String]) throws(CommandError) -> Manifest {
        guard !functions.isEmpty else { throw CommandError("the template has no functions") }
        guard !names.isEmpty else { return Manifest(functions: functions) }
        var kept: [String: Function] = [:]
        for name in names {
            let (id, function) = try function(named: name)
            kept[id] = function
        }
        return Manifest(functions: kept)
    }
}
