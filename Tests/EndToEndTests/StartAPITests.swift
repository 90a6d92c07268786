// The whole way: template and env.json, through compiler, host and proxy, to functions and back.

import Foundation
import JSON
import Subprocess
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2)))
struct StartAPITests {
    @Test func takesOptionsFromSamconfig() async throws {
        let folder = try ExampleCopy()
        let text = """
            version: 0.1
            default:
              local_start_api:
                parameters: {env_vars: env.json, warm_containers: EAGER, port: 1}
            """
        try folder.write(text, to: "samconfig.yaml")
        // The port of the command line counts, and what means nothing here is accepted.
        try await Gateway.run(in: folder, ["--profile", "shop"]) { gateway in
            let ratings = try await gateway.request("GET", "/ratings?stars=4")
            #expect(try JSONParser.parse(ratings.body)["table"]?.string == "localtable")
        }
    }

    @Test func servesTheExample() async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder) { gateway in
            let ratings = try await gateway.request("GET", "/ratings?stars=4")
            #expect(ratings.status == 200)
            let body = try JSONParser.parse(ratings.body)
            #expect(body["table"]?.string == "localtable")
            #expect(body["bucket"]?.string == "amzn-s3-demo-bucket")
            #expect(body["stage"]?.string == "test")
            #expect(body["ratings"]?.array?.count == 2)

            let hello = try await gateway.request("PUT", "/hello", body: "anything")
            #expect(hello.status == 200)
            #expect(hello.headers["x-custom-header"] == "my custom header value")
            #expect(hello.body == "hello world")

            let order = try await gateway.request("GET", "/orders/a%20b")
            #expect(order.status == 200)
            let orderBody = try JSONParser.parse(order.body)
            #expect(orderBody["id"]?.string == "a b")
            #expect(orderBody["stage"]?.string == "dev")

            let json = ["Content-Type": "application/json"]
            let placed = try await gateway.request("POST", "/orders", headers: json, body: #"{"item": "teapot"}"#)
            #expect(placed.status == 201)
            #expect(placed.headers["location"] == "/orders/42")
            let placedBody = try JSONParser.parse(placed.body)
            #expect(placedBody["item"]?.string == "teapot")

            let refused = try await gateway.request("POST", "/orders", headers: json, body: "not JSON")
            #expect(refused.status == 400)
        }
    }

    @Test(arguments: ["text", "json"])
    func logsRequestsAsItLogsFunctions(format: String) async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder, ["--log-file", "out.log", "--log-format", format]) { gateway in
            _ = try await gateway.request("GET", "/hello")
        }
        let log = try String(contentsOf: URL(filePath: "\(folder.path)/out.log"), encoding: .utf8)
        let lines = log.split(separator: "\n")
        if format == "json" {
            let path = try lines.compactMap { try JSONParser.parse(String($0))["path"]?.string }
            #expect(path == ["/hello"])
        } else {
            let line = try #require(
                lines.first { $0.contains(" access ") }?.firstMatch(of: #/samovar-proxy (.{8}) access/#)
            )
            // The request has the same name in the lines of its function.
            #expect(
                lines.contains { $0.contains("Hello") && $0.contains(" \(line.1) lambda  START RequestId: \(line.1)") }
            )
        }
    }

    @Test func saysWhatIsMounted() async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder, ["--env-vars", "env.json", "--skip-pull-image"]) { gateway in
            let text = await gateway.log.text
            let address = "http://127.0.0.1:\(gateway.port)"
            #expect(text.contains("Mounting Ratings at \(address)/ratings [GET]\n"))
            #expect(
                text.contains("Mounting Hello at \(address)/hello [GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS]\n")
            )
            #expect(text.contains("Mounting Orders at \(address)/orders/{id} [GET]\n"))
            #expect(text.contains("Note: --skip-pull-image has no effect here."))
        }
    }

    @Test func tellsFunctionsTheRegion() async throws {
        let folder = try ExampleCopy()
        try folder.replace(#"os.environ["STAGE"]"#, with: #"os.environ["AWS_REGION"]"#, in: "ratings/ratings.py")
        try await Gateway.run(in: folder, ["--region", "eu-north-1"]) { gateway in
            let answer = try await gateway.request("GET", "/ratings")
            #expect(answer.body.contains(#""stage": "eu-north-1""#))
        }
    }

    @Test func mountsNewRoutesWithoutDroppingConnections() async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder) { gateway in
            let connection = try await HTTPConnection(port: gateway.port)
            #expect(try await connection.request("GET", "/ratings").status == 200)
            #expect(try await connection.request("GET", "/stars").status != 200)
            try folder.replace("Path: /ratings", with: "Path: /stars", in: "template.yaml")
            let answer = try await gateway.poll("/stars", on: connection) { $0.status == 200 }
            #expect(answer.body.contains("localtable"))
            #expect(try await connection.request("GET", "/ratings").status != 200)
        }
    }

    @Test func keepsServingWhileTheTemplateIsBroken() async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder) { gateway in
            try folder.replace("Type: AWS::Serverless::Function", with: "Type: [", in: "template.yaml")
            _ = try await gateway.log.line(containing: "cannot be compiled; what was mounted before keeps serving")
            #expect(try await gateway.request("GET", "/ratings").status == 200)
        }
    }

    @Test func runsChangedCode() async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder) { gateway in
            #expect(try await gateway.request("GET", "/hello").body == "hello world")
            try folder.replace("hello world", with: "good day", in: "hello/index.js")
            let answer = try await gateway.poll("/hello") { $0.body != "hello world" }
            #expect(answer.status == 200)
            #expect(answer.body == "good day")
        }
    }

    @Test(arguments: [Signal.interrupt, .terminate, .terminalClosed])
    func endsWithEverythingThatItStarted(_ signal: Signal) async throws {
        let folder = try ExampleCopy()
        let started = Box<[pid_t]>([])
        let status = try await Gateway.run(in: folder) { gateway in
            let answer = try await gateway.request("GET", "/ratings")
            #expect(answer.status == 200)
            started.value = ProcessTree.descendants(of: gateway.process)
            kill(gateway.process, signal.rawValue)
            await gateway.log.waitForEnd()
            #expect(await !gateway.log.text.contains("Warning: "))
        }
        #expect(status == .exited(0))
        // Host, proxy and a function at the least.
        #expect(started.value.count >= 3)
        #expect(started.value.filter(ProcessTree.isRunning).isEmpty)
    }

    @Test func leavesNothingBehindWhenItIsKilled() async throws {
        let folder = try ExampleCopy()
        let started = Box<[pid_t]>([])
        let status = try await Gateway.run(in: folder) { gateway in
            let answer = try await gateway.request("GET", "/ratings")
            #expect(answer.status == 200)
            started.value = ProcessTree.descendants(of: gateway.process)
            kill(gateway.process, SIGKILL)
        }
        #expect(status == .signaled(SIGKILL))
        #expect(started.value.count >= 3)
        while started.value.contains(where: ProcessTree.isRunning) { try await Task.sleep(for: .milliseconds(50)) }
    }

    @Test(arguments: ["samovar-host", "samovar-proxy"])
    func endsWhenAProgramEnds(_ name: String) async throws {
        let folder = try ExampleCopy()
        let status = try await Gateway.run(in: folder) { gateway in
            let programs = ProcessTree.descendants(of: gateway.process)
            kill(try #require(programs.first { ProcessTree.name(of: $0) == name }), SIGKILL)
            _ = try await gateway.log.line(containing: "Error: '\(name)' was ended by signal 9")
        }
        #expect(status == .exited(1))
    }

    @Test func refusesAPortThatIsInUse() async throws {
        let folder = try ExampleCopy()
        try await Gateway.run(in: folder) { gateway in
            let ending = try await Program.samovar(
                ["start-api", "--env-vars", "env.json", "--port", "\(gateway.port)"],
                in: folder.path
            )
            #expect(ending.status == .exited(1))
            #expect(ending.errors.contains("\nError: "))
            #expect(ending.errors.lowercased().contains("address already in use"))
        }
    }

    @Test func refusesToOpenGuardedRoutesToTheNetwork() async throws {
        let copy = try ExampleCopy()
        let arguments = ["start-api", "-p", "0", "--host", "0.0.0.0", "--disable-authorizer"]
        let ending = try await Program.samovar(arguments, in: copy.path)
        #expect(ending.status == .exited(1))
        #expect(ending.errors.contains("authorizers are disabled"), "\(ending.errors)")
        #expect(ending.errors.contains("--expose-without-authorizers"), "\(ending.errors)")
    }

    @Test func refusesWhatItCannotCompile() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        let without = try await Program.samovar(["start-api"], in: folder.path)
        #expect(without.status == .exited(1))
        #expect(without.errors.hasPrefix("Error: there is no template.yaml"))

        let missing = try await Program.samovar(["start-api", "--template", "other.yaml"], in: folder.path)
        #expect(missing.status == .exited(1))
        #expect(missing.errors == "Error: template file 'other.yaml' does not exist\n")

        try folder.write("Resources: [\n", to: "template.yaml")
        let broken = try await Program.samovar(["start-api"], in: folder.path)
        #expect(broken.status == .exited(1))
        #expect(broken.errors.contains("template.yaml:"))
        #expect(broken.errors.hasSuffix("Error: 'template.yaml' cannot be compiled\n"))

        try folder.write(
            """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Lonely:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: lonely.handler
                  Runtime: python3.12
                  CodeUri: .
            """,
            to: "template.yaml"
        )
        let lonely = try await Program.samovar(["start-api"], in: folder.path)
        #expect(lonely.status == .exited(1))
        #expect(
            lonely.errors.hasSuffix("Error: Template does not have any APIs connected to Lambda functions\n")
        )
    }
}

/// A value that a closure hands out.
final class Box<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>
    init(_ value: Value) { storage = Mutex(value) }
    var value: Value {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}
