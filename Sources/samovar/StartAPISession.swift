// One run of `samovar start-api`: host and proxy for a template, watched, and ended in order.

internal import Compiler
internal import FileWatch
internal import Manifest

/// What `samovar start-api` does between its first line and its last.
struct StartAPISession: Sendable {
    let functions: FunctionSession
    /// Where the proxy listens, `host:port`.
    let listen: String
    let staticFolder: String
    /// The file of the proxy's settings; nil for its defaults.
    let proxySettings: String?
    /// How the log is spelled, `text` or `json`.
    let logFormat: String
    let withoutAuthorizers: Bool
    /// Whether that is meant even on an address that others reach.
    let exposesWithoutAuthorizers: Bool
    let isWatching: Bool

    /// Compiles, then serves until it is cancelled: the proxy inside of the host, so that it is the first to end.
    ///
    /// - Throws: `CommandError` when it cannot start, or one of the two programs ends by itself.
    func serve() async throws {
        let compiled = try functions.compile()
        guard compiled.manifest.apis.contains(where: { !$0.value.routes.isEmpty }) else {
            // SAM CLI's words, which tools wait for.
            throw CommandError("Template does not have any APIs connected to Lambda functions")
        }
        if withoutAuthorizers {
            Console.say("Note: authorizers are disabled; every route is open to everyone who reaches it.\n")
        }
        try await functions.withHost(of: compiled) { host in
            let proxy = host.child(
                "samovar-proxy",
                [
                    host.folder.manifest, "--listen", listen, "--admin", "off",
                    "--default-endpoint", "http://\(host.address)", "--region", functions.options.region,
                    "--log-format", logFormat,
                ] + (proxySettings.map { ["--config", $0] } ?? []) + (staticPath.map { ["--static-dir", $0] } ?? [])
                    + (functions.isDebugging ? ["--no-integration-timeout"] : [])
                    + (withoutAuthorizers ? ["--disable-authorizer"] : [])
                    + (exposesWithoutAuthorizers ? ["--expose-without-authorizers"] : [])
            )
            try await proxy.withRunning { address in
                announce(compiled.manifest, at: address)
                try await follow(compiled, on: host, at: address)
            }
        }
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

    /// Serves what the template becomes; never returns.
    private func follow(
        _ compiled: FunctionSession.Compiled,
        on host: FunctionSession.Running,
        at address: String
    ) async throws {
        var served = compiled.manifest
        try await host.follow(
            compiled,
            isWatching: isWatching,
            otherwise: "what was mounted before keeps serving"
        ) { manifest in
            let before = Set(served.mountLines(at: address))
            Console.say("'\(functions.options.template)' compiled again\n")
            for line in manifest.mountLines(at: address) where !before.contains(line) { Console.say("\(line)\n") }
            served = manifest
            return manifest
        }
    }

    /// The folder of static files, from that of the template; nil where there is none, which SAM CLI passes over, too.
    private var staticPath: String? {
        let path = staticFolder.hasPrefix("/") ? staticFolder : "\(functions.options.templateFolder)/\(staticFolder)"
        return FileStatus(path: path)?.kind == .folder ? path : nil
    }
}
