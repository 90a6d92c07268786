// `samovar start-lambda`: the functions of a template behind the Invoke API, and what goes to the host.

import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(2)))
struct StartLambdaTests {
    private static let template = """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function: {Handler: index.handler, Runtime: python3.12}
        Resources:
          One:
            Type: AWS::Serverless::Function
            Properties: {InlineCode: "def handler(event, context): return 'one'"}
          Two:
            Type: AWS::Serverless::Function
            Properties: {InlineCode: "def handler(event, context): return 'two'"}
        """

    /// Runs it on a free port while `body` runs, with the port and its log.
    private func serve(
        _ arguments: [String],
        in folder: ExampleCopy,
        _ body: @escaping @Sendable (Int, LineLog) async throws -> Void
    ) async throws -> TerminationStatus {
        let arguments = ["start-lambda", "--port", "0"] + arguments
        return try await Program.observe(.path(Program.path("samovar")), arguments, in: folder.path) { _, log in
            let line = try await log.line(containing: "--endpoint-url")
            _ = try await log.line(containing: "Press CTRL+C to quit")
            let port = try #require(line.firstMatch(of: #/http://127\.0\.0\.1:(\d+) /#)?.1)
            try await body(#require(Int(port)), log)
        }
    }

    private func invoke(_ name: String, port: Int) async throws -> HTTPAnswer {
        let connection = try await HTTPConnection(port: port)
        return try await connection.request("POST", "/2015-03-31/functions/\(name)/invocations", body: "{}")
    }

    @Test func offersFunctionsAndFollowsTheTemplate() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.template, to: "template.yaml")
        let status = try await serve([], in: folder) { port, log async throws in
            #expect(try await invoke("One", port: port).body == "\"one\"")
            #expect(try await invoke("Two", port: port).body == "\"two\"")
            #expect(try await invoke("Three", port: port).status == 404)
            #expect(await !log.text.contains("no-routes"))
            try folder.replace("Two:", with: "Three:", in: "template.yaml")
            _ = try await log.line(containing: "compiled again")
            while try await invoke("Three", port: port).status != 200 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try await invoke("Two", port: port).status == 404)
        }
        #expect(status == .exited(0))
    }

    @Test func offersThoseThatAreNamed() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.template, to: "template.yaml")
        _ = try await serve(["Two"], in: folder) { port, log async throws in
            #expect(try await invoke("One", port: port).status == 404)
            #expect(try await invoke("Two", port: port).body == "\"two\"")
            #expect(await !log.text.contains("Offering One"))
        }
        let unknown = try await Program.samovar(["start-lambda", "Tow"], in: folder.path)
        #expect(unknown.status == .exited(1))
        #expect(unknown.errors.hasSuffix("Error: there is no function 'Tow', only 'One', 'Two'; did you mean 'Two'?\n"))
    }

    @Test func passesOptionsToTheHost() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.template, to: "template.yaml")
        let arguments = ["--max-processes", "3", "--log-format", "json", "--debug"]
        try folder.write(
            "version = 0.1\n[default.local_start_lambda.parameters]\nwarm_containers = 'eager'\n",
            to: "samconfig.toml"
        )
        _ = try await serve(arguments, in: folder) { port, log async throws in
            let line = try await log.line(containing: "Starting samovar-host ")
            #expect(line.hasSuffix(" --warm=eager --max-processes=3 --log-format=json"))
            #expect(try await invoke("One", port: port).status == 200)
            _ = try await log.line(containing: #"{"time":"#)
        }
        let unused = try await Program.samovar(["start-lambda", "-p", "0", "--debug-function", "Two"], in: folder.path)
        #expect(unused.status == .exited(1))
        #expect(unused.errors.hasSuffix("Error: there is nothing to debug without a port: --debug-port PORT\n"))
    }
}
