// Python functions from the Invoke API to the handler and back.

import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct PythonFunctionTests {
    private static let code = """
        import os, sys, datetime, decimal

        def handler(event, context):
            print("stdout says", event)
            print("no newline at the end", end="")
            print("stderr says", event, file=sys.stderr)
            what = event.get("what")
            if what == "raise":
                raise ValueError("böom")
            if what == "set":
                return {1}
            if what == "decimal":
                return decimal.Decimal("1.5")
            if what == "none":
                return None
            if what == "text":
                return "grüße \\u2603"
            if what == "environment":
                return dict(os.environ)
            if what == "descriptors":
                return sorted(int(name) for name in os.listdir("/proc/self/fd"))
            return {
                "id": context.aws_request_id, "name": context.function_name, "arn": context.invoked_function_arn,
                "memory": context.memory_limit_in_mb, "group": context.log_group_name,
                "version": context.function_version, "left": context.get_remaining_time_in_millis(),
                "custom": context.client_context.custom if context.client_context else None,
                "directory": os.getcwd(), "input": sys.stdin.read(), "written": os.path.exists("__pycache__"),
            }
        """
    private static let function = """
        "Py": {"name": "py-name", "runtime": "python3.12", "handler": "lib/app.handler", "code": "py",
            "memoryMegabytes": 256, "environment": {"TABLE": "örtlich", "TZ": "Europe/Berlin"}}
        """

    private func withFunction(_ body: (HostFixture) async throws -> Void) async throws {
        try await HostFixture.withHost(Self.function, files: ["py/lib/app.py": Self.code], body)
    }

    @Test func context() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Py")
            #expect(answer.status == .ok)
            #expect(answer.functionError == nil)
            #expect(answer.headers.first(name: "X-Amz-Executed-Version") == "$LATEST")
            #expect(answer.text("id") == answer.headers.first(name: "x-amzn-RequestId"))
            #expect(answer.text("name") == "py-name")
            #expect(answer.text("arn") == "arn:aws:lambda:us-east-1:123456789012:function:Py")
            #expect(answer.text("memory") == "256")
            #expect(answer.text("group") == "/aws/lambda/py-name")
            #expect(answer.text("version") == "$LATEST")
            let left = try #require(answer.number("left"))
            #expect((1...3000).contains(left))
            #expect(answer.text("directory")?.hasSuffix("/py") == true)
            #expect(answer.text("input") == "")
            #expect(answer.json?["written"] == false)
        }
    }

    @Test func clientContext() async throws {
        try await withFunction { fixture in
            // {"custom":{"a":"ü"}}
            let header = ("X-Amz-Client-Context", "eyJjdXN0b20iOnsiYSI6IsO8In19")
            let answer = try await fixture.invoke("Py", headers: [header])
            #expect(answer.json?["custom"]?["a"] == "ü")
            let refused = try await fixture.invoke("Py", headers: [("X-Amz-Client-Context", "%%%")])
            #expect(refused.status == .badRequest)
        }
    }

    @Test func results() async throws {
        try await withFunction { fixture in
            for (what, body) in [("decimal", "1.5"), ("none", "null"), ("text", "\"grüße ☃\"")] {
                let answer = try await fixture.invoke("Py", #"{"what": "\#(what)"}"#)
                #expect(answer.body == body)
            }
        }
    }

    @Test func raisedError() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Py", #"{"what": "raise"}"#)
            #expect(answer.status == .ok)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "ValueError")
            #expect(answer.text("errorMessage") == "böom")
            #expect(answer.text("requestId") == answer.headers.first(name: "x-amzn-RequestId"))
            let trace = try #require(answer.json?["stackTrace"]?.array)
            #expect(trace.count == 1)
            #expect(trace.first?.string?.contains("lib/app.py\", line 9, in handler") == true)
        }
    }

    @Test func resultThatIsNoJSON() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Py", #"{"what": "set"}"#)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "Runtime.MarshalError")
            #expect(
                answer.text("errorMessage") == "Unable to marshal response: Object of type set is not JSON serializable"
            )
        }
    }

    @Test func environmentAndDescriptors() async throws {
        try await withFunction { fixture in
            let environment = try await fixture.invoke("Py", #"{"what": "environment"}"#)
            #expect(environment.text("TABLE") == "örtlich")
            #expect(environment.text("TZ") == "Europe/Berlin")
            #expect(environment.text("_HANDLER") == "lib/app.handler")
            #expect(environment.text("AWS_LAMBDA_FUNCTION_NAME") == "py-name")
            #expect(environment.text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") == "256")
            #expect(environment.text("LAMBDA_TASK_ROOT")?.hasSuffix("/py") == true)
            #expect(environment.text("AWS_REGION") == "us-east-1")
            #expect(environment.text("AWS_ACCESS_KEY_ID") != nil)
            #expect(environment.text("_X_AMZN_TRACE_ID")?.hasPrefix("Root=1-") == true)
            #expect(environment.text("HOME") == nil)
            // Three standard ones, the connection to the Runtime API, and the folder that is being listed.
            let descriptors = try await fixture.invoke("Py", #"{"what": "descriptors"}"#)
            #expect(descriptors.body == "[0, 1, 2, 3, 4]")
        }
    }

    @Test func outputGoesToTheLog() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Py", #"{"n": 1}"#)
            let id = answer.headers.first(name: "x-amzn-RequestId")
            let isLogged = try await eventually {
                ["stdout", "stderr"].allSatisfy { (stream: String) in
                    fixture.log.lines.contains {
                        $0.message == "\(stream) says {'n': 1}" && $0.metadata["function"] == "Py"
                            && $0.metadata["request_id"] == id && $0.metadata["stream"] == stream
                    }
                }
            }
            #expect(isLogged)
        }
    }

    @Test(arguments: [
        ("nope.handler", "Runtime.ImportModuleError", "Unable to import module 'nope': No module named 'nope'"),
        ("app.nope", "Runtime.HandlerNotFound", "Handler 'nope' missing on module 'app'"),
        ("app", "Runtime.MalformedHandlerName", "Bad handler 'app': not enough values to unpack (expected 2, got 1)"),
        ("deep.handler", "Runtime.ImportModuleError", "Unable to import module 'deep': No module named 'missing'"),
        (
            "syntax.handler", "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'syntax': invalid syntax (syntax.py, line 1)"
        ),
        ("failing.handler", "KeyError", "'absent'"),
    ])
    func initErrors(handler: String, type: String, message: String) async throws {
        let function = #""F": {"runtime": "python3.12", "handler": "\#(handler)", "code": "py"}"#
        let files = [
            "py/app.py": "value = 1", "py/deep.py": "import missing", "py/syntax.py": "def def",
            "py/failing.py": "{}['absent']",
        ]
        try await HostFixture.withHost(function, files: files) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.status == .ok)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == type)
            #expect(answer.text("errorMessage") == message)
            // The next request tries again.
            #expect(try await fixture.invoke("F").text("errorType") == type)
        }
    }
}
