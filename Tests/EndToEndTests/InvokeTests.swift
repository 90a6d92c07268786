// `samovar invoke`: one function, one event, what comes out, and nothing left behind.

import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(2)))
struct InvokeTests {
    private static let template = """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function: {Handler: work.handler, Runtime: python3.12, CodeUri: code, Timeout: 60}
        Resources:
          Brew:
            Type: AWS::Serverless::Function
            Properties:
              FunctionName: tea-brewer
              Environment: {Variables: {LEAVES: green, WATER: ''}}
          Pour:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: nodejs20.x
              Handler: index.handler
              CodeUri: ''
              InlineCode: |
                exports.handler = async (event) => {
                  if (event.spill) throw new RangeError("too\\u001b[31m hot");
                  return event;
                };
        """
    private static let handler = """
        import os, time
        def handler(event, context):
            print("brewing", flush=True)
            if event.get("long"):
                time.sleep(60)
            return {"leaves": os.environ["LEAVES"], "water": os.environ["WATER"], "event": event,
                    "name": context.function_name, "tenant": context.tenant_id}
        """

    private func folder() throws -> ExampleCopy {
        let folder = try ExampleCopy(isEmpty: true)
        try FileManager.default.createDirectory(atPath: "\(folder.path)/code", withIntermediateDirectories: false)
        try folder.write(Self.template, to: "template.yaml")
        try folder.write(Self.handler, to: "code/work.py")
        try folder.write(#"{"Brew": {"WATER": "soft"}}"#, to: "env.json")
        return folder
    }

    private func invoke(_ arguments: String..., input: String = "", in folder: ExampleCopy) async throws
        -> Program.Ending
    {
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: Arguments(["invoke"] + arguments),
            workingDirectory: FilePath(folder.path),
            input: .string(input),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return Program.Ending(
            status: result.terminationStatus,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    @Test(arguments: ["Brew", "tea-brewer"])
    func printsWhatAFunctionReturns(_ name: String) async throws {
        let folder = try folder()
        try folder.write(#"{"cups": 2}"#, to: "event.json")
        let ending = try await invoke(name, "-e", "event.json", "-n", "env.json", "--tenant-id", "acme", in: folder)
        #expect(ending.status == .exited(0), "\(ending.errors)")
        #expect(ending.output.contains(#""tenant": "acme""#))
        #expect(
            ending.output.hasPrefix(#"{"leaves": "green", "water": "soft", "event": {"cups": 2}, "name": "tea-brewer""#)
        )
        #expect(ending.output.hasSuffix("}\n") && ending.output.count { $0 == "\n" } == 1)
        #expect(ending.errors.contains("brewing"))
        #expect(!ending.errors.contains("no-routes"))
    }

    @Test func readsTheEventFromStandardInput() async throws {
        let ending = try await invoke("Pour", "--event", "-", input: #"{ "cup": "ä" }"#, in: folder())
        #expect(ending.status == .exited(0))
        #expect(ending.output == #"{"cup":"ä"}"# + "\n")
    }

    @Test func invokesWithAnEmptyObjectWithoutAnEvent() async throws {
        let folder = try folder()
        #expect(try await invoke("Pour", in: folder).output == "{}\n")
        try folder.write(
            "version = 0.1\n[default.local_invoke.parameters]\nevent = 'event.json'\n",
            to: "samconfig.toml"
        )
        try folder.write(#"{"from":"samconfig"}"#, to: "event.json")
        #expect(try await invoke("Pour", in: folder).output == #"{"from":"samconfig"}"# + "\n")
        #expect(try await invoke("Pour", "--no-event", in: folder).output == "{}\n")
        #expect(try await invoke("Pour", "--no-config", "--skip-pull-image", in: folder).output == "{}\n")
    }

    @Test func tellsErrorsOfTheFunctionFromItsOwn() async throws {
        let folder = try folder()
        let failed = try await invoke("Pour", "-e", "-", input: #"{"spill":true}"#, in: folder)
        #expect(failed.status == .exited(1))
        #expect(failed.output.hasPrefix(#"{"errorType":"RangeError","errorMessage":"too\u001b[31m hot","#))
        // What the function says does not reach the terminal as it is.
        #expect(failed.errors.contains("error: 'Pour' failed: RangeError: too"))
        #expect(!failed.errors.contains("\u{1B}"))
        #expect(failed.errors.contains("\n      at exports.handler"))

        let garbled = try await invoke("Pour", "-e", "-", input: "{\n  \"a\": 1,\n}", in: folder)
        #expect(garbled.status == .exited(2) && garbled.output == "")
        #expect(garbled.errors.contains("Error: <stdin>:3:1: the event is not JSON: "), "\(garbled.errors)")
        #expect(!garbled.errors.contains("Warning: "), "\(garbled.errors)")
        #expect(!garbled.errors.contains("Note: "))
        let built = URL(filePath: "\(folder.path)/.aws-sam/build")
        try FileManager.default.createDirectory(at: built, withIntermediateDirectories: true)
        try folder.write("Transform: AWS::Serverless-2016-10-31\nResources: {}\n", to: ".aws-sam/build/template.yaml")
        #expect(try await invoke("Pour", in: folder).errors.hasPrefix("Note: '.aws-sam/build/template.yaml' is used"))
        try FileManager.default.removeItem(atPath: "\(folder.path)/.aws-sam")

        let unknown = try await invoke("Brwe", in: folder)
        #expect(unknown.status == .exited(2))
        #expect(unknown.errors.hasSuffix("there is no function 'Brwe', only 'Brew', 'Pour'; did you mean 'Brew'?\n"))
        #expect(try await invoke(in: folder).errors.hasSuffix("name one of 'Brew', 'Pour'\n"))
        #expect(try await invoke("Brew", "-e", "none.json", in: folder).status == .exited(2))
        #expect(try await invoke("Brew", "-e", "-", "--no-event", in: folder).status == .exited(64))
    }

    @Test func appendsTheLogToAFile() async throws {
        let folder = try folder()
        let ending = try await invoke("Brew", "-n", "env.json", "--log-file", "out.log", in: folder)
        #expect(ending.status == .exited(0) && !ending.errors.contains("brewing"))
        let log = try String(contentsOf: URL(filePath: "\(folder.path)/out.log"), encoding: .utf8)
        #expect(log.contains("brewing"))
    }

    @Test func invokesAFunctionThatIsElsewhere() async throws {
        let folder = try folder()
        let manifest =
            #"{"manifest":1,"apis":{},"functions":{"Away":{"runtime":"python3.12","handler":"work.handler","#
            + #""code":"code","environment":{"LEAVES":"black","WATER":"hard"}}}}"#
        try folder.write(manifest, to: "away.json")
        try await Program.serve("samovar-host", ["away.json", "--listen", "127.0.0.1:0"], in: folder.path) { host in
            let endpoints = #"{"Brew": {"protocol": "lambda", "url": "http://127.0.0.1:\#(host.port)"}}"#
            try folder.write(endpoints, to: "endpoints.json")
            try folder.replace("FunctionName: tea-brewer", with: "FunctionName: Away", in: "template.yaml")
            let ending = try await invoke("Brew", "--endpoints", "endpoints.json", in: folder)
            #expect(ending.status == .exited(0), "\(ending.errors)")
            #expect(ending.output.contains(#""leaves": "black""#))
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
    func leavesNothingBehind(_ signal: Int32) async throws {
        let folder = try folder()
        let temporary = try ExampleCopy(isEmpty: true)
        let log = LineLog()
        let started = Box<[pid_t]>([])
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: ["invoke", "Brew", "-n", "env.json", "-e", "-"],
            environment: .inherit.updating(["TMPDIR": temporary.path]),
            workingDirectory: FilePath(folder.path),
            input: .string(#"{"long": true}"#),
            output: .discarded,
            error: .sequence
        ) { execution in
            for try await line in execution.standardError.strings() {
                await log.append(line)
                guard line.contains("brewing"), started.value.isEmpty else { continue }
                started.value = ProcessTree.descendants(of: execution.processIdentifier.value)
                kill(execution.processIdentifier.value, signal)
            }
        }
        // The host, what keeps it, and the function at the least.
        #expect(started.value.count >= 3)
        #expect(result.terminationStatus == (signal == SIGKILL ? .signaled(SIGKILL) : .exited(128 + signal)))
        while started.value.contains(where: ProcessTree.isRunning) { try await Task.sleep(for: .milliseconds(50)) }
        while try !FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
