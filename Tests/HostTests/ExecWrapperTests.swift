// What a function puts before its runtime, and a runtime that a layer brings.

import Testing

@testable import Host

@Suite(.serialized) struct ExecWrapperTests {
    private static let app = """
        import os, sys
        def handler(event, context):
            return [os.environ.get("WRAPPED"), sys.dont_write_bytecode]
        """

    private static func wrapper(_ word: String) -> String {
        """
        #!/bin/sh
        WRAPPED="\(word) $(basename "$1") $(basename "$2") $#" exec "$@"
        """
    }

    @Test(arguments: [
        ("/opt/wrap", "layer python3.12 bootstrap.py 2"), ("/var/task/wrap", "code python3.12 bootstrap.py 2"),
        ("wrap", "code python3.12 bootstrap.py 2"),
    ])
    func wrapsTheRuntime(path: String, words: String) async throws {
        let function = """
            "F": {"runtime": "python3.12", "handler": "app.handler", "code": "code", "layers": ["layer"],
                  "environment": {"AWS_LAMBDA_EXEC_WRAPPER": "\(path)"}}
            """
        let files = [
            "code/app.py": Self.app, "code/wrap": Self.wrapper("code"), "layer/wrap": Self.wrapper("layer"),
        ]
        try await HostFixture.withHost(function, files: files, programs: ["code/wrap", "layer/wrap"]) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.body == "[\"\(words)\", true]")
        }
    }

    @Test func whatCannotBeExecutedIsSaid() async throws {
        let function = """
            "F": {"runtime": "python3.12", "handler": "app.handler", "code": "code",
                  "environment": {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap"}}
            """
        let files = ["code/app.py": Self.app, "code/wrap": ""]
        try await HostFixture.withHost(function, files: files) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.text("errorType") == "Runtime.InvalidEntrypoint")
            #expect(
                answer.text("errorMessage")?.hasSuffix(
                    "the wrapper '/var/task/wrap' that AWS_LAMBDA_EXEC_WRAPPER names cannot be executed: "
                        + "'\(fixture.directory)/code/wrap': Permission denied"
                ) == true,
                "\(answer.body)"
            )
        }
    }

    @Test func aLayerBringsTheRuntime() async throws {
        let functions = """
            "F": {"runtime": "provided.al2023", "handler": "h", "code": "code", "layers": ["layer"]},
            "G": {"runtime": "provided.al2023", "handler": "h", "code": "own", "layers": ["layer"]},
            "H": {"runtime": "provided.al2023", "handler": "h", "code": "code"}
            """
        let runtime = """
            #!/usr/bin/env python3
            import http.client, os
            connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            while True:
                connection.request("GET", "/2018-06-01/runtime/invocation/next")
                answer = connection.getresponse()
                answer.read()
                request = answer.headers["Lambda-Runtime-Aws-Request-Id"]
                connection.request("POST", "/2018-06-01/runtime/invocation/%s/response" % request, WORD)
                connection.getresponse().read()
            """
        let files = [
            "code/data": "", "layer/bootstrap": runtime.replacing("WORD", with: "'1'"),
            "own/bootstrap": runtime.replacing("WORD", with: "'2'"),
        ]
        try await HostFixture.withHost(
            functions,
            files: files,
            programs: ["layer/bootstrap", "own/bootstrap"]
        ) { fixture in
            #expect(try await fixture.invoke("F").body == "1")
            #expect(try await fixture.invoke("G").body == "2")
            let answer = try await fixture.invoke("H")
            #expect(answer.text("errorMessage")?.contains("Couldn't find valid bootstrap(s)") == true, "\(answer.body)")
        }
    }
}
