// The functions of a template, run by samovar-host for as long as a command needs them.

internal import Compiler
internal import Diagnostics
internal import Glibc
internal import Manifest
internal import SystemPackage

/// What `start-api`, `start-lambda` and `invoke` have in common: a template, a host, and who ends it.
struct FunctionSession: Sendable {
    let options: CompilerOptions
    /// Where the host listens, `host:port`.
    var listen = "127.0.0.1:0"
    /// Further arguments of the host.
    let hostArguments: [String]
    /// Whether a function is debugged.
    var isDebugging: Bool { hostArguments.contains { $0.hasPrefix("--debug-port=") } }
    let logFile: String?
    let isVerbose: Bool
    /// How long invocations may go on when the host is asked to end.
    var patience = Duration.seconds(5)

    /// A template that has been compiled, and what shows that it has changed since.
    struct Compiled: Sendable {
        var manifest: Manifest
        let secrets: Secrets
        fileprivate var sources: CompilationWatch
    }

    /// A host that listens.
    struct Running: Sendable {
        fileprivate let session: FunctionSession
        /// Where the host listens, `host:port`.
        let address: String
        let folder: ManifestFolder
        fileprivate let log: FileDescriptor?
        fileprivate let keeper: ProgramKeeper
    }

    /// Compiles the template and shows the diagnostics.
    ///
    /// - Throws: `CommandError` where there are errors.
    func compile() throws -> Compiled {
        var sources = CompilationWatch(options: options)
        let compilation = sources.compile()
        Console.show(compilation, as: .text)
        guard let manifest = compilation.manifest else {
            throw CommandError("'\(options.template)' cannot be compiled")
        }
        return Compiled(manifest: manifest, secrets: compilation.secrets, sources: sources)
    }

    /// Runs a host while `body` runs.
    ///
    /// - Throws: `CommandError` when the host cannot start or ends by itself, and what `body` throws.
    func withHost(
        of compiled: Compiled,
        _ body: @escaping @Sendable (Running) async throws -> Void
    ) async throws {
        let folder = try ManifestFolder()
        defer { folder.remove() }
        try folder.write(compiled.manifest, compiled.secrets)
        let log = try logFile.map(Self.openLog)
        defer { try? log?.close() }
        try await ProgramKeeper.withRunning(folder: folder.path) { keeper in
            let host = child(
                "samovar-host",
                [folder.manifest, "--listen", listen, "--code-root", options.templateFolder] + hostArguments,
                folder: folder,
                log: log,
                keeper: keeper
            )
            try await host.withRunning { address in
                try await body(Running(session: self, address: address, folder: folder, log: log, keeper: keeper))
            }
        }
    }

    fileprivate func child(
        _ name: String,
        _ arguments: [String],
        folder: ManifestFolder,
        log: FileDescriptor?,
        keeper: ProgramKeeper
    ) -> ChildProgram {
        if isVerbose { Console.say("Starting \(name) \(arguments.joined(separator: " "))\n") }
        return ChildProgram(
            name: name,
            arguments: arguments,
            region: options.region,
            temporaryFolder: folder.path,
            log: log,
            keeper: keeper,
            patience: patience
        )
    }

    private static func openLog(_ path: String) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.append, .create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch { throw CommandError("cannot write to the log file '\(path)': \(error)") }
    }
}

extension FunctionSession.Running {
    /// A further program, beside the host.
    func child(_ name: String, _ arguments: [String]) -> ChildProgram {
        session.child(name, arguments, folder: folder, log: log, keeper: keeper)
    }

    /// Compiles again whenever a file that it was compiled from has changed, until it is cancelled.
    ///
    /// - Parameters:
    ///   - compiled: what is served.
    ///   - isWatching: whether to look at the files at all.
    ///   - otherwise: what is said to go on where the files have errors: `what was mounted before keeps serving`.
    ///   - change: makes of a new manifest what is served from now on, and says what there is to say.
    /// - Throws: `CancellationError`, and `ExitCode` where the manifest cannot be written.
    func follow(
        _ compiled: FunctionSession.Compiled,
        isWatching: Bool,
        otherwise: String,
        _ change: (Manifest) throws -> Manifest
    ) async throws {
        var sources = compiled.sources
        while true {
            try await Task.sleep(for: .milliseconds(isWatching ? 200 : 60_000))
            guard isWatching, sources.haveChanged() else { continue }
            let compilation = sources.compile()
            Console.show(compilation, as: .text)
            guard let manifest = compilation.manifest else {
                Console.say("'\(session.options.template)' cannot be compiled; \(otherwise)\n")
                continue
            }
            do {
                try folder.write(try change(manifest), compilation.secrets)
            } catch let error as CommandError {
                Console.say("Error: \(error.message); \(otherwise)\n")
            }
        }
    }
}

extension CompilerOptions {
    /// The folder that the paths of code in the manifest start from.
    var templateFolder: String {
        let folder = FilePath(template).removingLastComponent().string
        return folder.isEmpty ? "." : folder
    }

    /// The same for a command that serves no routes: a template without any is as it should be.
    var withoutNeedOfRoutes: CompilerOptions {
        guard let code = DiagnosticCatalogue.code(named: "no-routes"), severityRules.treatments[code] == nil else {
            return self
        }
        var options = self
        options.severityRules.treatments[code] = .ignore
        return options
    }
}
