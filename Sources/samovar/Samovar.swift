// The program `samovar`: its subcommands, and nothing else.

internal import ArgumentParser

@main
struct Samovar: AsyncParsableCommand {
    static let name = "samovar"
    /// The version of all three programs (Semantic Versioning 2.0.0).
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Amazon API Gateway for machines that AWS does not run.",
        discussion: "Compiles a SAM template and env.json to a route manifest, which samovar-proxy serves.",
        version: version,
        subcommands: [
            Compile.self, Check.self, Routes.self, Explain.self, StartAPI.self, StartLambda.self, Invoke.self,
            GenerateEvent.self,
        ]
    )
}
