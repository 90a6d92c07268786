// The Invoke API itself: names, invocation types, errors, limits, and HTTP as it should be.

import Glibc
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct InvokeAPITests {
    private static let function = """
        "F": {"name": "named", "runtime": "python3.12", "handler": "app.handler", "code": "f"},
        "Go": {"runtime": "go1.x", "handler": "app.handler", "code": "f"},
        "Image": {"handler": "app.handler", "code": "f"},
        "NoCode": {"runtime": "python3.12", "handler": "app.handler"},
        "Gone": {"runtime": "python3.12", "handler": "app.handler", "code": "gone"},
        "NoBootstrap": {"runtime": "provided.al2023", "handler": "x", "code": "f"},
        "Boot": {"runtime": "provided.al2023", "handler": "x", "code": "b"}
        """
    private static let code = """
        import os
        def handler(event, context):
            if "touch" in event: open("touched", "w").write("x")
            return {"event": event, "pid": os.getpid(), "arn": context.invoked_function_arn}
        """

    private func withHost(_ body: (HostFixture) async throws -> Void) async throws {
        try await HostFixture.withHost(Self.function, files: ["f/app.py": Self.code], body)
    }

    @Test func spellingsOfTheName() async throws {
        try await withHost { fixture in
            let names = [
                "F", "named", "F:live", "F:$LATEST", "F%3A1", "123456789012:function:F", "function:named",
                "arn:aws:lambda:us-east-1:123456789012:function:F",
                "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Anamed%3A%24LATEST",
            ]
            for name in names {
                let answer = try await fixture.invoke(name, query: "?Other=live&qualifier=x")
                #expect(answer.status == .ok, "\(name)")
                #expect(answer.functionError == nil, "\(name)")
            }
        }
    }

    @Test func pagesInABrowserInvokeNothing() async throws {
        try await withHost { fixture in
            let answer = try await fixture.invoke("F", #"{"touch": 1}"#, headers: [("Origin", "https://example.com")])
            #expect(answer.status == .forbidden)
            #expect(answer.headers.first(name: "x-amzn-ErrorType") == "AccessDeniedException")
            #expect(access("\(fixture.directory)/f/touched", F_OK) != 0)
        }
    }

    @Test func qualifiers() async throws {
        try await withHost { fixture in
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:F"
            for (name, query, seen) in [
                ("F", "", arn), ("F", "?Qualifier=live", arn + ":live"), ("F:live", "", arn + ":live"),
                ("F:live", "?Qualifier=live", arn + ":live"), ("F", "?Qualifier=%24LATEST", arn + ":$LATEST"),
            ] {
                let answer = try await fixture.invoke(name, query: query)
                #expect(answer.text("arn") == seen, "\(name)\(query)")
            }
            let other = try await fixture.invoke("F:live", query: "?Qualifier=1")
            #expect(other.status == .badRequest)
            #expect(other.headers.first(name: "x-amzn-ErrorType") == "InvalidParameterValueException")
            #expect(
                other.text("message")
                    == "The derived qualifier from the function name does not match the specified qualifier."
            )
            for query in ["?Qualifier=", "?Qualifier=a%20b", "?Qualifier=%zz", "?Qualifier=a%0d%0ab"] {
                #expect(try await fixture.invoke("F", query: query).status == .badRequest, "\(query)")
            }
            #expect(try await fixture.invoke("F%0d%0aX", query: "").status == .badRequest)
        }
    }

    @Test func traceAndTenant() async throws {
        try await withHost { fixture in
            let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
            let answer = try await fixture.invoke("F", headers: [("X-Amzn-Trace-Id", trace)])
            #expect(answer.headers.first(name: "X-Amzn-Trace-Id") == trace)
            let made = try await fixture.invoke("F")
            #expect(made.headers.first(name: "X-Amzn-Trace-Id")?.hasPrefix("Root=1-") == true)
            for tenant in ["", "a;b", String(repeating: "x", count: 257)] {
                let refused = try await fixture.invoke("F", headers: [("X-Amz-Tenant-Id", tenant)])
                #expect(refused.status == .badRequest, "\(tenant)")
            }
        }
    }

    @Test func unknownFunction() async throws {
        try await withHost { fixture in
            let answer = try await fixture.invoke("Nope")
            #expect(answer.status == .notFound)
            #expect(answer.headers.first(name: "x-amzn-ErrorType") == "ResourceNotFoundException")
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:Nope"
            #expect(answer.body == #"{"Type":"User","Message":"Function not found: \#(arn)"}"#)
        }
    }

    @Test func payloads() async throws {
        try await withHost { fixture in
            let event = try await fixture.invoke("F", #"{"a": "ü\ud83d\ude00", "b": [1.5e3, null, true]}"#)
            #expect(event.json?["event"]?["a"] == "ü😀")
            let empty = try await fixture.invoke("F", "")
            #expect(empty.json?["event"] == [:])
            for body in ["{", "nul", "{} {}", "{\"a\":}"] {
                let answer = try await fixture.invoke("F", body)
                #expect(answer.status == .badRequest, "\(body)")
                #expect(answer.headers.first(name: "x-amzn-ErrorType") == "InvalidRequestContentException")
            }
        }
    }

    @Test func payloadTooLarge() async throws {
        try await withHost { fixture in
            let fits = try await fixture.invoke("F", "\"" + String(repeating: "x", count: 6_291_554) + "\"")
            // It comes back with a few bytes more, and that is too much.
            #expect(fits.text("errorType") == "Function.ResponseSizeTooLarge")
            let tooLarge = try await fixture.invoke("F", "\"" + String(repeating: "x", count: 6_291_555) + "\"")
            #expect(tooLarge.status == .payloadTooLarge)
            #expect(tooLarge.headers.first(name: "x-amzn-ErrorType") == "RequestTooLargeException")
            let event = [("X-Amz-Invocation-Type", "Event")]
            let large = try await fixture.invoke(
                "F",
                "\"" + String(repeating: "x", count: 1_048_576) + "\"",
                headers: event
            )
            #expect(large.status == .payloadTooLarge)
        }
    }

    @Test func eventInvocation() async throws {
        try await withHost { fixture in
            let answer = try await fixture.invoke("F", #"{"touch": 1}"#, headers: [("X-Amz-Invocation-Type", "Event")])
            #expect(answer.status == .accepted)
            #expect(answer.body.isEmpty)
            #expect(answer.headers.first(name: "x-amzn-RequestId") != nil)
            let file = "\(fixture.directory)/f/touched"
            #expect(try await eventually { access(file, F_OK) == 0 })
        }
    }

    @Test func dryRun() async throws {
        try await withHost { fixture in
            let headers = [("X-Amz-Invocation-Type", "DryRun")]
            let answer = try await fixture.invoke("F", #"{"touch": 1}"#, headers: headers)
            #expect(answer.status == .noContent)
            let unknown = try await fixture.invoke("Nope", headers: headers)
            #expect(unknown.status == .notFound)
            let type = try await fixture.invoke("F", headers: [("X-Amz-Invocation-Type", "Perhaps")])
            #expect(type.status == .badRequest)
            #expect(access("\(fixture.directory)/f/touched", F_OK) != 0)
        }
    }

    @Test func otherPathsAndMethods() async throws {
        try await withHost { fixture in
            let path = "/2015-03-31/functions/F/invocations"
            let method = try await fixture.send(.GET, path)
            #expect(method.status == .methodNotAllowed)
            #expect(method.headers.first(name: "Allow") == "POST")
            for path in ["/", "/2015-03-31/functions//invocations", "/2015-03-31/functions/F", "/2018-06-01/runtime"] {
                let answer = try await fixture.send(.POST, path)
                #expect(answer.status == .notFound, "\(path)")
                #expect(answer.json?["Message"] != nil, "\(path)")
            }
            let malformed = try await fixture.send(.POST, "/2015-03-31/functions/%zz/invocations")
            #expect(malformed.status == .badRequest)
        }
    }

    @Test(arguments: [
        ("Go", "Runtime.Unsupported", "the runtime 'go1.x' of the function 'Go' does not run here"),
        ("Image", "Runtime.Unsupported", "the function 'Image' names no runtime"),
        ("NoCode", "Runtime.InvalidEntrypoint", "the code of the function 'NoCode' is not on this machine"),
        ("Gone", "Runtime.InvalidEntrypoint", "the code of the function 'Gone' is no directory"),
        ("NoBootstrap", "Runtime.InvalidEntrypoint", "Couldn't find valid bootstrap(s)"),
    ])
    func functionsThatCannotRun(name: String, type: String, message: String) async throws {
        try await withHost { fixture in
            let answer = try await fixture.invoke(name)
            #expect(answer.status == .ok)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == type)
            #expect(answer.text("errorMessage")?.contains(message) == true)
            let isSaid = try await eventually {
                fixture.log.lines.contains {
                    $0.message == "function cannot run here" && $0.metadata["function"] == name
                        && $0.metadata["reason"]?.contains(message) == true
                }
            }
            #expect(isSaid)
        }
    }

    @Test func ownBootstrap() async throws {
        try await HostFixture.withDirectory { directory in
            let program = """
                #!/usr/bin/env python3
                import http.client, os
                connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
                prefix = "/2018-06-01/runtime/invocation/"
                while True:
                    connection.request("GET", prefix + "next")
                    answer = connection.getresponse()
                    event = answer.read()
                    id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
                    connection.request("POST", prefix + "other/response", b"1")
                    wrong = connection.getresponse().read()
                    connection.request("GET", prefix + "next")
                    early = connection.getresponse().read()
                    body = b'{"event":%s,"wrong":%s,"early":%s}' % (event, wrong, early)
                    connection.request("POST", prefix + id + "/response", body)
                    connection.getresponse().read()
                """
            try HostFixture.write(program, to: "\(directory)/b/bootstrap")
            chmod("\(directory)/b/bootstrap", 0o755)
            let function = #""Boot": {"runtime": "provided.al2023", "handler": "x", "code": "\#(directory)/b"}"#
            try await HostFixture.withHost(function, files: [:]) { fixture in
                let answer = try await fixture.invoke("Boot", #"{"a": 1}"#)
                #expect(answer.json?["event"] == ["a": 1])
                #expect(answer.json?["wrong"]?["errorType"] == "InvalidRequestID")
                #expect(answer.json?["early"]?["errorType"] == "InvalidStateTransition")
            }
        }
    }
}
