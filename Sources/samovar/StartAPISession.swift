// One run of `samovar start-api`: compiles, starts host and proxy, watches, and ends both in order.

internal import Compiler
internal import Diagnostics
internal import FileWatch
internal import Glibc
internal import Manifest
internal import SystemPackage
internal import UnixSignals

/// What `samovar start-api` does between its first line and its last.
struct StartAPISession: Sendable {
    let options: CompilerOptions
    /// Where the proxy listens, `host:port`.
    let listen: String
    let staticFolder: String
    /// The file of the proxy's settings; nil for its defaults.
    let proxySettings: String?
    let logFile: String?
    let withoutAuthorizers: Bool
    /// Whether that is meant even on an address that others reach.
    let exposesWithoutAuthorizers: Bool
    let isWatching: Bool
    let isVerbose: Bool

    /// Serves until SIGINT, SIGTERM or SIGHUP.
    ///
    /// - Throws: `StartAPIError` when it cannot start, or one of the two programs ends by itself.
    func runUntilSignal() async throws {
        // Who stops reading us must not end us; writes fail in its place.
        signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        let (stops, stop) = AsyncStream.makeStream(of: Void.self)
        let listening = Task {
            var isEnding = false
            for await _ in signals {
                // Ending takes a moment. Who asks twice is in a hurry; the keeper ends what is left.
                if isEnding { exit(130) }
                isEnding = true
                stop.finish()
            }
        }
        defer { listening.cancel() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve() }
            group.addTask { for await _ in stops {} }
            try await group.next()
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    /// Compiles, then serves until it is cancelled.
    private func serve() async throws {
        let folder = try StartAPIFolder()
        defer { folder.remove() }
        var sources = CompilationWatch(options: options)
        let compilation = sources.compile()
        Console.show(compilation, as: .text)
        guard let manifest = compilation.manifest else {
            throw StartAPIError("'\(options.template)' cannot be compiled")
        }
        guard manifest.apis.contains(where: { !$0.value.routes.isEmpty }) else {
            // SAM CLI's words, which tools wait for.
            throw StartAPIError("Template does not have any APIs connected to Lambda functions")
        }
        try folder.write(manifest, compilation.secrets)
        noteWhatIsIgnored()
        let log = try logFile.map(Self.openLog)
        defer { try? log?.close() }
        try await StartAPIKeeper.withRunning(folder: folder.path) { keeper in
            try await run(manifest, in: folder, watching: sources, log: log, keeper: keeper)
        }
    }

    /// Runs the programs, the proxy inside of the host: it is the first to end.
    private func run(
        _ manifest: Manifest,
        in folder: StartAPIFolder,
        watching sources: CompilationWatch,
        log: FileDescriptor?,
        keeper: StartAPIKeeper
    ) async throws {
        let host = child(
            "samovar-host",
            [folder.manifest, "--listen", "127.0.0.1:0", "--code-root", options.templateFolder],
            log: log,
            keeper: keeper
        )
        try await host.withRunning { functions in
            let proxy = child(
                "samovar-proxy",
                [
                    folder.manifest, "--listen", listen, "--admin", "off",
                    "--default-endpoint", "http://\(functions)", "--region", options.region,
                ] + (proxySettings.map { ["--config", $0] } ?? []) + (staticPath.map { ["--static-dir", $0] } ?? [])
                    + (withoutAuthorizers ? ["--disable-authorizer"] : [])
                    + (exposesWithoutAuthorizers ? ["--expose-without-authorizers"] : []),
                log: log,
                keeper: keeper
            )
            try await proxy.withRunning { address in
                announce(manifest, at: address)
                try await follow(sources, serving: manifest, in: folder, at: address)
            }
        }
    }

    private func child(
        _ name: String,
        _ arguments: [String],
        log: FileDescriptor?,
        keeper: StartAPIKeeper
    ) -> StartAPIChild {
        if isVerbose { Console.say("Starting \(name) \(arguments.joined(separator: " "))\n") }
        return StartAPIChild(name: name, arguments: arguments, region: options.region, log: log, keeper: keeper)
    }

    /// Says what is served and how to call it.
    private func announce(_ manifest: Manifest, at address: String) {
        for line in manifest.mountLines(at: address) { Console.say("\(line)\n") }
        // SAM CLI's words.
        if let staticPath { Console.say("Mounting static files from \(staticPath) at /\n") }
        Console.say("You can now call the endpoints above, for example:\n")
        for line in manifest.exampleCalls(at: address) { Console.say("  \(line)\n") }
        if isWatching {
            Console.say("Changes of the template, the environment file and code take effect by themselves.\n")
        }
        Console.say("Press CTRL+C to quit\n")
    }

    /// Compiles again whenever a file that it was compiled from has changed; never returns.
    private func follow(
        _ sources: CompilationWatch,
        serving first: Manifest,
        in folder: StartAPIFolder,
        at address: String
    ) async throws {
        var sources = sources
        var served = first
        while true {
            try await Task.sleep(for: .milliseconds(isWatching ? 200 : 60_000))
            guard isWatching, sources.haveChanged() else { continue }
            let compilation = sources.compile()
            Console.show(compilation, as: .text)
            guard let manifest = compilation.manifest else {
                Console.say("'\(options.template)' cannot be compiled; what was mounted before keeps serving\n")
                continue
            }
            try folder.write(manifest, compilation.secrets)
            let before = Set(served.mountLines(at: address))
            Console.say("'\(options.template)' compiled again\n")
            for line in manifest.mountLines(at: address) where !before.contains(line) { Console.say("\(line)\n") }
            served = manifest
        }
    }

    /// The folder of static files, from that of the template; nil where there is none, which SAM CLI passes over, too.
    private var staticPath: String? {
        let path = staticFolder.hasPrefix("/") ? staticFolder : "\(options.templateFolder)/\(staticFolder)"
        return FileStatus(path: path)?.kind == .folder ? path : nil
    }

    private func noteWhatIsIgnored() {
        if withoutAuthorizers {
            Console.say("Note: authorizers are disabled; every route is open to everyone who reaches it.\n")
        }
    }

    private static func openLog(_ path: String) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.append, .create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch { throw StartAPIError("cannot write to the log file '\(path)': \(error)") }
    }
}

extension CompilerOptions {
    /// The folder that the paths of code in the manifest start from.
    var templateFolder: String {
        let folder = FilePath(template).removingLastComponent().string
        return folder.isEmpty ? "." : folder
    }
}
