// Functions that are debugged: the words that their runtimes start with, one process, no timeouts.

import Foundation
import JSON
import Manifest
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import Host

@Suite(.serialized) struct DebuggingTests {
    private static let python = Interpreter(path: "/usr/bin/python3.12", version: "3.12", isExact: true)

    @Test func pythonRunsUnderDebugpy() throws {
        let settings = DebugSettings(port: 5678, arguments: "--wait-for-client  --log-to 'a folder'")
        let words = try settings.python(Self.python, program: ["b.py"]) { true }
        #expect(
            words == [
                "-Xfrozen_modules=off", "-m", "debugpy", "--listen", "127.0.0.1:5678", "--wait-for-client", "--log-to",
                "a folder", "b.py",
            ]
        )
        let old = Interpreter(path: "/usr/bin/python3.9", version: "3.9", isExact: true)
        let oldWords = try DebugSettings(port: 5678).python(old, program: ["b.py"]) { true }
        #expect(oldWords == ["-m", "debugpy", "--listen", "127.0.0.1:5678", "b.py"])
    }

    @Test func aModuleOfTheUsersOwnStandsAlone() throws {
        let settings = DebugSettings(port: 5678, arguments: "-m ikp3db --ikpdb-port=5678")
        let words = try settings.python(Self.python, program: ["b.py"]) { false }
        #expect(words == ["-m", "ikp3db", "--ikpdb-port=5678", "b.py"])
    }

    @Test func aFolderMayHoldDebugpy() async throws {
        try await HostFixture.withDirectory { directory in
            let settings = DebugSettings(port: 1, debuggerPath: directory)
            #expect {
                try settings.python(Self.python, program: []) { true }
            } throws: { error in
                (error as? FunctionFailure)?.reason.contains("pip install --target \(directory) debugpy") == true
            }
            try HostFixture.write("", to: "\(directory)/debugpy/__main__.py")
            let words = try settings.python(Self.python, program: ["b.py"]) { false }
            #expect(words.dropFirst() == ["\(directory)/debugpy", "--listen", "127.0.0.1:1", "b.py"])
        }
    }

    @Test func debugpyThatIsMissingIsSaid() {
        #expect {
            try DebugSettings(port: 1).python(Self.python, program: []) { false }
        } throws: { error in
            (error as? FunctionFailure)?.reason.contains("'/usr/bin/python3.12 -m pip install debugpy'") == true
        }
    }

    @Test(arguments: [
        ("", ["--inspect=127.0.0.1:9", "b.mjs"]),
        ("--inspect-brk", ["--inspect-brk=127.0.0.1:9", "b.mjs"]),
        ("--inspect-brk=0.0.0.0:9 --trace-warnings", ["--inspect-brk=0.0.0.0:9", "--trace-warnings", "b.mjs"]),
        (#"--require "./a b.js" c\ d ''"#, ["--inspect=127.0.0.1:9", "--require", "./a b.js", "c d", "", "b.mjs"]),
    ])
    func nodeRunsWithItsInspector(arguments: String, words: [String]) {
        #expect(DebugSettings(port: 9, arguments: arguments).node(program: ["b.mjs"]) == words)
    }

    @Test func javaRunsWithItsAgent() {
        let agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:9"
        #expect(DebugSettings(port: 9, arguments: "-ea").java(program: ["A"]) == [agent, "-ea", "A"])
        let own = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=9"
        #expect(DebugSettings(port: 9, arguments: own).java(program: ["A"]) == [own, "A"])
    }

    private func definitions(_ names: [String: String?]) -> [String: FunctionDefinition] {
        var definitions: [String: FunctionDefinition] = [:]
        for (id, name) in names {
            var function = Function()
            function.name = name
            definitions[id] = FunctionDefinition(id: id, function: function, secrets: [:], codeRoot: "/")
        }
        return definitions
    }

    @Test func oneFunctionIsMarked() throws {
        let all = definitions(["A": nil, "B": "orders"])
        for name in ["B", "orders"] {
            let marked = try DebugSettings(port: 1, function: name).mark(in: all)
            #expect(marked["A"] == all["A"])
            #expect(marked["B"]?.debugging?.port == 1)
            #expect(marked["B"]?.timeoutSeconds == 36_000)
        }
        let only = try DebugSettings(port: 1).mark(in: definitions(["A": nil]))
        #expect(only["A"]?.debugging != nil)
    }

    @Test(arguments: [(nil, "name it with '--debug-function': A, B"), ("C", "names 'C'")])
    func whichFunctionIsMeantMustBeClear(function: String?, message: String) {
        #expect {
            try DebugSettings(port: 1, function: function).mark(in: definitions(["A": nil, "B": nil]))
        } throws: { error in "\(error)".contains(message) }
    }

    private static func withFreePort(_ body: (Int) async throws -> Void) async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(port)
        close(descriptor)
        try await body(Int(UInt16(bigEndian: address.sin_port)))
    }

    @Test func nodeAnswersItsDebuggerAndKeepsOneProcess() async throws {
        try await Self.withFreePort { port in
            let functions = """
                "F": {"runtime": "nodejs20.x", "handler": "app.handler", "code": "js", "timeoutSeconds": 1},
                "G": {"runtime": "ruby3.3", "handler": "app.handler", "code": "js"}
                """
            let files = [
                "js/app.mjs": """
                import fs from "node:fs";
                export const handler = async (event, context) => {
                  if (event.slow) await new Promise((resolve) => setTimeout(resolve, 1500));
                  if (event.until) fs.writeFileSync("../begun", "begun");
                  while (event.until && !fs.existsSync(`../${event.until}`)) {
                    await new Promise((resolve) => setTimeout(resolve, 10));
                  }
                  return { pid: process.pid, left: context.getRemainingTimeInMillis() };
                };
                """
            ]
            let debugging = DebugSettings(port: port, function: "F")
            try await HostFixture.withHost(functions, files: files, debugging: debugging) { fixture in
                // The debugger is there before the first request, and a request outlives the function's timeout.
                #expect(
                    try await eventually {
                        (try? await HTTPClient.send(.GET, "/json/version", port: port))?.text("Browser")?
                            .hasPrefix("node.js/") == true
                    }
                )
                async let first = fixture.invoke("F", #"{"slow": true}"#)
                async let second = fixture.invoke("F")
                async let third = fixture.invoke("F")
                let answers = try await [first, second, third]
                for answer in answers {
                    #expect(answer.functionError == nil, "\(answer.body)")
                    #expect((answer.number("left") ?? 0) > 30_000_000)
                }
                #expect(Set(answers.map { $0.number("pid") }).count == 1)

                // New code gets the port once the old process has ended, though that is at work when the code changes.
                async let last = fixture.invoke("F", #"{"until": "go"}"#)
                #expect(try await eventually { fixture.text(of: "begun") == "begun" })
                try fixture.write("export const handler = async () => ({ pid: 0 });", to: "js/app.mjs")
                #expect(try await eventually { fixture.log.count("code changed") == 2 })
                try fixture.write("", to: "go")
                #expect(try await last.number("pid") != 0)
                #expect(try await eventually { try await fixture.invoke("F").number("pid") == 0 })
                let inspector = try await HTTPClient.send(.GET, "/json/version", port: port)
                #expect(inspector.text("Browser") != nil)
                #expect(!fixture.log.lines.contains { $0.message.contains("address already in use") })
            }
        }
    }

    @Test(arguments: ["python", "python/lib/python3.12/site-packages"])
    func aLayerMayHoldDebugpy(folder: String) async throws {
        let function = """
            "F": {"runtime": "python3.12", "handler": "app.handler", "code": "py", "layers": ["other", "layer"]}
            """
        let files = [
            "py/app.py": "import sys\ndef handler(event, context): return sys.modules['__main__'].__doc__",
            "other/data": "",
            "layer/\(folder)/debugpy/__init__.py": "",
            // As debugpy, it runs the program that follows its own options.
            "layer/\(folder)/debugpy/__main__.py": """
            \"\"\"a debugger\"\"\"
            import sys
            del sys.argv[:3]
            exec(compile(open(sys.argv[0]).read(), sys.argv[0], "exec"))
            """,
        ]
        let debugging = DebugSettings(port: 1)
        try await HostFixture.withHost(function, files: files, debugging: debugging) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.body == #""a debugger""#)
        }
    }

    @Test func otherRuntimesSayThatTheyCannotBeDebugged() async throws {
        let function = #""F": {"runtime": "ruby3.3", "handler": "app.handler", "code": "rb"}"#
        let debugging = DebugSettings(port: 1)
        try await HostFixture.withHost(function, files: ["rb/app.rb": ""], debugging: debugging) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.text("errorMessage")?.contains("cannot be debugged with '--debug-port'") == true)
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["DEBUGPY_FOLDER"] != nil, "DEBUGPY_FOLDER is not set"))
    func debugpyListens() async throws {
        let folder = try #require(ProcessInfo.processInfo.environment["DEBUGPY_FOLDER"])
        try await Self.withFreePort { port in
            let function = #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "py"}"#
            let files = [
                "py/app.py": "import json, beside, sys\ndef handler(event, context): return sys.path[0] + beside.word",
                "py/beside.py": "word = ' beside'",
            ]
            let debugging = DebugSettings(port: port, debuggerPath: folder)
            try await HostFixture.withHost(function, files: files, debugging: debugging) { fixture in
                let answer = try await fixture.invoke("F")
                #expect(answer.body == "\"\(fixture.directory)/py beside\"")
                // debugpy speaks a protocol of its own; that it takes a connection is enough.
                let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port).get()
                try await connection.close().get()
            }
        }
    }
}
