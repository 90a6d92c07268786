// Real extensions: programs of layers, and threads of the runtime.

import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct ExtensionTests {
    /// What extensions and functions of these tests share: a client, and a diary of what has come.
    private static let library = """
        import http.client, json, os, sys, tempfile, time
        def note(text):
            with open(os.environ["DIARY"], "a") as file: file.write(text + "\\n")
        def call(method, path, headers={}, body=None):
            connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        def register(name, events):
            status, body, headers = call("POST", "/2020-01-01/extension/register",
                {"Lambda-Extension-Name": name}, json.dumps({"events": events}))
            return status, body, headers["Lambda-Extension-Identifier"]
        def event(id):
            status, body, headers = call("GET", "/2020-01-01/extension/event/next", {"Lambda-Extension-Identifier": id})
            return json.loads(body)
        """

    private static let external =
        "#!/usr/bin/env python3\n" + library + """

            with open(tempfile.gettempdir() + "/of-the-extension", "w") as file: file.write("here")
            status, body, id = register(os.path.basename(sys.argv[0]), ["INVOKE", "SHUTDOWN"])
            note("registered " + body)
            note("logs %d %s" % call("PUT", "/2020-08-15/logs", {"Lambda-Extension-Identifier": id}, "{}")[:2])
            note("telemetry %d %s" % call("PUT", "/2022-07-01/telemetry", {}, "{}")[:2])
            while True:
                happened = event(id)
                if happened["eventType"] == "SHUTDOWN":
                    note("SHUTDOWN " + happened["shutdownReason"])
                    sys.exit(0)
                note("INVOKE " + happened["requestId"] + " " + happened["invokedFunctionArn"])
                if os.path.exists(os.environ["DIARY"] + ".crash"): sys.exit(7)
            """

    private static let function =
        library + """

            import threading
            note("runtime")
            registered = threading.Event()
            def inside():
                status, body, id = register("inside", ["INVOKE"])
                registered.set()
                while True: note("inside " + event(id)["eventType"])
            threading.Thread(target=inside, daemon=True).start()
            registered.wait()
            def handler(event, context):
                if "sleep" in event: time.sleep(event["sleep"])
                return {"pid": os.getpid(), "id": context.aws_request_id,
                    "isShared": os.path.exists(tempfile.gettempdir() + "/of-the-extension"), "ping": call("GET", "/2018-06-01/ping")[1],
                    "closed": register("late", ["INVOKE"])[:2], "unknown": call("GET", "/2020-01-01/extension/event/next",
                        {"Lambda-Extension-Identifier": "00000000-0000-0000-0000-000000000000"})[:2],
                    "missing": call("GET", "/2020-01-01/extension/event/next")[:2]}
            """

    /// What extensions and functions have written down.
    private struct Diary: Sendable {
        let path: String
        var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
    }

    private func withHost(
        timeout: Int = 20,
        _ body: (HostFixture, Diary) async throws -> Void,
        afterwards: (Diary) -> Void = { _ in }
    ) async throws {
        try await HostFixture.withDirectory { directory in
            let program = "\(directory)/layer/extensions/outside"
            try HostFixture.write(Self.external, to: program)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            try HostFixture.write("not executable", to: "\(directory)/layer/extensions/README")
            let diary = Diary(path: "\(directory)/diary")
            let function = """
                "F": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "layers": ["\(directory)/layer"],
                "timeoutSeconds": \(timeout), "environment": {"DIARY": "\(diary.path)"}}
                """
            try await HostFixture.withHost(function, files: ["f/app.py": Self.function]) { fixture in
                try await body(fixture, diary)
            }
            afterwards(diary)
        }
    }

    @Test func lifeOfExtensions() async throws {
        try await withHost { fixture, diary in
            let answer = try await fixture.invoke("F")
            let id = try #require(answer.text("id"))
            #expect(answer.text("ping") == "pong")
            #expect(answer.json?["isShared"] == .boolean(true))
            #expect(answer.body.contains("Extension.RegistrationClosed"))
            #expect(answer.body.contains("Extension.UnknownExtensionIdentifier"))
            #expect(answer.body.contains("Extension.MissingExtensionIdentifier"))
            let second = try await fixture.invoke("F")
            #expect(second.number("pid") == answer.number("pid"))
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:F"
            #expect(try await eventually { diary.text.components(separatedBy: "inside INVOKE").count == 3 })
            let lines = diary.text.split(separator: "\n")
            let start = try #require(lines.first)
            #expect(start.hasPrefix("registered {"))
            #expect(start.contains(#""functionName":"F""#))
            #expect(start.contains(#""handler":"app.handler""#))
            #expect(
                diary.text.contains(
                    #"logs 202 {"errorMessage":"Logs API is not supported","errorType":"Logs.NotSupported"}"#
                )
            )
            #expect(diary.text.contains("telemetry 202 "))
            #expect(diary.text.contains("INVOKE \(id) \(arn)\n"))
            // The extension stands before the runtime.
            let runtime = try #require(lines.firstIndex(of: "runtime"))
            #expect(runtime > 0)
            #expect(!diary.text.contains("SHUTDOWN"))
        } afterwards: { diary in
            // The host has stopped.
            #expect(diary.text.contains("SHUTDOWN spindown"))
        }
    }

    @Test func newCodeEndsTheOldExtensionInOrder() async throws {
        try await withHost { fixture, diary in
            let first = try await fixture.invoke("F")
            try fixture.write(Self.function + "\n# changed\n", to: "f/app.py")
            let changed = try await eventually {
                try await fixture.invoke("F").number("pid") != first.number("pid")
            }
            #expect(changed)
            #expect(try await eventually { diary.text.contains("SHUTDOWN spindown") })
        }
    }

    @Test func timeoutIsTheReasonOfTheEnd() async throws {
        try await withHost(timeout: 2) { fixture, diary in
            let answer = try await fixture.invoke("F", #"{"sleep": 100}"#)
            #expect(answer.text("errorType") == "Sandbox.Timedout")
            #expect(try await eventually { diary.text.contains("SHUTDOWN timeout") })
            #expect(try await fixture.invoke("F").functionError == nil)
        }
    }

    @Test func crashOfAnExtensionFailsTheRequest() async throws {
        try await withHost { fixture, diary in
            _ = try await fixture.invoke("F")
            try HostFixture.write("", to: diary.path + ".crash")
            let answer = try await fixture.invoke("F", #"{"sleep": 5}"#)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "Extension.Crash")
            #expect(answer.text("errorMessage")?.hasSuffix("outside: exit status 7") == true)
            try FileManager.default.removeItem(atPath: diary.path + ".crash")
            #expect(try await eventually { try await fixture.invoke("F").functionError == nil })
        }
    }
}
