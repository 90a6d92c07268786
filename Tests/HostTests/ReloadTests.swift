// What a new manifest and new code replace, and what they leave alone.

import Glibc
import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct ReloadTests {
    private static func code(_ version: String) -> String {
        """
        import os, time
        count = 0
        def handler(event, context):
            global count
            count += 1
            if "until" in event: open("../begun", "w").write("begun")
            while "until" in event and not os.path.exists("../" + event["until"]): time.sleep(0.01)
            return {"version": "\(version)", "pid": os.getpid(), "count": count, "value": os.environ.get("VALUE")}
        """
    }

    private static func function(_ name: String, code: String, value: String, timeout: Int = 20) -> String {
        """
        "\(name)": {"runtime": "python3.12", "handler": "app.handler", "code": "\(code)",
            "timeoutSeconds": \(timeout), "environment": {"VALUE": \(value)}}
        """
    }

    private static let two = [function("A", code: "a", value: "\"1\""), function("B", code: "b", value: "\"1\"")]
        .joined(separator: ", ")
    private static let files = ["a/app.py": code("old"), "b/app.py": code("old")]

    @Test func changedCodeRestartsItsFunctionOnly() async throws {
        let functions = Self.two + ", " + Self.function("C", code: "a", value: "\"1\"")
        try await HostFixture.withHost(functions, files: Self.files) { fixture in
            let other = try #require(try await fixture.invoke("B").number("pid"))
            let old = try #require(try await fixture.invoke("A").number("pid"))
            let sharing = try #require(try await fixture.invoke("C").number("pid"))
            try fixture.write(Self.code("new"), to: "a/app.py")
            #expect(try await eventually { try await fixture.invoke("A").text("version") == "new" })
            #expect(try await eventually { try await fixture.invoke("C").text("version") == "new" })
            #expect(try await eventually { !isAlive(old) && !isAlive(sharing) })
            let untouched = try await fixture.invoke("B")
            #expect(untouched.number("pid") == other)
            #expect(untouched.number("count") == 2)
        }
    }

    @Test func requestUnderWayEndsOnTheOldCode() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let old = try #require(try await fixture.invoke("A").number("pid"))
            async let pending = fixture.invoke("A", #"{"until": "go"}"#)
            #expect(try await eventually { fixture.text(of: "begun") == "begun" })
            try fixture.write(Self.code("new"), to: "a/app.py")
            #expect(try await eventually { fixture.log.count("code changed") == 1 })
            #expect(try await fixture.invoke("A").text("version") == "new")
            try fixture.write("", to: "go")
            let answer = try await pending
            #expect(answer.text("version") == "old")
            #expect(answer.number("pid") == old)
            #expect(try await eventually { !isAlive(old) })
        }
    }

    @Test func requestRightAfterASaveSeesTheNewCode() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            for (function, file) in [("A", "a/app.py"), ("B", "b/app.py")] {
                _ = try await fixture.invoke(function)
                try fixture.write(Self.code("new"), to: file)
                #expect(try await fixture.invoke(function).text("version") == "new")
            }
        }
    }

    @Test func newCodeStartsBeforeItIsAskedFor() async throws {
        let starting = "import os; open('../starts', 'a').write('%')\n"
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            // Nobody has asked for it, so nobody is waiting for its new code either.
            try fixture.write(starting.replacing("%", with: "0") + Self.code("0"), to: "a/app.py")
            #expect(try await eventually { fixture.log.count("code changed") == 1 })
            _ = try await fixture.invoke("A")
            for version in ["1", "2"] {
                try fixture.write(starting.replacing("%", with: version) + Self.code(version), to: "a/app.py")
                #expect(try await eventually { fixture.text(of: "starts").hasSuffix(version) })
            }
            let answer = try await fixture.invoke("A")
            #expect(answer.text("version") == "2")
            #expect(answer.number("count") == 1)
            #expect(fixture.text(of: "starts") == "012")
        }
    }

    @Test func syntaxErrorIsLoggedRightAfterEachSave() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            _ = try await fixture.invoke("A")
            for count in 1...4 {
                try fixture.write("x = \(count)\ndef (", to: "a/app.py")
                #expect(try await eventually { fixture.log.count("function failed") == count })
            }
            let line = try #require(fixture.log.lines.last { $0.message == "function failed" })
            #expect(line.metadata["reason"]?.contains("app.py") == true)
            #expect(line.metadata["reason"]?.contains("line 2") == true)
            #expect(try await fixture.invoke("A").text("errorType") == "Runtime.UserCodeSyntaxError")
            try fixture.write(Self.code("mended"), to: "a/app.py")
            #expect(try await fixture.invoke("A").text("version") == "mended")
        }
    }

    @Test func nestedFoldersOfCode() async throws {
        let functions = [
            Self.function("Outer", code: "a", value: "\"1\""), Self.function("Inner", code: "a/in", value: "\"1\""),
        ]
        let files = ["a/app.py": Self.code("old"), "a/in/app.py": Self.code("old")]
        try await HostFixture.withHost(functions.joined(separator: ", "), files: files) { fixture in
            let inner = try #require(try await fixture.invoke("Inner").number("pid"))
            let outer = try #require(try await fixture.invoke("Outer").number("pid"))
            try fixture.write(Self.code("new"), to: "a/app.py")
            #expect(try await eventually { try await fixture.invoke("Outer").text("version") == "new" })
            #expect(try await fixture.invoke("Inner").number("pid") == inner)
            #expect(try await eventually { !isAlive(outer) })
            try fixture.write(Self.code("new"), to: "a/in/app.py")
            #expect(try await eventually { try await fixture.invoke("Inner").text("version") == "new" })
            #expect(try await eventually { fixture.log.count("code changed") == 3 })
        }
    }

    @Test func reservedConcurrencyAloneRestartsNothing() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let kept = try #require(try await fixture.invoke("A").number("pid"))
            let throttled = Self.two.replacing("\"A\": {", with: "\"A\": {\"reservedConcurrency\": 0, ")
            try fixture.write(HostFixture.manifest(throttled), to: "routes.json")
            #expect(await fixture.host.reload())
            #expect(try await fixture.invoke("A").status == .tooManyRequests)
            try fixture.write(HostFixture.manifest(Self.two), to: "routes.json")
            #expect(await fixture.host.reload())
            #expect(try await fixture.invoke("A").number("pid") == kept)
        }
    }

    @Test func brokenCodeIsMended() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            try fixture.write("def (", to: "a/app.py")
            let isBroken = try await eventually {
                try await fixture.invoke("A").text("errorType") == "Runtime.UserCodeSyntaxError"
            }
            #expect(isBroken)
            for _ in 0..<5 { _ = try await fixture.invoke("A") }
            try fixture.write(Self.code("mended"), to: "a/app.py")
            #expect(try await eventually { try await fixture.invoke("A").text("version") == "mended" })
        }
    }

    @Test func noiseIsNoChange() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let pid = try #require(try await fixture.invoke("A").number("pid"))
            for name in ["__pycache__/app.pyc", ".git/index", "app.py~", ".app.py.swp", "x.pyc"] {
                // Not atomically: that would pass through a file of another name.
                try fixture.write("noise", to: "a/\(name)", atomically: false)
            }
            // The change of the other folder comes after the noise, so what noise does has been done by then.
            try fixture.write(Self.code("new"), to: "b/app.py")
            #expect(try await eventually { fixture.log.count("code changed") == 1 })
            #expect(try await fixture.invoke("A").number("pid") == pid)
        }
    }

    @Test func manifestReload() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let kept = try #require(try await fixture.invoke("A").number("pid"))
            let old = try #require(try await fixture.invoke("B").number("pid"))
            let functions = [
                Self.function("A", code: "a", value: "\"1\""), Self.function("B", code: "b", value: "\"2\""),
                Self.function("New", code: "b", value: "\"3\""),
            ]
            try fixture.write(HostFixture.manifest(functions.joined(separator: ", ")), to: "routes.json")
            #expect(await fixture.host.reload())
            #expect(try await fixture.invoke("A").number("pid") == kept)
            #expect(try await fixture.invoke("B").text("value") == "2")
            #expect(try await fixture.invoke("New").text("value") == "3")
            #expect(try await eventually { !isAlive(old) })

            try fixture.write(HostFixture.manifest(functions[0]), to: "routes.json")
            #expect(await fixture.host.reload())
            #expect(try await fixture.invoke("B").status == .notFound)
            #expect(try await fixture.invoke("A").number("pid") == kept)
        }
    }

    @Test(arguments: [
        ("", "line 1"), ("{\"manifest\": 1", "line 1"), (#"{"manifest": 2}"#, "at /manifest"),
        (#"{"manifest": 1, "apis": {}, "functions": {"A": {"timeout": 3}}}"#, "at /functions/A/timeout"),
    ])
    func badManifestIsRefused(text: String, place: String) async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let pid = try #require(try await fixture.invoke("A").number("pid"))
            try fixture.write(text, to: "routes.json")
            let isTaken = await fixture.host.reload()
            #expect(!isTaken)
            let line = try #require(fixture.log.lines.first { $0.message == "manifest refused, the old one stays" })
            #expect(line.metadata["reason"]?.contains("routes.json': \(place)") == true)
            #expect(try await fixture.invoke("A").number("pid") == pid)
        }
    }

    @Test func manifestIsWatched() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let watching = Task { await fixture.host.watchManifest() }
            defer { watching.cancel() }
            let functions = Self.function("Late", code: "a", value: "\"1\"")
            try fixture.write(HostFixture.manifest(functions), to: "routes.json")
            #expect(try await eventually { try await fixture.invoke("Late").status == .ok })
        }
    }

    @Test func secretsComeFromTheSidecar() async throws {
        let function = Self.function("A", code: "a", value: #"{"secret": "env.json"}"#)
        let sidecar = #"{"functions": {"A": {"VALUE": "hush"}}}"#
        let files = Self.files.merging(["routes.secrets.json": sidecar]) { $1 }
        try await HostFixture.withHost(function, files: files) { fixture in
            #expect(try await fixture.invoke("A").text("value") == "hush")
            try fixture.write(#"{"functions": {}}"#, to: "routes.secrets.json")
            #expect(await fixture.host.reload())
            #expect(try await fixture.invoke("A").json?["value"] == .null)
            #expect(try await eventually { fixture.log.lines.contains { $0.metadata["variables"] == "[\"VALUE\"]" } })
            #expect(fixture.log.lines.allSatisfy { !$0.message.contains("hush") && !"\($0.metadata)".contains("hush") })
        }
    }

    @Test func stopLetsRequestsEndAndLeavesNothing() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let idle = try #require(try await fixture.invoke("B").number("pid"))
            let busy = try #require(try await fixture.invoke("A").number("pid"))
            async let pending = fixture.invoke("A", #"{"until": "go"}"#)
            #expect(try await eventually { fixture.text(of: "begun") == "begun" })
            async let stopping: Void = fixture.host.stop()
            // Once nobody is let in any more, it waits for the request.
            #expect(try await eventually { (try? await fixture.invoke("B")) == nil })
            try fixture.write("", to: "go")
            let answer = try await pending
            await stopping
            #expect(answer.status == .ok)
            #expect(answer.number("pid") == busy)
            #expect(!isAlive(idle))
            #expect(!isAlive(busy))
        }
    }

    @Test func startErrors() async throws {
        try await HostFixture.withHost(Self.two, files: Self.files) { fixture in
            let path = "\(fixture.directory)/routes.json"
            var configuration = HostConfiguration(manifest: path, environment: [:])
            configuration.listenPort = fixture.host.port
            let taken = await #expect(throws: HostError.self) {
                try await HandlerHost.start(configuration, logger: fixture.log.logger, log: fixture.log)
            }
            #expect(
                taken?.description
                    == "cannot listen on 127.0.0.1:\(fixture.host.port): Address already in use"
            )
            // Searches that its end has cut short are no fault of functions.
            #expect(!fixture.log.lines.contains { $0.metadata["reason"]?.contains("ThreadPool") == true })
            configuration.manifest = "\(fixture.directory)/absent.json"
            let missing = await #expect(throws: HostError.self) {
                try await HandlerHost.start(configuration, logger: fixture.log.logger, log: fixture.log)
            }
            #expect(missing?.description.hasSuffix("absent.json' cannot be read: No such file or directory") == true)
        }
    }
}
