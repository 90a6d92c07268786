// The program `samovar`: its subcommands, and nothing else.

internal import ArgumentParser
internal import Compiler

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
            Compile.self, Check.self, Diff.self, Routes.self, Explain.self, StartAPI.self, StartLambda.self,
            Invoke.self, GitSetup.self,
            GenerateEvent.self, GitDriver.self,
        ]
    )

    /// Says which commands there are to who asks for another, as the users of SAM CLI do; else runs the command.
    static func main() async {
        if let word = CommandLine.arguments.dropFirst().first, let fault = fault(ofCommand: word) {
            Console.say("Error: \(fault)\n")
            exit(withError: ExitCode(64))
        }
        await main(nil)
    }

    /// What is wrong with the first word of the command line; nil where it is a command or an option.
    static func fault(ofCommand word: String) -> String? {
        let known = configuration.subcommands.map { $0._commandName }
        guard !word.isEmpty, !word.hasPrefix("-"), word != "help", !known.contains(word) else { return nil }
        let names = configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        if word == "local" { return "leave out 'local': 'samovar invoke' is 'sam local invoke', and so on" }
        if word == "validate" { return "there is no command 'validate'; 'samovar check' looks for mistakes" }
        if word == "build" {
            return "there is no command 'build': code runs as it is in its folder; what needs to be built is built by "
                + "'sam build', and its '.aws-sam/build/template.yaml' is used where there is one"
        }
        return "there is no command '\(word)', only \(names.joined(separator: ", "))\(didYouMean(word, among: names))"
    }
}
