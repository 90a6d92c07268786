// `samovar generate-event`: events as API Gateway makes them.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Manifest

/// Prints the event that a function would get of a request.
struct GenerateEvent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-event",
        abstract: "Print the event that a function would get of a request.",
        discussion: "The event is made by samovar-proxy's own code. It goes into 'samovar invoke FUNCTION --event -'.",
        subcommands: [GenerateAPIGatewayEvent.self, GenerateRouteEvent.self]
    )

    /// Prints an event, or says why there is none.
    static func run(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as CommandError {
            Console.say("Error: \(error.message)\n")
            throw ExitCode(1)
        }
    }
}

/// The event of a route of a template.
struct GenerateRouteEvent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Print the event that the function of a route of a template would get.",
        discussion: """
            The request is routed as samovar-proxy would route it, but no authorizer is asked: what one would have added \
            is not in the event. Whose event it is goes to standard error.
            """
    )

    @Argument(help: "The method of the request: GET, POST, ….") var method: String
    @Argument(help: "The path of the request, percent-encoded, with a query if it has one.") var path: String

    @OptionGroup var sources: TemplateSources
    @OptionGroup var request: EventRequest

    @Flag(help: "Print the event that the Lambda authorizer of the route would get.")
    var authorizer = false

    @Option(
        help: "Settings of the gateway, as in samovar-proxy.json(5): what is mounted where.",
        completion: .file(extensions: ["json"])
    )
    var proxyConfig: String?

    func run() async throws {
        try await GenerateEvent.run {
            let (settings, source) = sources.settings(of: .startAPI)
            let options = try sources.compilerOptions(settings, from: source)
            let compilation = Compiler.compile(options)
            Console.show(compilation, as: .text)
            guard let manifest = compilation.manifest else {
                throw CommandError("'\(options.template)' cannot be compiled")
            }
            let maker = EventMaker(
                manifest: manifest,
                region: options.region,
                proxySettings: proxyConfig ?? settings.text("proxy_config")
            )
            let (text, note) = try await maker.event(
                of: request.bytes(method, path),
                for: authorizer ? "authorizer" : "function"
            )
            Console.say("Note: \(note)\n")
            try Console.write(text)
        }
    }
}
