// The commands of `samovar` as people use them: files, exit codes, and what goes where.

import Foundation
import JSON
import Subprocess
import SystemPackage
import Testing

struct CommandTests {
    private func samovar(_ arguments: String..., in copy: ExampleCopy) async throws -> Program.Ending {
        try await Program.samovar(arguments, in: copy.path)
    }

    private func text(_ file: String, in copy: ExampleCopy) throws -> String {
        try String(contentsOf: URL(filePath: "\(copy.path)/\(file)"), encoding: .utf8)
    }

    private func files(in copy: ExampleCopy) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: copy.path))
    }

    @Test func compilesToStandardOutputAndToAFile() async throws {
        let copy = try ExampleCopy()
        let printed = try await samovar("compile", "-n", "env.json", in: copy)
        let written = try await samovar(
            "compile",
            "template.yaml",
            "--env-vars",
            "env.json",
            "-o",
            "new.json",
            in: copy
        )
        #expect(printed.status == .exited(0) && written.status == .exited(0))
        #expect(written.output == "")
        #expect(try text("new.json", in: copy) == printed.output)
        #expect(printed.errors.contains("env.json:9:4: warning: "))
        #expect(printed.errors.hasSuffix("1 warning\n"))
    }

    @Test(arguments: [
        ("invok", "there is no command 'invok', only compile, "), ("invok", "generate-event; did you mean 'invoke'?\n"),
        ("local", "leave out 'local': 'samovar invoke' is 'sam local invoke'"), ("build", "'sam build'"),
        ("validate", "'samovar check'"),
    ])
    func commandThatThereIsNot(word: String, message: String) async throws {
        let ending = try await samovar(word, "start-api", "--port", "0", in: try ExampleCopy())
        #expect(ending.status == .exited(64) && ending.output == "")
        #expect(ending.errors.hasPrefix("Error: ") && ending.errors.contains(message), "\(ending.errors)")
    }

    @Test func writesNothingWhenThereAreErrors() async throws {
        let copy = try ExampleCopy()
        try copy.write("Resources: [", to: "template.yaml")
        let before = try files(in: copy)
        let ending = try await samovar("compile", "-o", "new.json", in: copy)
        #expect(ending.status == .exited(1))
        #expect(ending.output == "")
        #expect(ending.errors.hasSuffix("1 error\n"))
        #expect(try files(in: copy) == before)
    }

    @Test func overwritesNoFileThatItReads() async throws {
        let copy = try ExampleCopy()
        let before = try text("env.json", in: copy)
        let ending = try await samovar("compile", "-n", "env.json", "-o", "./env.json", in: copy)
        #expect(ending.status == .exited(1))
        #expect(ending.errors.contains("error: './env.json' is not overwritten: it is the input 'env.json'"))
        #expect(try text("env.json", in: copy) == before)
    }

    @Test func keepsSecretsInAFileOfTheirOwn() async throws {
        let copy = try ExampleCopy()
        try copy.replace("TABLE_NAME: ratings-table", with: "API_KEY: ''", in: "template.yaml")
        try copy.write(#"{"Ratings": {"API_KEY": "hush"}}"#, to: "env.json")
        _ = try await samovar("compile", "-n", "env.json", "-o", "new.json", in: copy)
        #expect(!(try text("new.json", in: copy).contains("hush")))
        #expect(try text("new.secrets.json", in: copy).contains("hush"))
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(copy.path)/new.secrets.json")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        // One that is out of date goes away.
        _ = try await samovar("compile", "-o", "new.json", in: copy)
        #expect(!(try files(in: copy).contains("new.secrets.json")))
    }

    @Test func showsWhatIsOutOfDate() async throws {
        let copy = try ExampleCopy()
        let arguments = ["compile", "-n", "env.json", "-o", "routes.json", "--check"]
        try copy.replace("Timeout: 10", with: "Timeout: 11", in: "template.yaml")
        let before = try text("routes.json", in: copy)
        let stale = try await Program.samovar(arguments, in: copy.path)
        #expect(stale.status == .exited(1))
        #expect(stale.output.hasPrefix("functions\n") && stale.output.contains("timeoutSeconds: 10 → 11"))
        #expect(stale.output.hasSuffix("\n3 compatible\n") && !stale.output.contains("\u{1B}"))
        #expect(stale.errors.hasSuffix("'routes.json' is out of date; compile again without --check\n"))
        #expect(try text("routes.json", in: copy) == before)
        try FileManager.default.removeItem(atPath: "\(copy.path)/routes.json")
        #expect(try await Program.samovar(arguments, in: copy.path).status == .exited(1))
        #expect(!(try files(in: copy).contains("routes.json")))
    }

    @Test(arguments: [
        ("{\n  \"manifest\": 1,", "{\"manifest\": 1,", "says the same in another order or spelling"),
        ("{\n  \"manifest\": 1,", "{\n  \"manifest\": 9,", "is no usable manifest: "),
        ("{\n  \"manifest\": 1,", "<<<<<<< HEAD\n{", "is no usable manifest: "),
    ])
    func checkSaysWhereOnlyTheTextDiffers(old: String, new: String, verdict: String) async throws {
        let copy = try ExampleCopy()
        try copy.replace(old, with: new, in: "routes.json")
        let arguments = ["compile", "-n", "env.json", "-o", "routes.json", "--check"]
        let stale = try await Program.samovar(arguments, in: copy.path)
        #expect(stale.status == .exited(1))
        #expect(stale.output.hasPrefix("--- routes.json\n+++ routes.json (compiled)\n@@ -"))
        #expect(stale.errors.contains("'routes.json' \(verdict)"), "\(stale.errors)")
    }

    @Test func takesParametersAndEndpoints() async throws {
        let copy = try ExampleCopy()
        try copy.write(#"{"Orders": {"protocol": "http", "url": "http://10.0.0.5:9000"}}"#, to: "endpoints.json")
        let ending = try await samovar(
            "compile",
            "--endpoints",
            "endpoints.json",
            "--parameter-overrides",
            "ParameterKey=StageName,ParameterValue=\"my stage\"",
            in: copy
        )
        let manifest = try JSONParser.parse(ending.output)
        #expect(manifest["functions"]?["Orders"]?["endpoint"]?["url"]?.string == "http://10.0.0.5:9000")
        #expect(manifest["functions"]?["Ratings"]?["environment"]?["STAGE"]?.string == "my stage")
    }

    @Test func checksWithoutWriting() async throws {
        let copy = try ExampleCopy()
        let before = try files(in: copy)
        let fine = try await samovar("check", "-n", "env.json", "--format", "json", in: copy)
        #expect(fine.status == .exited(0))
        #expect(try JSONParser.parse(fine.output)["code"]?.string == "env-trailing-comma")
        try copy.replace("Handler: ratings.handler", with: "Handler: [1]", in: "template.yaml")
        let faulty = try await samovar("check", in: copy)
        #expect(faulty.status == .exited(1))
        #expect(faulty.errors.contains("template.yaml:"))
        #expect(try files(in: copy) == before)
    }

    @Test func printsDiagnosticsForPrograms() async throws {
        let copy = try ExampleCopy()
        let log = try await samovar("check", "-n", "env.json", "--format", "sarif", in: copy)
        #expect(log.status == .exited(0) && log.errors == "")
        let run = try JSONParser.parse(log.output)["runs"]?.array?.first
        #expect(run?["results"]?.array?.first?["ruleId"]?.string == "env-trailing-comma")
        let commands = try await samovar("check", "-n", "env.json", "--format", "github", in: copy)
        #expect(commands.output.hasPrefix("::warning file=env.json,line=9,endLine=9,col=4,endColumn=4,"))
        let compiled = try await samovar("compile", "-n", "env.json", "--format", "github", in: copy)
        #expect(compiled.errors == commands.output)
        let listed = try await samovar("routes", "-n", "env.json", "--diagnostics", "github", in: copy)
        #expect(listed.errors == commands.output)
    }

    @Test func treatsWarningsAsItIsTold() async throws {
        let copy = try ExampleCopy()
        let strict = try await samovar("check", "-n", "env.json", "--strict", in: copy)
        #expect(strict.status == .exited(1) && strict.errors.contains("error: "))
        let exempt = ["--strict", "--treat", "env-trailing-comma=ignore"]
        let quiet = try await Program.samovar(["check", "-n", "env.json"] + exempt, in: copy.path)
        #expect(quiet.status == .exited(0) && quiet.errors == "")
        for wrong in ["yaml-syntax=ignore", "env-trailing-coma=error", "env-trailing-comma=loud", "strict"] {
            let ending = try await samovar("check", "--treat", wrong, in: copy)
            #expect(ending.status == .exited(64), "\(wrong)")
        }
    }

    @Test func mendsFiles() async throws {
        let copy = try ExampleCopy()
        let before = try text("env.json", in: copy)
        let shown = try await samovar("check", "-n", "env.json", "--fix", "--dry-run", in: copy)
        #expect(shown.status == .exited(1))
        #expect(shown.output.hasPrefix("--- env.json\n+++ env.json (fixed)\n@@ -"))
        #expect(try text("env.json", in: copy) == before)
        // A link stays one, and the file that it leads to keeps its permissions.
        try FileManager.default.moveItem(atPath: "\(copy.path)/env.json", toPath: "\(copy.path)/real.json")
        try FileManager.default.createSymbolicLink(
            atPath: "\(copy.path)/env.json",
            withDestinationPath: "real.json"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: "\(copy.path)/real.json")
        let files = try files(in: copy)
        let mended = try await samovar("check", "-n", "env.json", "--fix", in: copy)
        #expect(mended.status == .exited(0))
        #expect(mended.errors == "env.json:9:4: fixed: remove the comma [env-trailing-comma]\n")
        #expect(throws: Never.self) { try JSONParser.parse(try text("real.json", in: copy)) }
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(copy.path)/real.json")
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(copy.path)/env.json") == "real.json")
        #expect(try self.files(in: copy) == files)
        let again = try await samovar("check", "-n", "env.json", "--fix", "--dry-run", in: copy)
        #expect(again.status == .exited(0) && again.output == "")
    }

    @Test func takesOptionsFromSamconfig() async throws {
        let copy = try ExampleCopy()
        let text = """
            version = 0.1
            [default.local_start_api.parameters]
            env_vars = "env.json"
            parameter_overrides = {StageName = "from-file"}
            [dev.global.parameters]
            parameter_overrides = "StageName=dev"
            """
        try copy.write(text, to: "samconfig.toml")
        func stage(_ arguments: String...) async throws -> String? {
            let ending = try await Program.samovar(["compile"] + arguments, in: copy.path)
            return try JSONParser.parse(ending.output)["functions"]?["Ratings"]?["environment"]?["STAGE"]?.string
        }
        let checked = try await samovar("check", in: copy)
        #expect(checked.errors.contains("[env-trailing-comma]"))
        #expect(try await stage() == "from-file")
        #expect(try await stage("--config-env", "dev") == "dev")
        #expect(try await stage("--parameter-overrides", "StageName=mine") == "mine")
        #expect(try await stage("--no-config") == (try await stage("--config-env", "none")))
        // A relative path starts beside the template.
        try copy.write(text.replacing("from-file", with: "other"), to: "other.toml")
        #expect(try await stage("--config-file", "other.toml") == "other")
        let missing = try await samovar("check", "--config-file", "missing.toml", in: copy)
        #expect(missing.status == .exited(1) && missing.errors.contains("cannot read 'missing.toml': no such file"))
    }

    @Test(arguments: ["template.yaml", "routes.json"])
    func readsStandardInput(_ file: String) async throws {
        let copy = try ExampleCopy()
        let expected = try await samovar("routes", file, "--format", "json", in: copy)
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: ["routes", "-", "--format", "json"],
            workingDirectory: FilePath(copy.path),
            input: .string(try text(file, in: copy)),
            output: .string(limit: 1 << 20),
            error: .discarded
        )
        #expect(result.terminationStatus == .exited(0))
        #expect(result.standardOutput == expected.output)
    }

    @Test func namesStandardInputInDiagnostics() async throws {
        let copy = try ExampleCopy(isEmpty: true)
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: ["check", "-", "--fix", "--dry-run"],
            workingDirectory: FilePath(copy.path),
            input: .string("Resorces: {}\n"),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.standardOutput.hasPrefix("--- <stdin>\n+++ <stdin> (fixed)\n"))
        #expect(result.standardError.hasPrefix("<stdin>:1:1: warning: "))
    }

    @Test func printsItsVersion() async throws {
        let copy = try ExampleCopy(isEmpty: true)
        let ending = try await samovar("--version", in: copy)
        #expect(ending.status == .exited(0) && ending.output.split(separator: ".").count == 3)
    }

    @Test(arguments: ["template.yaml", "routes.json"])
    func listsRoutes(_ file: String) async throws {
        let copy = try ExampleCopy()
        let ending = try await samovar("routes", file, "--format", "json", in: copy)
        #expect(ending.status == .exited(0))
        let routes = try #require(try JSONParser.parse(ending.output).array)
        let first: JSONValue = [
            "api": "OrdersApi", "kind": "http", "method": "POST", "path": "/orders", "integration": "lambda",
            "function": "Orders", "auth": "none", "payload": "2.0",
        ]
        #expect(routes.first == first)
        let table = try await samovar("routes", file, in: copy)
        let lines = table.output.split(separator: "\n")
        #expect(lines.count == routes.count + 1)
        let column = try #require(lines.first?.firstRange(of: "PATH")?.lowerBound.utf16Offset(in: lines[0]))
        #expect(lines.dropFirst().allSatisfy { $0.dropFirst(column).hasPrefix("/") })
    }

    @Test func refusesAFaultyManifest() async throws {
        let copy = try ExampleCopy()
        try copy.replace("\"kind\": \"rest\"", with: "\"kind\": \"soap\"", in: "routes.json")
        let ending = try await samovar("routes", "routes.json", in: copy)
        #expect(ending.status == .exited(1))
        #expect(ending.errors.contains("at /apis/ServerlessRestApi/kind: expected one of 'rest', 'http', "))
    }

    @Test func explains() async throws {
        let copy = try ExampleCopy(isEmpty: true)
        let known = try await samovar("explain", "env-trailing-comma", in: copy)
        #expect(known.status == .exited(0) && known.output.hasPrefix("env-trailing-comma\n\n**Warning**: "))
        let unknown = try await samovar("explain", "env-trailing-coma", in: copy)
        #expect(unknown.status == .exited(64))
        #expect(unknown.errors.contains("did you mean 'env-trailing-comma'?"))
        #expect(try await samovar("explain", in: copy).output.contains("\nenv-trailing-comma "))
    }

    @Test(arguments: [
        ["compile"], ["compile", "x.yaml", "--check"], ["compile", "x.yaml", "--watch"],
        ["check", "x.yaml", "--parameter-overrides", "A"], ["check", "-", "--fix"], ["check", "x.yaml", "--dry-run"],
        ["compile", "-", "-o", "x.json", "--watch"], ["check", "x.yaml", "--no-config", "--config-file", "a.toml"],
    ])
    func refusesWrongUse(_ arguments: [String]) async throws {
        let copy = try ExampleCopy(isEmpty: true)
        let ending = try await Program.samovar(arguments, in: copy.path)
        #expect(ending.status == .exited(64))
        #expect(ending.errors.hasPrefix("Error: "))
    }

    @Test func followsChangesUntilItIsEnded() async throws {
        let copy = try ExampleCopy()
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: ["compile", "-n", "env.json", "-o", "new.json", "--watch"],
            workingDirectory: FilePath(copy.path),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution in
            var said = ""
            var builds = 0
            for try await buffer in execution.standardError {
                said += buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                let count = said.components(separatedBy: "wrote 'new.json'\n").count - 1
                guard count > builds else { continue }
                builds = count
                if builds == 1 {
                    try copy.replace("Timeout: 10", with: "Timeout: 12", in: "template.yaml")
                } else {
                    try execution.send(signal: .terminate)
                }
            }
            return builds
        }
        #expect(result.closureResult == 2)
        #expect(result.terminationStatus == .exited(0))
        #expect(try text("new.json", in: copy).contains("\"timeoutSeconds\": 12"))
    }
}
