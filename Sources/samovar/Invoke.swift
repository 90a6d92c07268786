// `samovar invoke`: what `sam local invoke` does, with a process in place of a container.

internal import ArgumentParser
internal import Compiler
internal import JSON
internal import Manifest
internal import SystemPackage

/// Invokes one function of a template and prints what it answers; the flags have SAM CLI's names and defaults.
struct Invoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one function of a template, once.",
        discussion: """
            Prints what the function returns on standard output, and what it says on standard error. Exits with 0 where \
            it returns, with 1 where it fails, and with 2 where it could not be invoked.

            The options of SAM CLI that steer Docker, and others that mean nothing here, are accepted without effect; \
            --help-hidden lists them.
            """
    )

    @Argument(help: "The function: its logical id, Stack/Function where it is nested, or its FunctionName.")
    var function: String?

    @OptionGroup var sources: TemplateSources

    @Option(
        name: .shortAndLong,
        help: "A JSON file with the event, - for standard input; without it the event is an empty object.",
        completion: .file(extensions: ["json"])
    )
    var event: String?

    @Flag(help: "Invoke it with an empty object, as without --event.")
    var noEvent = false

    @Option(name: .shortAndLong, help: "The runtime, in place of the one of the template, such as python3.13.")
    var runtime: String?

    @Option(help: "The tenant that the function is invoked for.")
    var tenantId: String?

    @OptionGroup var hosting: HostArguments

    @Option(
        name: [.short, .long],
        help: "A file to append the function's output to, in place of the terminal.",
        completion: .file()
    )
    var logFile: String?

    @Flag(help: "Show the program that is started.")
    var debug = false

    @Flag(help: .hidden) var mountSymlinks = false
    @Flag(help: .hidden) var noMountSymlinks = false

    @OptionGroup(title: "Options of SAM CLI without effect", visibility: .hidden)
    var containers: ContainerOptions

    func validate() throws {
        if event != nil, noEvent { throw ValidationError("--event and --no-event exclude each other") }
        if let tenantId, tenantId.isEmpty || !tenantId.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            throw ValidationError("'\(tenantId)' is no id of a tenant")
        }
    }

    func run() async throws {
        do {
            let (settings, source) = sources.settings(of: .invoke)
            containers.note()
            let session = InvokeSession(
                functions: FunctionSession(
                    options: try sources.compilerOptions(settings, from: source).withoutNeedOfRoutes,
                    hostArguments: try hosting.rendered(settings),
                    logFile: logFile ?? settings.text("log_file"),
                    isVerbose: debug || settings.flag("debug"),
                    // The answer is there, or nobody waits for it any more.
                    patience: .milliseconds(200)
                ),
                function: function,
                event: try event(settings),
                runtime: runtime ?? settings.text("runtime"),
                tenant: tenantId ?? settings.text("tenant_id")
            )
            if let signal = try await InterruptibleRun.run({ try await session.invoke() }) {
                throw ExitCode(128 + signal)
            }
        } catch let error as CommandError {
            Console.say("Error: \(error.message)\n")
            throw ExitCode(2)
        }
    }

    private func event(_ settings: ToolConfiguration) throws(CommandError) -> InvokeEvent {
        guard !noEvent, let path = event ?? settings.text("event") else { return InvokeEvent() }
        return try InvokeEvent(path)
    }
}

/// The event that a function is invoked with.
struct InvokeEvent: Sendable {
    /// The file that it comes from, as messages name it.
    private let name: String
    let bytes: [UInt8]

    /// An empty object.
    init() {
        name = "the event"
        bytes = Array("{}".utf8)
    }

    /// Reads a file, or standard input for `-`.
    ///
    /// - Throws: `CommandError` that says why it cannot be read.
    init(_ path: String) throws(CommandError) {
        let isInput = path == CompilationArguments.standardInput
        do throws(Errno) { bytes = try isInput ? InputFile.readStandardInput() : InputFile.read(path) } catch {
            throw CommandError("cannot read the event from '\(isInput ? "standard input" : path)': \(error)")
        }
        name = isInput ? "<stdin>" : path
    }

    /// Where it is not JSON: `event.json:3:7: …`; nil where that is not what is wrong with it.
    var fault: String? {
        do throws(JSONSyntaxError) { _ = try JSONParser.parse(bytes) } catch {
            return "\(name):\(error.line):\(error.column): the event is not JSON: \(error.message)"
        }
        return nil
    }
}
