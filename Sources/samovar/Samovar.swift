// The program `samovar`: its subcommands, and nothing else.

internal import ArgumentParser

@main
struct Samovar: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samovar",
        abstract: "Amazon API Gateway for machines that AWS does not run.",
        discussion: "Compiles a SAM template and env.json to a route manifest, which samovar-proxy serves.",
        subcommands: [Compile.self, Check.self, Routes.self, Explain.self, StartAPI.self]
    )
}
